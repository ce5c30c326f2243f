"""Questions about revisits: which known items are to be read again, and what that showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from storage.items.items import item_of, items_with_versions
from storage.tables import items
from storage.types import FORGOTTEN, Item, Source, Validators


@dataclass(frozen=True, slots=True)
class Revisit:
    """A known item whose page is to be read again."""

    item: Item
    source: Source
    validators: Validators
    revisits: int


def due(connection: Connection, sources_by_id: dict[int, Source], now: datetime) -> tuple[Revisit, ...]:
    """Known items whose pages are to be read again: of each source the one that waits the longest."""
    due = items.c.next_revisit_at <= now, items.c.source_id.in_(list(sources_by_id))
    place = func.row_number().over(partition_by=items.c.source_id, order_by=items.c.next_revisit_at).label("place")
    waiting = select(items.c.id, place).where(*due).subquery()
    rows = connection.execute(
        items_with_versions()
        .add_columns(items.c.etag, items.c.last_modified, items.c.revisits)
        .join(waiting, waiting.c.id == items.c.id)
        .where(waiting.c.place == 1)
    )
    return tuple(
        Revisit(item_of(row), sources_by_id[row.source_id], Validators(row.etag, row.last_modified), row.revisits)
        for row in rows
    )


def withdrawn_since(connection: Connection, source_id: int, since: datetime) -> int:
    """How many statements of a source were found gone since then."""
    gone = select(func.count()).where(items.c.source_id == source_id, items.c.withdrawn_at >= since)
    return connection.execute(gone).scalar_one()


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
