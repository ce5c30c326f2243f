"""A thread waits for a connection of this process: a standstill meanwhile is no time, a real wait is told as one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.database import Database
from storage.errors import StorageBusyError
from storage.sources import sources
from tests.storage.examples import watched


@pytest.fixture
def stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each first wait for a connection is over before anybody could have given one back."""
    connect: Callable[[Engine], Connection] = Engine.connect
    waited: set[Engine] = set()

    def once(engine: Engine) -> Connection:
        if engine not in waited:
            waited.add(engine)
            raise PoolTimeoutError("QueuePool limit of size 1 overflow 0 reached")
        return connect(engine)

    monkeypatch.setattr(Engine, "connect", once)


@pytest.mark.usefixtures("stands_still")
def test_who_waited_while_the_process_stood_still_waits_once_more(database: Database) -> None:
    assert watched(database) in database.read(sources.every)


def test_a_process_that_is_busy_with_itself_is_a_busy_storage_and_no_mistake(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.place.writer.pool, "_timeout", 0.01)
    with database.place.writer.connect(), pytest.raises(StorageBusyError, match="busy with"):
        watched(database)
