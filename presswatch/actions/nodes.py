"""What the operator can see of nodes."""

from __future__ import annotations

from storage.database import Database
from storage.operator import nodes
from storage.types import NodeRecord


async def listing(database: Database) -> tuple[NodeRecord, ...]:
    """The nodes that stand, and those that have ended in the last days; the last to join first."""
    return await database.read_async(nodes.listing)
