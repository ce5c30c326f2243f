"""A watched source, and somebody who is told of it."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.types import Source, Subscription
from tests.storage.examples import subscribed, watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
def subscription(database: Database) -> Subscription:
    return subscribed(database)
