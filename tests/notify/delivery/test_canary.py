from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import Connection, update

from notify.delivery.dispatch import Dispatch
from notify.rhythm import leaves_at
from storage.clock import now
from storage.database import Database
from storage.outbox import canaries
from storage.people import subscriptions
from storage.sources import sources
from storage.tables import alerts as alerts_table
from storage.tables import sources as sources_table
from storage.types import SOLE_OWNER, Rhythm
from tests.fakes.sinks import HTTPSink
from tests.storage.examples import channel_named, watched

MINUTE = timedelta(minutes=1)


def with_a_canary(database: Database, address: str) -> None:
    topic = database.write(canaries.topic, SOLE_OWNER, now())
    channel = channel_named(database, "desk", address)
    database.write(subscriptions.subscribe, topic, channel, now(), canary=15)


def broken(database: Database) -> str:
    [proof] = database.read(lambda connection: list(canaries.proofs(connection, now())))
    return proof.broken


def run_sql(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def let_pass(database: Database, minutes: int) -> None:
    """As if all that happened had happened so much earlier."""
    columns = ("items.first_seen_at", "alerts.created_at", "alerts.sent_at", "subscriptions.created_at")
    for table, _, column in (name.partition(".") for name in columns):
        earlier = f"UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{minutes} minutes')"
        database.write(run_sql, earlier)


async def test_a_canary_goes_the_way_of_every_alert_and_proves_it(database: Database) -> None:
    assert database.write(canaries.plant, now()) == 0, "nobody wants one"
    with HTTPSink() as sink:
        with_a_canary(database, sink.address)
        dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO())
        assert [database.write(canaries.plant, now()) for _ in range(3)] == [1, 0, 0], "one a period"
        await dispatch.match_new()
        await dispatch.deliver_due()
        await dispatch.settled()
        [message] = sink.wait_for(1)
        assert "Canary of" in message["title"]
        assert broken(database) == ""
        let_pass(database, 16)
        assert database.write(canaries.plant, now()) == 1
        assert broken(database) == "", "one may be late"
        assert [source.key for source in database.read(sources.every)] == []


async def test_each_part_that_stands_still_is_named_after_two_periods(database: Database) -> None:
    with HTTPSink() as sink:
        with_a_canary(database, sink.address)
        let_pass(database, 31)
        assert "does not run" in broken(database)
        database.write(canaries.plant, now())
        assert "meet no topic" in broken(database)
        dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO())
        sink.answer_with(503)
        await dispatch.match_new()
        await dispatch.deliver_due()
        await dispatch.settled()
        assert "not delivered" in broken(database)
        assert "503" in broken(database)
        sink.answer_with(200)
        database.write(lambda c: c.execute(update(alerts_table).values(due_at=leaves_at(Rhythm(), now()))))
        database.write(lambda c: c.exec_driver_sql("UPDATE channels SET not_before = NULL"))
        await dispatch.deliver_due()
        await dispatch.settled()
        assert broken(database) == ""
        watched(database)
        database.write(lambda c: c.execute(update(sources_table).values(next_poll_at=now() - 31 * MINUTE)))
        assert "crawl stands still" in broken(database)
