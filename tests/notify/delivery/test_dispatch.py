"""What is due is delivered: each alert once, by one process, and no channel for another's sake later."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from notify.delivery.claims import ClaimedMessage, ClaimRequest, claim_next
from notify.delivery.dispatch import Dispatch
from storage.clock import now
from storage.database import Database
from storage.events import AlertsFailed, AlertsSent, Event, FaultBegan, FaultEnded
from storage.outbox import alerts as outbox
from storage.outbox import deliveries
from storage.people import channels
from storage.tables import alerts as alerts_table
from storage.types import SOLE_OWNER, AlertState, ChannelHealth, ChannelReason, Source
from tests.fakes.refusals import changes_refused
from tests.fakes.sinks import HTTPSink
from tests.notify.delivery.delivering import come_due, keys, match_and_deliver, publish, states
from tests.storage.examples import subscribed


class PoisonedSink(HTTPSink):
    """Refuses for good whatever holds the word `poison`."""

    def _keep(self, one: dict[str, Any]) -> None:
        self.answer_with(400 if "poison" in json.dumps(one) else 200)
        super()._keep(one)


@pytest.fixture
def other() -> Iterator[HTTPSink]:
    with HTTPSink() as other:
        yield other


@pytest.fixture
def console() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def dispatch(database: Database, console: io.StringIO, told: list[Event]) -> Dispatch:
    return Dispatch(database, owner="host/1/a", console=console, report=told.append)


async def test_the_console_is_a_channel_too(
    database: Database, source: Source, dispatch: Dispatch, console: io.StringIO
) -> None:
    subscribed(database)
    publish(database, source, 1, title="On the bridge")
    await match_and_deliver(dispatch)
    assert console.getvalue().count("On the *bridge*") == 1
    assert "On the bridge" not in console.getvalue(), "once"
    assert states(database) == {"On the bridge": AlertState.SENT}


async def test_the_console_is_left_to_the_process_that_stays(
    database: Database, source: Source, dispatch: Dispatch, console: io.StringIO, sink: HTTPSink
) -> None:
    subscribed(database)
    subscribed(database, "Bridges", "bridge", sink.address, "hook")
    publish(database, source, 1, title="On the bridge")
    elsewhere, stays = io.StringIO(), True
    passing = Dispatch(database, owner="host/2/b", console=elsewhere, leaves_console=lambda: stays)
    await match_and_deliver(passing)
    assert elsewhere.getvalue() == ""
    assert len(sink.wait_for(1)) == 1, "all else is sent"
    await match_and_deliver(dispatch)
    assert "On the *bridge*" in console.getvalue()
    publish(database, source, 2, title="On another bridge")
    stays = False
    await match_and_deliver(passing)
    assert "On another *bridge*" in elsewhere.getvalue(), "nobody stays any more"


async def test_a_target_that_hangs_does_not_delay_another(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, other: HTTPSink
) -> None:
    sink.hang()
    for name, target in (("hangs", sink), ("works", other)):
        subscribed(database, "Bridges", "bridge", target.address, name)
    publish(database, source, 1)
    await dispatch.match_new()
    await dispatch.deliver_due()
    await asyncio.to_thread(sink.wait_for, 1)
    await asyncio.to_thread(other.wait_for, 1)
    publish(database, source, 2)
    await dispatch.match_new()
    await dispatch.deliver_due()
    await asyncio.to_thread(other.wait_for, 2)
    assert len(sink.received) == 1, "one delivery at a time for each channel"
    sink.release()
    await dispatch.settled()
    assert {alert.state for alert in database.read(outbox.listing, SOLE_OWNER)} == {AlertState.SENT}


async def test_a_target_that_fails_is_tried_again_with_the_same_key(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, told: list[Event]
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address, "desk")
    publish(database, source, 1)
    sink.answer_with(503)
    before = now()
    await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    assert (alert.state, alert.attempts) == (AlertState.FAILED, 1)
    assert alert.due_at >= before
    assert database.read(channels.health) == {
        alert.channel.id: ChannelHealth(ChannelReason.UNDELIVERABLE, alert.last_error)
    }
    assert "503" in alert.last_error
    sink.answer_with(200)
    come_due(database)
    await match_and_deliver(dispatch)
    first, second = sink.wait_for(2)
    assert f"ref {alert.key}" in first["message"]
    assert first == second
    assert states(database) == {"Statement 1": AlertState.SENT}
    assert [type(event) for event in told] == [AlertsFailed, FaultBegan, FaultEnded, AlertsSent]


async def test_a_channels_fault_is_told_once(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, told: list[Event]
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address, "desk")
    publish(database, source, 1)
    sink.answer_with(503)
    for _ in range(3):
        await match_and_deliver(dispatch)
        come_due(database)
    assert [event.where for event in told if isinstance(event, FaultBegan)] == ["channel desk"]
    failed = [event for event in told if isinstance(event, AlertsFailed)]
    assert len(failed) == 3
    assert all(event.retry_at is not None for event in failed)


async def test_a_failed_alert_waits_for_its_time(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1)
    sink.answer_with(429)
    before = now()
    await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    assert alert.due_at >= before + timedelta(seconds=60), "who throttles is given a minute"
    await match_and_deliver(dispatch)
    assert len(sink.received) == 1


async def test_only_the_alert_that_is_refused_dies(database: Database, source: Source, dispatch: Dispatch) -> None:
    with PoisonedSink() as sink:
        subscribed(database, "Bridges", "bridge", sink.address)
        publish(database, source, 1, 2)
        publish(database, source, 3, title="A poisoned bridge")
        publish(database, source, 4, 5)
        await match_and_deliver(dispatch)
        dead = {"A poisoned bridge"}
        assert {title for title, state in states(database).items() if state is AlertState.DEAD} == dead
        assert {title for title, state in states(database).items() if state is AlertState.SENT} == {
            f"Statement {number}" for number in (1, 2, 4, 5)
        }
        together, *alone = sink.wait_for(6)
        assert together["message"].count("https://mfa.example/") == 5
        assert [message["message"].count("https://mfa.example/") for message in alone] == [1] * 5


async def test_a_dead_alert_is_sent_when_somebody_asks_for_it(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, told: list[Event]
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1)
    sink.answer_with(404)
    await match_and_deliver(dispatch)
    assert states(database) == {"Statement 1": AlertState.DEAD}
    assert [event.retry_at for event in told if isinstance(event, AlertsFailed)] == [None]
    sink.answer_with(200)
    come_due(database)
    await match_and_deliver(dispatch)
    assert len(sink.received) == 1
    assert database.write(outbox.retry, SOLE_OWNER, now()) == 1
    await match_and_deliver(dispatch)
    assert states(database) == {"Statement 1": AlertState.SENT}


async def test_many_alerts_leave_as_one_digest(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, *range(1, 51))
    assert await match_and_deliver(dispatch) == 50
    [message] = sink.wait_for(1)
    assert message["message"].count("https://mfa.example/") == 50
    assert "> " not in message["message"], "without quotes"


async def test_two_processes_send_each_alert_once(database: Database, source: Source, sink: HTTPSink) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, *range(1, 31))
    both = [Dispatch(database, owner=f"host/{number}/x", console=io.StringIO()) for number in range(2)]
    await both[0].match_new()
    await asyncio.gather(*(dispatch.deliver_due() for dispatch in both))
    await asyncio.gather(*(dispatch.settled() for dispatch in both))
    said = "\n".join(message["message"] for message in sink.received)
    for key in keys(database):
        assert said.count(f"https://mfa.example/news/{key.partition('-')[2]}\n") == 1


async def test_what_a_dead_process_was_sending_is_sent_again_with_the_same_key(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    """It may have been sent: a duplicate beats a miss."""
    subscription = subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1)
    await dispatch.match_new()
    turn = ClaimRequest(subscription.channel_id, "host/9/dead/1")
    [lost] = database.write(claim_next, database.keyring, [turn], now(), timedelta(minutes=10))
    assert isinstance(lost, ClaimedMessage)
    await match_and_deliver(dispatch)
    assert sink.received == []
    database.write(deliveries.release_interrupted, ["host/9/dead"])
    await match_and_deliver(dispatch)
    [message] = sink.wait_for(1)
    assert f"ref {lost.alerts[0].key}" in message["message"]


async def test_an_alert_that_was_sent_is_marked_even_if_the_storage_refuses_for_a_while(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("notify.delivery.dispatch.STORAGE_PATIENCE", 0.01)
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1)
    await dispatch.match_new()
    sink.hang()
    await dispatch.deliver_due()
    await asyncio.to_thread(sink.wait_for, 1)
    with changes_refused(alerts_table):
        sink.release()
        while not any(isinstance(event, FaultBegan) for event in told):
            await asyncio.sleep(0)
    await dispatch.settled()
    assert states(database) == {"Statement 1": AlertState.SENT}
    assert len(sink.received) == 1


async def test_no_alert_leaves_before_it_was_found(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1)
    before: datetime = now()
    await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    assert alert.sent_at is not None
    assert before <= alert.created_at <= alert.due_at <= alert.sent_at
