"""A watched source, a sender and a desk that receive, and what is told of both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from notify.delivery.dispatch import Dispatch
from storage.database import Database
from storage.events import Event
from storage.types import Source
from tests.notify.delivery.desk import Clock, Desk, dispatch_of
from tests.notify.delivery.senders import Sender
from tests.storage.examples import watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
def told() -> list[Event]:
    """What the dispatch reports."""
    return []


@pytest.fixture
def sender() -> Iterator[Sender]:
    sender = Sender()
    yield sender
    sender.released.set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return Desk(clock)


@pytest.fixture
def dispatch(database: Database, clock: Clock, desk: Desk) -> Dispatch:
    return dispatch_of(database, clock, desk)
