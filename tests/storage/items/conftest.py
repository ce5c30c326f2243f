"""A watched source."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.types import Source
from tests.storage.examples import watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)
