"""Questions about sessions: who is signed in. Only the digest of a session's secret is stored.

A session ends at its latest after `LONGEST`, and after `IDLE` without use; it ends when its user signs out, gets
another password or is removed. Signing in always begins a new one, under a new secret, and ends the one that was
brought along: a secret that somebody planted before is worth nothing after it (OWASP, session fixation).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from storage.errors import NotFoundError
from storage.people import bearers
from storage.people.rows import USER, user_of
from storage.tables import sessions, users
from storage.types import UNKNOWN_BROWSER, Browser, Session

LONGEST = timedelta(days=30)
IDLE = timedelta(days=7)

LONGEST_AGENT = 300
"""Characters that are kept of what a browser says it is."""

NOTED = timedelta(minutes=5)
"""A session that is used is written down again after so long: a page that asks every 20 s writes nothing."""


def begin(
    connection: Connection, user_id: int, now: datetime, *, instead_of: str = "", browser: Browser = UNKNOWN_BROWSER
) -> str:
    """Sign a user in; return the new session's secret. `instead_of` is the secret of a session that this ends.

    Whatever is over is forgotten by the way.
    """
    if instead_of:
        end(connection, instead_of)
    connection.execute(delete(sessions).where(_over(now)))
    secret = bearers.new()
    connection.execute(
        insert(sessions).values(
            user_id=user_id,
            digest=bearers.digest(secret),
            begun_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
            agent=browser.agent[:LONGEST_AGENT],
            address=browser.address,
        )
    )
    return secret


def find(connection: Connection, secret: str, now: datetime) -> Session | None:
    """The session of that secret, while it holds and its user is not removed; else None."""
    return next(iter(_those(connection, sessions.c.digest == bearers.digest(secret), now)), None)


def every(connection: Connection, user_id: int, now: datetime) -> tuple[Session, ...]:
    """A user's sessions that hold, the one used last first."""
    return _those(connection, sessions.c.user_id == user_id, now)


def _those(connection: Connection, which: ColumnElement[bool], now: datetime) -> tuple[Session, ...]:
    rows = connection.execute(
        select(sessions, *(users.c[name].label(f"user_{name}") for name in USER if name != "id"))
        .join(users, users.c.id == sessions.c.user_id)
        .where(which, ~_over(now), users.c.removed_at.is_(None))
        .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
    )
    return tuple(
        Session(
            row.id,
            user_of(row, "user_"),
            row.begun_at,
            row.seen_at,
            row.expires_at,
            Browser(row.agent or "", row.address or ""),
        )
        for row in rows
    )


def seen(connection: Connection, session: Session, now: datetime) -> None:
    """Note that a session is used. What was noted within `NOTED` is not again."""
    if now - session.seen_at >= NOTED:
        connection.execute(update(sessions).where(sessions.c.id == session.id).values(seen_at=now))


def end(connection: Connection, secret: str) -> None:
    """Sign out. A session that there is not is as good as ended."""
    connection.execute(delete(sessions).where(sessions.c.digest == bearers.digest(secret)))


def end_one(connection: Connection, user_id: int, session_id: int) -> None:
    """Sign a user out at one browser. Raises `NotFoundError` where that is no session of his."""
    his = (sessions.c.id == session_id) & (sessions.c.user_id == user_id)
    if not connection.execute(delete(sessions).where(his)).rowcount:
        raise NotFoundError("there is no such session any more", mend="look at those that there are")


def end_all(connection: Connection, user_id: int, *, but: str = "") -> int:
    """End a user's sessions, all but the one of that secret; return how many."""
    his = (sessions.c.user_id == user_id) & (sessions.c.digest != bearers.digest(but))
    return connection.execute(delete(sessions).where(his)).rowcount


def last_seen(connection: Connection) -> dict[int, datetime]:
    """When each user who has a session used it last."""
    rows = connection.execute(select(sessions.c.user_id, sessions.c.seen_at).order_by(sessions.c.seen_at))
    return {row.user_id: row.seen_at for row in rows}


def _over(now: datetime) -> ColumnElement[bool]:
    return or_(sessions.c.expires_at <= now, sessions.c.seen_at <= now - IDLE)
