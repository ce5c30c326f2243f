"""Helpers of the files' tests: a database is used, and its files are looked at."""

from __future__ import annotations

import stat
from pathlib import Path

from storage.database import Database
from storage.people import topics
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW


def add(database: Database, name: str = "Bridges") -> None:
    database.write(topics.add, SOLE_OWNER, database.packs, name, "bridge", NOW)


def names(database: Database) -> list[str]:
    return [topic.name for topic in database.read(topics.every, SOLE_OWNER)]


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
