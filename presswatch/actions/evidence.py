"""What can be done with the evidence: verify it, say where its chain ends, take that of a statement out."""

from __future__ import annotations

from importlib.metadata import version

from sqlalchemy import Connection

from presswatch import representations
from presswatch.actions.items import Which, named
from presswatch.formats import evidence
from storage.clock import now
from storage.database import Database, Progress
from storage.errors import NotFoundError
from storage.items import items, withdrawals
from storage.items.evidence import exporting, rows
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


async def records(database: Database, which: Which) -> tuple[Chained, ...]:
    """The records of a statement's versions, in their order. Raises `NotFoundError`, `InvalidInputError`."""
    return await database.read_async(lambda connection: rows.of_item(connection, named(connection, which).id))


async def export(database: Database, which: Which) -> tuple[int, dict[str, bytes]]:
    """The number of a statement, and by their names the files that prove what it said.

    Raises `NotFoundError` where there is no evidence of it, `InvalidInputError` where that is not as it was written.
    """
    return await database.read_async(_files, EvidenceFolder.within(database.path.parent), which)


def _files(connection: Connection, folder: EvidenceFolder, which: Which) -> tuple[int, dict[str, bytes]]:
    item = named(connection, which)
    said = items.history(connection, item.id)
    sections, states = items.sections(connection, item.id), withdrawals.history(connection, item.id)
    shown = representations.shown_item(item, item.version, said, sections, states)
    taken = exporting.take_out(connection, folder, item.id)
    at = now().isoformat(timespec="seconds")
    return item.id, evidence.files(shown, said, taken, version("presswatch"), at)


async def heads(database: Database) -> tuple[Chained, ...]:
    """The last record of each node: its digest stands for all that was recorded until then."""
    return await database.read_async(rows.last_of_each)
