"""The evidence in a backup: taken along, verified, and put in its place."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

from storage.database import Database
from storage.items.evidence import copying, rows
from storage.items.evidence.folder import FOLDER, EvidenceFolder
from storage.items.evidence.verifying import verify
from storage.people.keyring import Keyring
from storage.tables import evidence


def take_along(data: Path, to: Path, keyring: Keyring) -> None:
    """Copy from a data folder what the database in the folder `to` knows of. Raises `OSError`, `StorageError`."""
    with Database(to, keyring=keyring) as database:
        database.read(copying.copy, EvidenceFolder.within(data), EvidenceFolder.within(to))


def is_in(folder: Path) -> bool:
    """Whether an unpacked backup has any."""
    return (folder / FOLDER).is_dir()


def count(connection: Connection) -> int:
    """How many records a database knows of; one of an older presswatch of none."""
    return sum(rows.heads(connection).values()) if inspect(connection).has_table(evidence.name) else 0


def altered(connection: Connection, data: Path) -> tuple[str, ...]:
    """What of the evidence in a data folder is not as its database says that it was written."""
    if not count(connection):
        return ()
    found = verify(connection, EvidenceFolder.within(data), shared=False, progress=lambda done, total: None)
    return tuple(map(str, found.faults))


def put_in_place(new: Path, data: Path, aside: Path) -> None:
    """Put the evidence of an unpacked backup into a data folder, and what was there aside. Raises `OSError`."""
    if not is_in(new):
        return
    if (data / FOLDER).exists():
        (data / FOLDER).rename(aside / FOLDER)
    (new / FOLDER).rename(data / FOLDER)
