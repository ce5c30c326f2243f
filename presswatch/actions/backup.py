"""What the operator can do against loss: make a backup while presswatch runs, verify one, bring one back."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from pathlib import Path

from storage.backups import backups
from storage.backups.archive import Backup
from storage.clock import now
from storage.database import Database
from storage.people.keyring import Keyring


async def make(database: Database, to: Path, *, replace: bool = False, evidence: bool = True) -> tuple[Path, Backup]:
    """Write a backup to a file, or under a name of its own into a folder; returns where it is, and what.

    Without `evidence` that stays where it is.

    Raises `InvalidInputError`, `StorageError`.
    """
    at = now()
    file = to / f"presswatch-{at:%Y%m%dT%H%M%SZ}.tar.gz" if to.is_dir() else to
    made = await asyncio.to_thread(
        backups.make, database, file, version("presswatch"), at, replace=replace, evidence=evidence
    )
    return file, made


async def check(file: Path, folder: Path) -> Backup:
    """Verify a backup as it would be brought back into a data folder. Raises `InvalidInputError`, `StorageError`."""
    return await asyncio.to_thread(backups.check, file, Keyring(folder))


async def restore(file: Path, folder: Path, aliases: Path, *, replace: bool = False) -> Backup:
    """Bring a backup back into a data folder that no process uses. Raises `InvalidInputError`, `StorageError`."""
    return await asyncio.to_thread(backups.restore, file, folder, Keyring(folder), aliases, now(), replace=replace)
