"""Links that work once: for the first owner, for somebody who is invited, for a lost password.

Only the digest of a link's secret is stored. Looking at a link uses nothing up; setting a password does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true, update

from storage.people import bearers
from storage.tables import invitations
from storage.types import SOLE_OWNER, Invitation, Role

LASTS = timedelta(days=2)
FIRST_LASTS = timedelta(hours=1)
"""The first one stands in a log."""


def make(
    connection: Connection,
    role: Role,
    now: datetime,
    *,
    user_id: int | None = None,
    lasts: timedelta = LASTS,
    mail: str = "",
) -> str:
    """A new link for somebody who gets this role, or for a user who sets another password; return its secret.

    A user has one at a time, and so has an address `mail` of the directory.
    """
    connection.execute(delete(invitations).where(invitations.c.expires_at <= now))
    if user_id is not None:
        connection.execute(delete(invitations).where(invitations.c.user_id == user_id))
    if mail:
        connection.execute(delete(invitations).where(invitations.c.mail == mail_key(mail)))
    secret = bearers.new()
    connection.execute(
        insert(invitations).values(
            digest=bearers.digest(secret),
            role=role,
            user_id=user_id,
            created_at=now,
            expires_at=now + lasts,
            mail=mail_key(mail) or None,
        )
    )
    return secret


def make_first(connection: Connection, now: datetime) -> str:
    """A new link that makes the first owner; the one before works no more."""
    return make(connection, Role.OWNER, now, user_id=SOLE_OWNER, lasts=FIRST_LASTS)


def find(connection: Connection, secret: str, now: datetime) -> Invitation | None:
    """The link of that secret, while it holds and nobody has used it."""
    return next(iter(_those(connection, invitations.c.digest == bearers.digest(secret), now)), None)


def of_mail(connection: Connection, mail: str, now: datetime) -> Invitation | None:
    """The invitation of this address of the directory, while it holds."""
    return next(iter(_those(connection, invitations.c.mail == mail_key(mail), now)), None)


def every(connection: Connection, now: datetime) -> tuple[Invitation, ...]:
    """The links that somebody can still use, the newest first."""
    return _those(connection, true(), now)


def mail_key(mail: str) -> str:
    """By which an address is known again: directories and people write it in either case."""
    return mail.strip().casefold()


def _those(connection: Connection, which: ColumnElement[bool], now: datetime) -> tuple[Invitation, ...]:
    open_ones = (invitations.c.expires_at > now) & invitations.c.used_at.is_(None)
    rows = connection.execute(select(invitations).where(which, open_ones).order_by(invitations.c.id.desc()))
    return tuple(
        Invitation(row.id, Role(row.role), row.user_id, row.created_at, row.expires_at, row.mail or "") for row in rows
    )


def use(connection: Connection, invitation: Invitation, now: datetime) -> bool:
    """Use it up; whether nobody had."""
    unused = (invitations.c.id == invitation.id) & invitations.c.used_at.is_(None)
    return connection.execute(update(invitations).where(unused).values(used_at=now)).rowcount == 1


def withdraw(connection: Connection, invitation_id: int) -> None:
    """Let a link work no more."""
    connection.execute(delete(invitations).where(invitations.c.id == invitation_id))


def withdraw_of(connection: Connection, user_id: int) -> None:
    """Let no link work any more by which the user would set another password."""
    connection.execute(delete(invitations).where(invitations.c.user_id == user_id))
