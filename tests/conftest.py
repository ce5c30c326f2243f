"""What all tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from storage.database import Database
from storage.opening import open_database
from tests.fakes.sinks import HTTPSink

# A shared machine may take its time over an example, and to make it; how long it took proves nothing.
hypothesis.settings.register_profile(
    "presswatch", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("presswatch")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="repeat what is random as often as before a release")
    parser.addoption("--fast", action="store_true", help="leave out what is marked slow")


@pytest.hookimpl(trylast=True)  # what a folder marks is marked by then
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--fast` leave out what is marked slow."""
    if not config.getoption("--fast"):
        return
    if config.getoption("--full"):
        raise pytest.UsageError("--fast and --full exclude each other")
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in set(slow)]


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    with open_database(folder) as database:
        return database.path


@pytest.fixture
def database(_empty: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database in a folder of its own: a copy, because making the schema takes ten times as long."""
    shutil.copy(_empty, tmp_path)
    with open_database(tmp_path) as database:
        yield database


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A `PostgreSQL`, the newest one that lies here."""
    from tests.fakes.postgres import installations, running  # what speaks to it is needed by few

    found = installations()
    with running(found[max(found)]) as server:
        yield server


@pytest.fixture
def sink() -> Iterator[HTTPSink]:
    """What receives web hooks on loopback."""
    with HTTPSink() as receiving:
        yield receiving
