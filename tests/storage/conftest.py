"""What is stored is stored alike in both databases: each test has one of either kind, unless it says otherwise."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.opening import open_database
from tests.fakes import postgres

OF_FILES = frozenset({"backups", "database", "migrations"})
"""Folders of tests about files."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `sqlite`, and what is about files, has nothing to say of a server."""
    here = Path(__file__).parent
    of_server = [
        item
        for item in items
        if item.path.is_relative_to(here)
        and getattr(item, "callspec", None) is not None
        and item.callspec.params.get("database") == "postgresql"  # type: ignore[attr-defined]
        and (item.get_closest_marker("sqlite") or item.path.relative_to(here).parts[0] in OF_FILES)
    ]
    config.hook.pytest_deselected(items=of_server)
    items[:] = [item for item in items if item not in set(of_server)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, _empty: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database, of either kind."""
    if request.param == "sqlite":
        shutil.copy(_empty, tmp_path)
        with open_database(tmp_path) as database:
            yield database
        return
    server: postgres.PostgreSQL = request.getfixturevalue("server")
    with open_database(tmp_path, address=server.lend()) as database:
        yield database
    server.take_back()
