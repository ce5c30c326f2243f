"""Helpers of the backups' tests: one is made, restored, and looked into."""

from __future__ import annotations

import io
import tarfile
from datetime import timedelta
from pathlib import Path

from storage.backups import backups
from storage.backups.archive import Backup
from storage.database import Database
from storage.items import items
from storage.opening import open_database
from storage.people import channels, topics
from storage.people.keyring import Keyring
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW

ADDRESS = "json://hook.example.org/token"
LATER = NOW + timedelta(days=3)
OWN_PACK = 'name = "MINE"\ndescription = "ours"\n'


def backed_up(database: Database, to: Path, *, replace: bool = False) -> Backup:
    return backups.make(database, to, "0.1.0", NOW, replace=replace)


def restored(file: Path, folder: Path, *, replace: bool = False) -> Backup:
    return backups.restore(file, folder, Keyring(folder), folder / "aliases", LATER, replace=replace)


def seen(folder: Path) -> tuple[int, list[str], list[str]]:
    """How many statements, which topics, and which addresses of channels a data folder holds."""
    with open_database(folder) as database:
        return (
            database.read(items.count),
            [topic.name for topic in database.read(topics.every, SOLE_OWNER)],
            [database.keyring.open(channel.address) for channel in database.read(channels.every, SOLE_OWNER)],
        )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def packed(file: Path, files: dict[str, bytes]) -> Path:
    """An archive of these files, in this order."""
    with tarfile.open(file, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file
