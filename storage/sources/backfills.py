"""Questions about backfills: how far back a source has been read, and who is reading it now.

A backfill is one row from its start to its end, through every stop in between: the row says which page comes next, its
sightings say which articles are still to be read. At most one of a source is open at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from storage.errors import InvalidInputError
from storage.leases import SOURCE_LEASE
from storage.tables import backfills, sightings, sources
from storage.types import Source


@dataclass(frozen=True, slots=True)
class Backfill:
    """A source's past, read back to a day or on the way there."""

    id: int
    source_id: int
    source_key: str
    since: date
    started_at: datetime
    ended_at: datetime | None
    next_page: str
    """What is read next: the address of a page, or a day of the search form and its page; empty: the first."""
    reached: date | None
    """How far back it has come."""
    pages: int
    entries: int
    """How many entries it found that the source did not know."""
    waiting: int
    """How many of their articles are still to be read."""
    reason: str
    """Why it ended or pauses; empty while it is under way."""
    detail: str
    lease_until: datetime | None


def claim(
    connection: Connection,
    source: Source,
    since: date | None,
    owner: str,
    now: datetime,
    is_dead: Callable[[str], bool],
) -> Backfill:
    """Take up the source's open backfill, or begin one, and hold it for `owner`.

    `since` is how far back; None is as far as the open one goes. Where it is earlier than that, the pages are gone
    through anew, because they left out what is older. `is_dead` tells whether the process of that name is gone.
    Raises `InvalidInputError` where another process is at it, or there is none to take up.
    """
    row = connection.execute(
        select(backfills).where(backfills.c.source_id == source.id, backfills.c.ended_at.is_(None))
    ).first()
    if row is not None and _is_held(row, owner, now, is_dead):
        raise InvalidInputError(
            f"another process is reading the past of {source.key}",
            mend="see how far it is with: presswatch backfill --status",
        )
    until = since or (row.since if row is not None else None)
    if until is None:
        raise InvalidInputError(
            f"how far back {source.key} is to be read is not said", mend="say it with --since, such as 2024-01-01"
        )
    held = {"since": until, "reason": "", "detail": "", "lease_owner": owner, "lease_until": now + SOURCE_LEASE}
    if row is None:
        values = {"source_id": source.id, "started_at": now, "pages": 0, "entries": 0, **held}
        begun = connection.execute(insert(backfills).values(**values).returning(backfills.c.id)).scalar_one()
        return get(connection, begun)
    again = {"next_page": None, "reached": None} if until < row.since and not source.spec.search.fields else {}
    connection.execute(update(backfills).where(backfills.c.id == row.id).values(**held, **again))
    return get(connection, row.id)


def get(connection: Connection, backfill_id: int) -> Backfill:
    """The backfill of that id."""
    return _backfill(connection.execute(_all().where(backfills.c.id == backfill_id)).one())


def every(connection: Connection) -> tuple[Backfill, ...]:
    """All backfills, the last one first."""
    return tuple(map(_backfill, connection.execute(_all().order_by(backfills.c.id.desc()))))


def renew(connection: Connection, backfill_id: int, owner: str, now: datetime) -> None:
    """Hold on to a backfill that is under way."""
    held = (backfills.c.id == backfill_id) & (backfills.c.lease_owner == owner)
    connection.execute(update(backfills).where(held).values(lease_until=now + SOURCE_LEASE))


def turn_page(connection: Connection, backfill_id: int, next_page: str, reached: date | None) -> None:
    """Say which page comes next, when all articles of the one before have been read or noted for later."""
    values: dict[str, Any] = {"next_page": next_page or None, "pages": backfills.c.pages + 1}
    if reached is not None:
        earlier = or_(backfills.c.reached.is_(None), backfills.c.reached > reached)
        connection.execute(update(backfills).where(backfills.c.id == backfill_id, earlier).values(reached=reached))
    connection.execute(update(backfills).where(backfills.c.id == backfill_id).values(**values))


def next_attempt(connection: Connection, backfill_id: int) -> datetime | None:
    """When the next article of a backfill that could not be read is tried again; None: there is none."""
    return connection.scalar(
        select(sightings.c.next_attempt_at)
        .where(sightings.c.backfill_id == backfill_id, sightings.c.next_attempt_at.is_not(None))
        .order_by(sightings.c.next_attempt_at)
        .limit(1)
    )


def pause(connection: Connection, backfill_id: int, reason: str, detail: str) -> None:
    """Let go of a backfill that is to be taken up again."""
    free = {"lease_owner": None, "lease_until": None}
    connection.execute(
        update(backfills).where(backfills.c.id == backfill_id).values(reason=reason, detail=detail, **free)
    )


def end(connection: Connection, backfill_id: int, reason: str, detail: str, now: datetime) -> None:
    """Say that the past has been read, and why no further."""
    pause(connection, backfill_id, reason, detail)
    connection.execute(update(backfills).where(backfills.c.id == backfill_id).values(ended_at=now))


def is_polled(connection: Connection, host: str, now: datetime) -> bool:
    """Whether a poll of that host is under way, in whichever process."""
    held = connection.scalars(select(sources.c.address).where(sources.c.lease_until > now))
    return any(urlsplit(address).hostname == host for address in held)


def _is_held(row: Row[Any], owner: str, now: datetime, is_dead: Callable[[str], bool]) -> bool:
    if row.lease_owner is None or row.lease_owner == owner or row.lease_until <= now:
        return False
    return not is_dead(row.lease_owner)


def _all() -> Select[Any]:
    waiting = (
        select(func.count())
        .where(sightings.c.backfill_id == backfills.c.id, sightings.c.next_attempt_at.is_not(None))
        .correlate(backfills)
        .scalar_subquery()
        .label("waiting")
    )
    return select(backfills, sources.c.key.label("source_key"), waiting).join(
        sources, sources.c.id == backfills.c.source_id
    )


def _backfill(row: Row[Any]) -> Backfill:
    return Backfill(
        id=row.id,
        source_id=row.source_id,
        source_key=row.source_key,
        since=row.since,
        started_at=row.started_at,
        ended_at=row.ended_at,
        next_page=row.next_page or "",
        reached=row.reached,
        pages=row.pages,
        entries=row.entries,
        waiting=row.waiting,
        reason=row.reason,
        detail=row.detail,
        lease_until=row.lease_until,
    )
