"""Questions about revisits: which known items are to be read again, and what that showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from storage.items.items import item_of, items_with_versions
from storage.sources.rows import source_of
from storage.tables import items, sources
from storage.types import FORGOTTEN, Item, Source, Validators


@dataclass(frozen=True, slots=True)
class Revisit:
    """A known item whose page is to be read again."""

    item: Item
    source: Source
    validators: Validators
    revisits: int


LOOKED_AT = 10_000
"""Items, the longest waiting ones, among which one of each source is sought."""

DISABLED_WAIT = timedelta(days=1)
"""How long an item of a source that is polled no longer waits until it is looked at again."""


def due(connection: Connection, now: datetime, limit: int = 64) -> tuple[Revisit, ...]:
    """Known items whose pages are to be read again: of each source the one that waits the longest, `limit` at most.

    What is due is found by its time, so that what is not due costs nothing, however much of it there is.
    """
    is_polled = sources.c.enabled & sources.c.removed_at.is_(None)
    first = select(items.c.id, items.c.source_id, items.c.next_revisit_at).where(items.c.next_revisit_at <= now)
    first = first.join(sources, sources.c.id == items.c.source_id).where(is_polled)
    looked_at = first.order_by(items.c.next_revisit_at).limit(LOOKED_AT).subquery()
    order = (looked_at.c.next_revisit_at, looked_at.c.id)
    place = func.row_number().over(partition_by=looked_at.c.source_id, order_by=order).label("place")
    waiting = select(looked_at.c.id, looked_at.c.next_revisit_at, place).subquery()
    longest = select(waiting.c.id).where(waiting.c.place == 1).order_by(waiting.c.next_revisit_at).limit(limit)
    rows = connection.execute(
        items_with_versions()
        .add_columns(items.c.etag, items.c.last_modified, items.c.revisits)
        .where(items.c.id.in_(longest))
    ).all()
    theirs = select(sources).where(sources.c.id.in_({row.source_id for row in rows}))
    by_id = {row.id: source_of(row) for row in connection.execute(theirs)} if rows else {}
    return tuple(
        Revisit(item_of(row), by_id[row.source_id], Validators(row.etag, row.last_modified), row.revisits)
        for row in rows
    )


def pass_over(connection: Connection, now: datetime) -> int:
    """Put off what is due of sources that are polled no longer, so that no look goes over it; return how many."""
    unpolled = select(sources.c.id).where(~sources.c.enabled | sources.c.removed_at.is_not(None))
    theirs = (items.c.next_revisit_at <= now) & items.c.source_id.in_(unpolled)
    return connection.execute(update(items).where(theirs).values(next_revisit_at=now + DISABLED_WAIT)).rowcount


def revisited(
    connection: Connection,
    item_id: int,
    *,
    next_revisit_at: datetime | None,
    validators: Validators = FORGOTTEN,
    withdrawn_at: datetime | None = None,
) -> None:
    """Note that an item was read again, with the page's validators, and whether it is there."""
    connection.execute(
        update(items)
        .where(items.c.id == item_id)
        .values(
            revisits=items.c.revisits + 1,
            next_revisit_at=next_revisit_at,
            etag=validators.etag,
            last_modified=validators.last_modified,
            withdrawn_at=withdrawn_at,
        )
    )


def postpone(connection: Connection, item_id: int, next_revisit_at: datetime | None) -> None:
    """Note that an item was to be read again, but that its page said nothing about it."""
    connection.execute(
        update(items)
        .where(items.c.id == item_id)
        .values(revisits=items.c.revisits + 1, next_revisit_at=next_revisit_at)
    )
