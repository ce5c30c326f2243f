"""Questions about who a user is to a directory: to its issuer, by the subject that it never gives to anybody else.

A mail address or a name is no identity: both are given to others after some time (OpenID Connect Core 1.0, 5.7).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.errors import InvalidInputError
from storage.people import rows
from storage.tables import identities, users
from storage.types import User


def find(connection: Connection, issuer: str, subject: str) -> User | None:
    """The user who is this subject to that issuer, or None."""
    row = connection.execute(
        select(*(users.c[name] for name in rows.USER))
        .join(identities, identities.c.user_id == users.c.id)
        .where(identities.c.issuer == issuer, identities.c.subject == subject, users.c.removed_at.is_(None))
    ).first()
    return rows.user_of(row) if row else None


def is_linked(connection: Connection, user_id: int, issuer: str) -> bool:
    """Whether this issuer lets the user in."""
    known = select(identities.c.id).where(identities.c.user_id == user_id, identities.c.issuer == issuer)
    return connection.execute(known).first() is not None


def link(connection: Connection, user_id: int, issuer: str, subject: str, now: datetime) -> None:
    """Let this subject of the issuer's in as the user. Raises `InvalidInputError` where it lets in another one."""
    known = find(connection, issuer, subject)
    if known is not None and known.id != user_id:
        raise InvalidInputError("the directory lets in another user by that", mend="sign out there, and in as yourself")
    if known is None:
        connection.execute(insert(identities).values(user_id=user_id, issuer=issuer, subject=subject, linked_at=now))


def unlink_all(connection: Connection, user_id: int) -> None:
    """Let nobody in as the user any more by a directory."""
    connection.execute(delete(identities).where(identities.c.user_id == user_id))
