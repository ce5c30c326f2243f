"""A database in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.opening import open_database
from tests.storage.database.using import add, names


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Database]:
    """A database that is written and read, as in a process that runs."""
    with open_database(tmp_path / "data") as database:
        add(database)
        assert names(database) == ["Bridges"]
        yield database
