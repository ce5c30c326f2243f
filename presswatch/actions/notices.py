"""What the operator can do with notices: see what there was to tell, and whether it was told."""

from __future__ import annotations

from storage.database import Database
from storage.operator import notices
from storage.operator.notices import Notice


async def listing(database: Database, owner: int, limit: int = 50, before: int | None = None) -> tuple[Notice, ...]:
    """The newest notices: of sources, of our own, and of the owner's channels; `before` is the id of one."""
    return await database.read_async(notices.listing, owner, limit, before)
