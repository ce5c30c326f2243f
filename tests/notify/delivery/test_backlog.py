"""Many alerts wait: each arrives once, in messages that a person can open, and nobody else waits for them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from notify.delivery.dispatch import Dispatch
from notify.rhythm import DIGEST_LIMIT, LOOKED_AT
from storage.database import Database
from storage.outbox import alerts as outbox
from storage.outbox import due
from storage.people import rhythms
from storage.types import Source
from tests.fakes.processes import megabytes
from tests.fakes.sinks import HTTPSink, keys_of
from tests.notify.delivery.desk import Clock
from tests.storage.examples import HOUR, draft, store, subscribed

STATEMENTS = 5_000
FULL = 100_000
TOGETHER = 500
"""Statements that are stored in one transaction."""
GROWTH = 100
"""Megabytes by which the process may grow while it sends, however many wait: some thousand statements at a time."""


class Register(HTTPSink):
    """Keeps of each message which alerts it carried, and how large the process was then."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[float] = []

    def _keep(self, one: dict[str, Any]) -> None:
        self.sizes.append(megabytes())
        super()._keep({"keys": keys_of(one)})


@pytest.fixture
def statements(request: pytest.FixtureRequest) -> int:
    return FULL if request.config.getoption("--full") else STATEMENTS


@pytest.fixture
def register() -> Iterator[Register]:
    with Register() as register:
        assert isinstance(register, Register)
        yield register


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_a_backlog_arrives_whole_and_once_and_keeps_nobody_waiting(
    database: Database, source: Source, clock: Clock, register: Register, sink: HTTPSink, statements: int
) -> None:
    address = f"json://127.0.0.1:{register.port}"
    now = subscribed(database, "Bridges", "bridge", f"{address}/now")
    subscribed(database, "Bridges", "bridge", f"{address}/daily", rhythm=rhythms.parse("daily 08:00"))
    subscribed(database, "Ferries", "ferry", sink.address)
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO(), clock=clock)
    for first in range(0, statements, TOGETHER):
        store(database, *(draft(source, number) for number in range(first, first + TOGETHER)), now=clock.at)
        await dispatch.match_new()
    clock.at += 24 * HOUR
    store(database, draft(source, statements, title="On the ferry", body="It left."), now=clock.at)
    await dispatch.match_new()
    assert database.read(outbox.count_by_state) == {"pending": 2 * statements + 1}
    waiting = database.read(due.waiting, [now.channel_id], clock.at, LOOKED_AT)
    assert len(waiting[now.channel_id]) == LOOKED_AT, "what is looked at does not grow with what waits"

    register.hang()
    await dispatch.deliver_due()
    [told] = await asyncio.to_thread(sink.wait_for, 1)
    assert "ferry" in told["message"]
    await asyncio.to_thread(register.wait_for, 2)
    register.release()
    await dispatch.settled()

    messages = [message["keys"] for message in register.received]
    said = list(chain.from_iterable(messages))
    assert len(said) == len(set(said)) == 2 * statements
    assert max(map(len, messages)) <= DIGEST_LIMIT
    assert database.read(outbox.count_by_state) == {"sent": 2 * statements + 1}
    assert max(register.sizes) - register.sizes[0] <= GROWTH
