"""Alerts through the outbox to real receivers, against bare calls of Apprise; and how soon they come."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from tempfile import TemporaryDirectory

from notify.dispatch import Dispatch
from notify.services import service
from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from scheduler.local import local
from storage import items, sources, subscriptions, topics
from storage.clock import now
from storage.database import Database
from storage.types import Article, ArticleDraft, SourceSpec
from tests.bench.crawling import ALLOWED
from tests.bench.measure import Figure, Run, in_child, in_turns, percentile, rates, say, watch
from tests.fakes.sinks import HTTPSink, MailSink

CHANNELS = 60
SLOW = 0.1
"""Seconds that a slow receiver takes."""
AIM_SLOW = 5.0
"""So many times as fast as Apprise's own pool at a slow receiver."""
INTERVAL = 5
"""Seconds between two polls while the latency is measured."""


def run(messages: int, rounds: int) -> list[Figure]:
    """Send about `messages` messages of one alert to sixty channels; then publish and wait, a twentieth as often."""
    each = max(messages // CHANNELS, 1)
    figures = []
    with receiver("http", SLOW) as port:
        say(f"deliver: {CHANNELS} channels, {each} messages each, to a receiver that takes {SLOW * 1000:.0f} ms")
        slow = in_turns(
            "web hook of 100 ms",
            rounds,
            partial(in_child, our_deliveries, hooks(port), each),
            partial(in_child, pooled, hooks(port), each),
        )
        figures.append(rates("web hook of 100 ms, against Apprise's pool", *slow, aim=AIM_SLOW))
    for kind, addresses in (("http", hooks), ("smtp", mails)):
        with receiver(kind, 0.0) as port:
            pair = in_turns(
                kind,
                rounds,
                partial(in_child, our_deliveries, addresses(port), each),
                partial(in_child, bare_loop, addresses(port), each),
            )
        figures.append(rates(f"{kind}, against a bare loop of Apprise", *pair, aim=None))
    return [*figures, latency(max(messages // 20, 3))]


def hooks(port: int) -> list[str]:
    return [f"json://127.0.0.1:{port}/{number}" for number in range(CHANNELS)]


def mails(port: int) -> list[str]:
    to = f"mailto://127.0.0.1:{port}?mode=insecure&from=watch@example.org&to=reader"
    return [f"{to}{number}@example.org" for number in range(CHANNELS)]


# -- the receiving side, a process of its own ------------------------------------------------------------------------


@contextmanager
def receiver(kind: str, delay: float) -> Iterator[int]:
    """A receiver in a process of its own; gives its port."""
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=_receive, args=(kind, delay, its), daemon=True)
    process.start()
    try:
        yield int(mine.recv())
    finally:
        process.kill()
        process.join()


def _receive(kind: str, delay: float, pipe: Pipe) -> None:
    if kind == "smtp":
        with MailSink() as sink:
            pipe.send(sink.port)
            time.sleep(3600)
    asyncio.run(_receive_http(delay, pipe))


async def _receive_http(delay: float, pipe: Pipe) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        await asyncio.sleep(delay)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=500)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


# -- ours ------------------------------------------------------------------------------------------------------------


def our_deliveries(addresses: Sequence[str], each: int) -> Run:
    """Match so many statements, one after the other, and send each to all channels."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder, Database(Path(folder)) as database:
        topic = database.write(topics.add, "Bridges", "bridge", now())
        for number, address in enumerate(addresses):
            channel = database.write(subscriptions.add_channel, f"channel {number}", address, now())
            database.write(subscriptions.subscribe, topic, channel, now())
        spec = SourceSpec("bench/news", "News", "https://mfa.example/news/")
        source = database.write(sources.add, spec, alert_first=True, now=now())
        return asyncio.run(_our_deliveries(database, source.id, len(addresses), each))


async def _our_deliveries(database: Database, source_id: int, channels: int, each: int) -> Run:
    dispatch = Dispatch(database, owner="bench", console=io.StringIO())
    service("json://127.0.0.1")  # loads Apprise
    with watch() as seconds:
        for number in range(each):
            article = Article(f"https://mfa.example/news/{number}", f"On bridge {number}", "The bridge is open.", "en")
            database.write(items.store, [ArticleDraft(article, source_id, "bench/news")], now=now())
            await dispatch.match_new()
            await dispatch.deliver_due()
            await dispatch.settled()
    waiting = database.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM alerts WHERE sent_at IS NULL").scalar())
    assert waiting == 0, f"{waiting} not sent"
    return Run(channels * each, seconds.wall, seconds.cpu)


# -- Apprise alone ---------------------------------------------------------------------------------------------------


def bare_loop(addresses: Sequence[str], each: int) -> Run:
    """A new Apprise object for each message, one after the other: what a short script does."""
    import apprise

    service("json://127.0.0.1")
    with watch() as seconds:
        for _ in range(each):
            for address in addresses:
                sender = apprise.Apprise()
                sender.add(address)
                assert sender.notify(title="On a bridge", body="The bridge is open.")
    return Run(len(addresses) * each, seconds.wall, seconds.cpu)


def pooled(addresses: Sequence[str], each: int) -> Run:
    """Apprise as it comes: one object with all addresses, which shares them out to its own small pool of threads."""
    import apprise

    service("json://127.0.0.1")
    sender = apprise.Apprise()
    for address in addresses:
        sender.add(address)
    with watch() as seconds:
        for _ in range(each):
            assert sender.notify(title="On a bridge", body="The bridge is open.")
    return Run(len(addresses) * each, seconds.wall, seconds.cpu)


# -- from publication to message -------------------------------------------------------------------------------------


def latency(times: int) -> Figure:
    """Publish on the replica at random moments, and wait for the message."""
    say(f"latency: {times} statements on the replica, polled every {INTERVAL} s")
    waited = in_child(_latencies, times)
    half, most = percentile(waited, 0.5), percentile(waited, 0.95)
    return Figure(
        "publication to message, p50",
        f"{half:.1f} s",
        f"{INTERVAL} s",
        INTERVAL / half,
        None,
        f"against the poll interval; p95 {most:.1f} s",
    )


def _latencies(times: int) -> list[float]:
    return asyncio.run(_measured(times))


async def _measured(times: int) -> list[float]:
    chance = random.Random(1)
    waited = []
    with ReplicaSite() as site, HTTPSink() as sink, TemporaryDirectory() as folder, Database(Path(folder)) as database:
        site.publish("A reception", ["Guests came."])
        for spec in specs(site):
            sped = replace(spec, interval=INTERVAL, slowest=INTERVAL)
            database.write(sources.add, sped, alert_first=False, now=now())
        topic = database.write(topics.add, "CSTO", "alias:CSTO", now())
        channel = database.write(subscriptions.add_channel, "sink", sink.address, now())
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
    return waited
