"""What the topics are asked, and whom the dispatch tells of it."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text, update

from notify.delivery.dispatch import Dispatch
from storage.clock import now
from storage.database import Database
from storage.events import AlertsSent, Event, FaultBegan
from storage.people import topics
from storage.sources import polls
from storage.tables import topics as topics_table
from storage.types import SOLE_OWNER, AlertState, Source
from tests.fakes.sinks import HTTPSink
from tests.notify.delivery.delivering import keys, match_and_deliver, publish, states
from tests.storage.examples import BODY, poll_result, polling, subscribed


@pytest.fixture
def dispatch(database: Database, told: list[Event]) -> Dispatch:
    return Dispatch(database, owner="host/1/a", console=io.StringIO(), report=told.append)


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
    publish(database, source, 1, body=BODY.replace("thanked the drivers", "thanked the ferrymen"))
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
