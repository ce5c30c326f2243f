"""What a person or a program follows as it comes in: new statements and edits."""

from __future__ import annotations

from storage.database import Database
from storage.items import news
from storage.types import Item


async def since(database: Database, version_id: int, limit: int = 100) -> tuple[Item, ...]:
    """The statements that were stored or edited after a version, the oldest first."""
    return await database.read_async(news.since, version_id, limit)


async def newest(database: Database) -> int:
    """The id of the version that was stored last; 0 where there is none."""
    return await database.read_async(news.newest)
