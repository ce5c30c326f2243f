"""A desk that knows its channels."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.presswatch.watchlist.examples import desk


@pytest.fixture
def here(database: Database) -> Database:
    return desk(database)
