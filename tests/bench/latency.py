"""How soon messages come: beside channels that fail, and from a statement's publication on."""

from __future__ import annotations

import asyncio
import io
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, func, select

from notify.channels.apprise_services import service
from notify.delivery.dispatch import Dispatch
from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from scheduler.local import local
from storage.clock import now
from storage.database import Database
from storage.opening import open_database
from storage.people import subscriptions, topics
from storage.people.channels import add
from storage.sources import sources
from storage.tables import alerts, matches, polls, versions
from storage.types import SOLE_OWNER
from tests.bench import delivering
from tests.bench.crawling import ALLOWED
from tests.bench.measure import Figure, in_child, percentile, say
from tests.fakes.sinks import HTTPSink

NEIGHBOURS = 40
"""Channels whose messages are timed: so few that the machine is not busy with them."""
DELAYED = 1.2
"""So many times as long as alone a message may take beside channels that fail."""
INTERVAL = 5
"""Seconds between two polls while the whole way is measured."""


def run(times: int, rounds: int) -> list[Figure]:
    """Send so many statements to neighbours of channels that fail, and publish so many on the replica."""
    return [neighbours(times, rounds), *whole_way(times)]


# -- beside channels that fail ---------------------------------------------------------------------------------------


def neighbours(times: int, rounds: int) -> Figure:
    """Send to channels that answer, alone and beside one that is dead and one that hangs, in turns."""
    say(f"neighbours: {times} statements to {NEIGHBOURS} channels, {rounds} rounds")
    took: tuple[list[float], list[float]] = [], []
    with delivering.receiver("http", delivering.SLOW) as port:
        sound = delivering.hooks(port)[:NEIGHBOURS]
        failing = ["json://127.0.0.1:1/dead", f"json://127.0.0.1:{port}/slow"]
        for _ in range(rounds):
            for side, addresses in ((0, [*failing, *sound]), (1, sound)):
                took[side].extend(in_child(_took, addresses, times))
    beside, alone = (percentile(one, 0.99) for one in took)
    half = " : ".join(f"{percentile(one, 0.5) * 1000:,.0f}" for one in took)
    return Figure(
        "message beside a dead and a slow channel, p99",
        f"{beside * 1000:,.0f} ms",
        f"{alone * 1000:,.0f} ms",
        alone / beside,
        1 / DELAYED,
        f"against the same channels without them; p50 {half} ms",
    )


def _took(addresses: Sequence[str], times: int) -> list[float]:
    with delivering.subscribers(addresses) as (database, source_id):
        return asyncio.run(_timed(database, source_id, len(addresses), times))


async def _timed(database: Database, source_id: int, channels: int, times: int) -> list[float]:
    """Seconds from match to mark, of each message to a sound channel."""
    service("json://127.0.0.1")
    dispatch = Dispatch(database, owner="bench", console=io.StringIO())
    for number in range(times):
        delivering.publish(database, source_id, number)
        await dispatch.match_new()
        while len(await database.read_async(_times)) < min(channels, NEIGHBOURS) * (number + 1):
            await dispatch.deliver_due()
            await asyncio.sleep(0.05)
    waited = database.read(_times)
    await dispatch.stop(0)
    return waited


def _times(connection: Connection) -> list[float]:
    sent = select(alerts.c.created_at, alerts.c.sent_at).where(alerts.c.sent_at.is_not(None))
    return [(row.sent_at - row.created_at).total_seconds() for row in connection.execute(sent)]


# -- from publication to message -------------------------------------------------------------------------------------


def whole_way(times: int) -> list[Figure]:
    """Publish on the replica at random moments, and wait for the message."""
    say(f"latency: {times} statements on the replica, polled every {INTERVAL} s")
    waited, beyond = in_child(_latencies, times)
    note = "as a share of the poll interval"
    return [
        Figure(f"publication to message, {name}", f"{took:.1f} s", f"{INTERVAL} s", INTERVAL / took, None, told)
        for name, took, told in (
            ("p50", percentile(waited, 0.5), f"{note}; {percentile(beyond, 0.5):.1f} s of it from the poll's start on"),
            ("p95", percentile(waited, 0.95), f"{note}; {percentile(beyond, 0.95):.1f} s from the poll's start on"),
        )
    ]


def _latencies(times: int) -> tuple[list[float], list[float]]:
    return asyncio.run(_measured(times))


async def _measured(times: int) -> tuple[list[float], list[float]]:
    """Seconds to the message, from the publication on and from the start of the poll that found it."""
    chance = random.Random(1)
    waited = []
    with (
        ReplicaSite() as site,
        HTTPSink() as sink,
        TemporaryDirectory() as folder,
        open_database(Path(folder)) as database,
    ):
        site.publish("A reception", ["Guests came."])
        for spec in specs(site):
            sped = replace(spec, interval=INTERVAL, slowest=INTERVAL)
            database.write(sources.add, sped, alert_first=False, now=now())
        topic = database.write(topics.add, SOLE_OWNER, database.packs, "CSTO", "alias:CSTO", now())
        channel = database.write(add, SOLE_OWNER, database.keyring, "sink", sink.address, now())
        database.write(subscriptions.subscribe, topic, channel, now())
        stop = asyncio.Event()
        allowed = {"PRESSWATCH_ALLOW_ADDRESSES": ALLOWED}
        async with local(database, console=io.StringIO(), report=lambda event: None, settings=allowed) as running:
            serving = asyncio.ensure_future(running.serve(stop))
            await asyncio.sleep(3 * INTERVAL)
            for number in range(times):
                await asyncio.sleep(chance.uniform(0, INTERVAL))
                site.publish(f"CSTO session {number}", [f"The CSTO met for the {number}. time."])
                published = time.monotonic()
                await asyncio.to_thread(sink.wait_for, number + 1, 60)
                waited.append(time.monotonic() - published)
            stop.set()
            await serving
        return waited, database.read(_beyond)


def _beyond(connection: Connection) -> list[float]:
    """Seconds from the poll that found a statement to its message."""
    rows = connection.execute(
        select(func.min(polls.c.started_at).label("began"), func.min(alerts.c.sent_at).label("sent"))
        .join(matches, matches.c.id == alerts.c.match_id)
        .join(versions, versions.c.id == matches.c.version_id)
        .join(polls, polls.c.id == versions.c.poll_id)
        .where(alerts.c.sent_at.is_not(None))
        .group_by(alerts.c.id)
    )
    return [(row.sent - row.began).total_seconds() for row in rows]
