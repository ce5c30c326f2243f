"""The statements that were stored last are found without looking at all the others."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from storage.database import Database
from storage.items import items
from tests.storage.examples import draft, store, watched


def steps(database: Database) -> int:
    """Steps of the database's machine, in tens, until the newest five are there."""
    taken = [0]

    def count() -> int:
        taken[0] += 1
        return 0

    def asked(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 10)
        assert len(items.newest(connection, 5)) == 5
        driver.set_progress_handler(None, 0)

    database.read(asked)
    return taken[0]


@pytest.mark.sqlite
def test_the_newest_of_many_cost_no_more_than_the_newest_of_few(database: Database) -> None:
    sources = [watched(database, f"mfa-xy/news-{number}") for number in range(5)]
    store(database, *(draft(sources[number % 5], number) for number in range(10)))
    few = steps(database)
    store(database, *(draft(sources[number % 5], number) for number in range(10, 500)))
    assert steps(database) < 2 * few
    assert [item.id for item in database.read(items.newest, 3)] == [500, 499, 498]
    assert [item.id for item in database.read(items.newest, 2, 400)] == [399, 398]
