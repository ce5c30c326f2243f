"""What can be done with the evidence: verify it, and say where its chain ends."""

from __future__ import annotations

from storage.database import Database, Progress
from storage.errors import NotFoundError
from storage.items.evidence import rows
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.rows import Chained
from storage.items.evidence.verifying import Verified
from storage.items.evidence.verifying import verify as verify_all


async def verify(database: Database, progress: Progress = lambda done, total: None) -> Verified:
    """Look whether the evidence is as it was written, and the texts that were read from it; `progress` is told records.

    Raises `StorageError`.
    """
    folder, shared = EvidenceFolder.within(database.path.parent), bool(database.place.address)
    return await database.read_async(verify_all, folder, shared=shared, progress=progress)


async def kept_head(database: Database, digest: str) -> Chained:
    """The record whose digest somebody has kept. Raises `NotFoundError` where the chain has none such."""
    found = await database.read_async(rows.find, digest.strip().lower())
    if found is None:
        raise NotFoundError(
            f"no record has the digest {digest}",
            mend="compare it with what was kept, letter by letter; if it is right, the chain is not the one of then",
        )
    return found


async def heads(database: Database) -> tuple[Chained, ...]:
    """The last record of each node: its digest stands for all that was recorded until then."""
    return await database.read_async(rows.last_of_each)
