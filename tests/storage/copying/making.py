"""Helpers of the copies' tests: one is made, and what databases hold is looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from storage.copying.copying import Copy, copy
from storage.database import Database, Progress
from storage.database.files import NAME
from storage.search.search import SearchPage, search
from storage.tables import metadata

QUESTIONS = (
    "csto",
    "sanctions AND NOT train",
    '"student visas"',
    "=Notes",
    "title:ferry",
    "notes NEAR/3 hand",
    "garden*",
)
"""Searches that ask either index, places, and the texts."""


def copied(source: Database, target: Database, told: Progress = lambda done, total: None) -> Copy:
    return copy(source, target, told, lambda done, total: None)


def stands(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a file as SQLite has it, by table; the indexes of the texts are its own."""
    with closing(sqlite3.connect(folder / NAME)) as connection:
        names = [table.name for table in metadata.sorted_tables]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def told(database: Database) -> dict[str, list[Any]]:
    """Every row of any database as our tables read it."""
    return {table.name: sorted(database.read(_rows, table), key=repr) for table in metadata.sorted_tables}


def _rows(connection: Connection, table: Table) -> Sequence[Any]:
    return connection.execute(select(table)).all()


def answers(database: Database, *questions: str) -> dict[str, SearchPage]:
    """What it finds."""
    return {asked: database.read(search, database.packs, asked, limit=100) for asked in questions or QUESTIONS}
