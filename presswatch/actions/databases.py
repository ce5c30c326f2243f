"""What the operator can do with whole databases: move everything from one into another."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path

from storage.copying import copying
from storage.copying.copying import Copy
from storage.database import Database, Named, Progress, is_there, is_watched, named
from storage.errors import NotFoundError
from storage.items.evidence.folder import EvidenceFolder
from storage.opening import open_database


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that is whole, and where it is."""

    copy: Copy
    source: str
    target: str
    folder: Path
    """In which the keys of the new database are."""
    is_watched: bool
    """Whether a process goes on watching with the old one."""
    evidence: Path | None
    """The old folder's evidence, which stays where it is; None where there is none, or the folder is the same."""


async def copy(source: str, target: str, keys: Path, copies: Progress, verifies: Progress) -> Copied:
    """Copy the database that one text names into the empty one that another names: `postgresql://...`, or a path.

    `keys` is the folder with the keys of a server's database. It may be broken off at any moment and done again.
    Raises `NotFoundError`, `InvalidInputError`, `StorageError`.
    """
    old, new = named(source, keys), named(target, keys)
    if not (old.address or is_there(old.folder)):
        raise NotFoundError(f"there is no database in {old.folder}", mend="name the folder where it is")
    stopped = threading.Event()

    def until_stopped(told: Progress) -> Progress:
        def tell(done: int, total: int) -> None:
            if stopped.is_set():
                raise KeyboardInterrupt
            told(done, total)

        return tell

    try:
        return await asyncio.to_thread(_copied, old, new, until_stopped(copies), until_stopped(verifies))
    finally:
        stopped.set()


def _copied(old: Named, new: Named, copies: Progress, verifies: Progress) -> Copied:
    with (
        open_database(old.folder, address=old.address) as source,
        Database(new.folder, address=new.address) as target,
    ):
        made = copying.copy(source, target, copies, verifies)
    evidence = EvidenceFolder.within(old.folder).path
    left = evidence if evidence.exists() and not old.folder.samefile(new.folder) else None
    return Copied(made, str(source.place), str(target.place), new.folder, is_watched(old.folder), left)
