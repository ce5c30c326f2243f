"""Channels that are slow, down or sparing: nothing is told twice, and no other one waits."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from notify.delivery.dispatch import Dispatch
from storage.database import Database
from storage.outbox import alerts as outbox
from storage.outbox import deliveries
from storage.tables import alerts as alerts_table
from storage.types import SOLE_OWNER, AlertState, Source
from tests.fakes.sinks import HTTPSink
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, publish, until
from tests.patience import PATIENCE
from tests.storage.examples import HOUR, MINUTE, draft, store, subscribed


async def test_a_channel_that_was_down_for_a_day_gets_one_message_when_it_is_back(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    desk.down = True
    for number in range(24):
        publish(database, source, number, at=clock.at)
        await until(dispatch, clock, clock.at + HOUR, 10 * MINUTE)
    desk.down = False
    await until(dispatch, clock, clock.at + 2 * HOUR)
    [message] = desk.texts()
    assert message.count("https://mfa.example/news/") == 24
    assert {alert.state for alert in database.read(outbox.listing, SOLE_OWNER)} == {AlertState.SENT}


def held_until(connection: Connection) -> datetime:
    """The end of the only lease."""
    until: datetime = connection.execute(select(alerts_table.c.lease_until)).scalar_one()
    return until


async def test_a_sink_slower_than_the_lease_gets_nothing_twice(
    database: Database, source: Source, clock: Clock
) -> None:
    with HTTPSink() as sink:
        sink.hang()
        subscribed(database, channel=sink.address)
        lease = timedelta(seconds=0.4)
        mine, other = (
            Dispatch(database, owner=f"host/{number}/x", console=io.StringIO(), clock=clock, lease=lease)
            for number in (1, 2)
        )
        store(database, draft(source), now=clock.at)
        await mine.match_new()
        await mine.deliver_due()
        await asyncio.to_thread(sink.wait_for, 1)
        for _ in range(9):  # four leases long
            clock.at += lease * 0.5
            async with asyncio.timeout(PATIENCE):
                while database.read(held_until) < clock.at + lease:
                    await asyncio.sleep(0)
            await other.deliver_due()
            assert not other._in_flight, "nobody else may send it"
        sink.release()
        await mine.settled()
        await other.deliver_due()
        await other.settled()
        assert len(sink.received) == 1


async def test_hanging_channels_take_no_places_from_the_others(database: Database, source: Source) -> None:
    with HTTPSink() as hanging, HTTPSink() as refusing, HTTPSink() as sink:
        hanging.hang()
        refusing.answer_with(400)
        subscribed(database, channel=hanging.address, name="hangs")
        subscribed(database, channel=refusing.address, name="refuses")
        for number in range(48):
            subscribed(database, channel=sink.address.replace("/hook", f"/{number}"), name=f"works {number}")
        dispatch = Dispatch(database, owner="host/1/x", console=io.StringIO())
        for number in (1, 2):
            store(database, draft(source, number))
            await dispatch.match_new()
            await dispatch.deliver_due()
            await asyncio.to_thread(sink.wait_for, 48 * number)
            while len(dispatch._in_flight) > 1:
                await asyncio.sleep(0)
        assert len(hanging.received) == 1, "one in flight"
        hanging.release()
        await dispatch.settled()
        states = {alert.channel.name: alert.state for alert in database.read(outbox.listing, SOLE_OWNER, limit=200)}
        assert states.pop("refuses") is AlertState.DEAD
        assert set(states.values()) == {AlertState.SENT}


async def test_a_sweep_frees_and_closes_what_a_crash_left(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    publish(database, source, 1, at=clock.at)
    await dispatch.match_new()
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    database.write(deliveries.claim, {"host/9/dead/1": [alert.id]}, clock.at, lease=timedelta(minutes=1))
    await match_and_deliver(dispatch)
    assert desk.received == []
    assert database.read(outbox.last_answers, [alert.id]) == {alert.id: "being sent"}
    clock.at += 2 * MINUTE
    assert database.write(deliveries.close_interrupted, clock.at) == 1
    assert "ended while sending" in database.read(outbox.last_answers, [alert.id])[alert.id]
    await match_and_deliver(dispatch)
    assert len(desk.received) == 1
