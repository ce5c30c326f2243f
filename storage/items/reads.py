"""Questions about what somebody has marked as read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.database import insert_or_replace
from storage.tables import reads, versions


def mark(connection: Connection, owner: int, item_ids: Collection[int], now: datetime) -> None:
    """Note that the owner has read these statements, as they are now; those that do not exist are left out."""
    current = select(versions.c.item_id, versions.c.number).where(
        versions.c.current, versions.c.item_id.in_(list(item_ids))
    )
    rows = [
        {"owner_id": owner, "item_id": row.item_id, "number": row.number, "read_at": now}
        for row in connection.execute(current)
    ]
    insert_or_replace(connection, reads, rows, unique=("owner_id", "item_id"))


def unmark(connection: Connection, owner: int, item_ids: Collection[int]) -> None:
    """Forget that the owner has read these statements."""
    connection.execute(delete(reads).where(reads.c.owner_id == owner, reads.c.item_id.in_(list(item_ids))))


def read(connection: Connection, owner: int, item_ids: Collection[int]) -> frozenset[int]:
    """Which of these statements the owner has read as they are now: an edit makes one unread."""
    as_it_is = (versions.c.item_id == reads.c.item_id) & versions.c.current & (versions.c.number == reads.c.number)
    return frozenset(
        connection.scalars(
            select(reads.c.item_id)
            .join(versions, as_it_is)
            .where(reads.c.owner_id == owner, reads.c.item_id.in_(list(item_ids)))
        )
    )
