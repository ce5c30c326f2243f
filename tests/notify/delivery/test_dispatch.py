from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from notify.delivery.claims import ClaimedMessage, ClaimRequest, claim_next
from notify.delivery.dispatch import Dispatch
from storage.clock import now
from storage.database import Database
from storage.events import AlertsFailed, AlertsSent, Event, FaultBegan, FaultEnded
from storage.outbox import alerts as outbox
from storage.outbox import deliveries
from storage.people import channels, topics
from storage.sources import polls
from storage.tables import alerts as alerts_table
from storage.tables import channels as channels_table
from storage.tables import topics as topics_table
from storage.types import SOLE_OWNER, AlertState, ChannelHealth, ChannelReason, Source
from tests.fakes.refusals import changes_refused
from tests.fakes.sinks import HTTPSink
from tests.storage.examples import draft, poll_result, polling, store, subscribed, watched


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
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
def told() -> list[Event]:
    """What the dispatch reports."""
    return []


@pytest.fixture
def console() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def dispatch(database: Database, console: io.StringIO, told: list[Event]) -> Dispatch:
    return Dispatch(database, owner="host/1/a", console=console, report=told.append)


async def match_and_deliver(dispatch: Dispatch) -> int:
    made = await dispatch.match_new()
    await dispatch.deliver_due()
    await dispatch.settled()
    return made


def publish(database: Database, source: Source, *numbers: int, **values: Any) -> None:
    store(database, *(draft(source, number, **values) for number in numbers), now=now())


def come_due(database: Database) -> None:
    """Let the time pass until what has failed is to be tried again."""
    past = now() - timedelta(seconds=1)
    database.write(lambda connection: connection.execute(update(alerts_table).values(due_at=past)))
    database.write(lambda connection: connection.execute(update(channels_table).values(not_before=past)))


def states(database: Database) -> dict[str, AlertState]:
    return {alert.version.title: alert.state for alert in database.read(outbox.listing)}


def keys(database: Database) -> set[str]:
    return {alert.key for alert in database.read(outbox.listing)}


# -- matching -----------------------------------------------------------------------------------------------------


async def test_a_statement_that_meets_a_topic_reaches_its_subscriber(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, told: list[Event]
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1, title="On the new bridges")
    publish(database, source, 2, title="On fishing", body="Nothing of the kind.")
    assert await match_and_deliver(dispatch) == 1
    [message] = sink.wait_for(1)
    assert "On the new *bridges*" in message["message"]
    assert "https://mfa.example/news/1" in message["message"]
    assert "On fishing" not in message["message"]
    assert states(database) == {"On the new bridges": AlertState.SENT}
    assert [event for event in told if isinstance(event, AlertsSent)] == [
        AlertsSent(sink.address, ("On the new bridges",), ("Bridges",))
    ]


async def test_nothing_is_announced_twice(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1)
    assert [await match_and_deliver(dispatch) for _ in range(3)] == [1, 0, 0]
    publish(database, source, 1, body="The bridge was edited.")
    assert await match_and_deliver(dispatch) == 0
    assert len(sink.wait_for(1)) == 1


async def test_a_silent_statement_is_matched_and_not_announced(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 1, silent=True)
    assert await match_and_deliver(dispatch) == 0
    assert database.read(lambda c: c.execute(text("SELECT count(*) FROM matches")).scalar_one()) == 1
    assert sink.received == []


async def test_the_statements_of_one_poll_come_as_one_message_when_it_has_ended(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    poll = polling(database, source, now=now())
    publish(database, source, 1, 2, poll=poll)
    assert await match_and_deliver(dispatch) == 0
    publish(database, source, 3, poll=poll)
    database.write(polls.end_polls, [poll_result(poll, at=now())])
    assert await match_and_deliver(dispatch) == 3
    [message] = sink.wait_for(1)
    for number in (1, 2, 3):
        assert f"Statement {number}" in message["message"]
    assert "ref " + ", ".join(sorted(keys(database))) in message["message"]


async def test_a_topic_counts_from_the_moment_it_is_saved_until_it_is_removed(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink
) -> None:
    publish(database, source, 1)
    assert await match_and_deliver(dispatch) == 0
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, 2)
    assert await match_and_deliver(dispatch) == 1
    database.write(topics.remove, SOLE_OWNER, "Bridges", now())
    publish(database, source, 3)
    assert await match_and_deliver(dispatch) == 0
    assert set(states(database)) == {"Statement 2"}


async def test_a_topic_that_cannot_be_used_any_more_is_told_once_and_stops_no_other(
    database: Database, source: Source, dispatch: Dispatch, told: list[Event], sink: HTTPSink
) -> None:
    subscribed(database, "Broken", "alias:CSTO", sink.address)
    database.write(lambda c: c.execute(update(topics_table).values(query="alias:Nobody")))
    subscribed(database, "Bridges", "bridge", sink.address)
    for number in (1, 2):
        publish(database, source, number)
        assert await match_and_deliver(dispatch) == 1
    [fault] = [event for event in told if isinstance(event, FaultBegan)]
    assert fault.where == "topic Broken"
    assert fault.mend


async def test_what_one_process_stored_any_other_can_announce(
    database: Database, source: Source, sink: HTTPSink
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address)
    publish(database, source, *range(1, 4))
    assert await match_and_deliver(Dispatch(database, owner="host/2/b", console=io.StringIO())) == 3
    assert len(keys(database)) == 3


# -- delivering ---------------------------------------------------------------------------------------------------


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
    assert {alert.state for alert in database.read(outbox.listing)} == {AlertState.SENT}


async def test_a_target_that_fails_is_tried_again_with_the_same_key(
    database: Database, source: Source, dispatch: Dispatch, sink: HTTPSink, told: list[Event]
) -> None:
    subscribed(database, "Bridges", "bridge", sink.address, "desk")
    publish(database, source, 1)
    sink.answer_with(503)
    before = now()
    await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing)
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
    [alert] = database.read(outbox.listing)
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
    assert database.write(outbox.retry, now()) == 1
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
    [alert] = database.read(outbox.listing)
    assert alert.sent_at is not None
    assert before <= alert.created_at <= alert.due_at <= alert.sent_at
