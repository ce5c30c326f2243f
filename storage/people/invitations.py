"""Links that work once: for the first owner, for somebody who is invited, for a lost password.

Only the digest of a link's secret is stored. Looking at a link uses nothing up; setting a password does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage.people import bearers
from storage.tables import invitations
from storage.types import SOLE_OWNER, Invitation, Role

LASTS = timedelta(days=2)
FIRST_LASTS = timedelta(hours=1)
"""The first one stands in a log."""


def make(
    connection: Connection, role: Role, now: datetime, *, user_id: int | None = None, lasts: timedelta = LASTS
) -> str:
    """A new link for somebody who gets this role, or for a user who sets another password; return its secret.

    A user has one at a time.
    """
    connection.execute(delete(invitations).where(invitations.c.expires_at <= now))
    if user_id is not None:
        connection.execute(delete(invitations).where(invitations.c.user_id == user_id))
    secret = bearers.new()
    connection.execute(
        insert(invitations).values(
            digest=bearers.digest(secret), role=role, user_id=user_id, created_at=now, expires_at=now + lasts
        )
    )
    return secret


def make_first(connection: Connection, now: datetime) -> str:
    """A new link that makes the first owner; the one before works no more."""
    return make(connection, Role.OWNER, now, user_id=SOLE_OWNER, lasts=FIRST_LASTS)


def find(connection: Connection, secret: str, now: datetime) -> Invitation | None:
    """The link of that secret, while it holds and nobody has used it."""
    row = connection.execute(
        select(invitations).where(
            invitations.c.digest == bearers.digest(secret),
            invitations.c.expires_at > now,
            invitations.c.used_at.is_(None),
        )
    ).first()
    return Invitation(row.id, Role(row.role), row.user_id, row.created_at, row.expires_at) if row else None


def every(connection: Connection, now: datetime) -> tuple[Invitation, ...]:
    """The links that somebody can still use, the newest first."""
    open_ones = (invitations.c.expires_at > now) & invitations.c.used_at.is_(None)
    rows = connection.execute(select(invitations).where(open_ones).order_by(invitations.c.id.desc()))
    return tuple(Invitation(row.id, Role(row.role), row.user_id, row.created_at, row.expires_at) for row in rows)


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
