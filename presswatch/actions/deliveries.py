"""What a person can do with deliveries: see each attempt to tell him, and what the other side said."""

from __future__ import annotations

from storage.database import Database
from storage.outbox import delivery_log
from storage.outbox.delivery_log import LoggedDelivery


async def listing(
    database: Database, owner: int, limit: int = 50, before: int | None = None
) -> tuple[LoggedDelivery, ...]:
    """The newest deliveries to the owner's channels; `before` is the id of one: only those begun before it."""
    return await database.read_async(delivery_log.listing, owner, limit, before)
