"""Alerts through the outbox to real receivers, against bare calls of Apprise."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from tempfile import TemporaryDirectory

from notify.channels.apprise_services import service
from notify.delivery.dispatch import Dispatch
from storage.clock import now
from storage.database import Database
from storage.items import store
from storage.opening import open_database
from storage.people import subscriptions, topics
from storage.people.channels import add
from storage.sources import sources
from storage.types import SOLE_OWNER, Article, ArticleDraft, SourceSpec
from tests.bench import latency
from tests.bench.measure import Figure, Run, in_child, in_turns, rates, say, watch
from tests.fakes.sinks import MailSink

CHANNELS = 200
SLOW = 0.1
"""Seconds that a slow receiver takes."""
AIM_SLOW = 5.0
"""So many times as fast as Apprise's own pool at a slow receiver."""
HANGS = 20.0
"""Seconds that a receiver takes whose address says `slow`."""


def run(messages: int, rounds: int) -> list[Figure]:
    """Send about `messages` messages of one alert to many channels; publish and wait a fiftieth as often."""
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
    return [*figures, *latency.run(max(messages // 50, 4), rounds)]


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
        takes = HANGS if b"slow" in head.partition(b"\r\n")[0] else delay
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        await asyncio.sleep(takes)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1000)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


# -- ours ------------------------------------------------------------------------------------------------------------


def our_deliveries(addresses: Sequence[str], each: int) -> Run:
    """Match so many statements, one after the other, and send each to all channels."""
    with subscribers(addresses) as (database, source_id):
        return asyncio.run(_our_deliveries(database, source_id, len(addresses), each))


@contextmanager
def subscribers(addresses: Sequence[str]) -> Iterator[tuple[Database, int]]:
    """A database in which all these addresses are told of bridges, and a source that tells of them."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder, open_database(Path(folder)) as database:
        topic = database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", now())
        for number, address in enumerate(addresses):
            channel = database.write(add, SOLE_OWNER, database.keyring, f"channel {number}", address, now())
            database.write(subscriptions.subscribe, topic, channel, now())
        spec = SourceSpec("bench/news", "News", "https://mfa.example/news/")
        yield database, database.write(sources.add, spec, alert_first=True, now=now()).id


def publish(database: Database, source_id: int, number: int) -> None:
    """Store a statement about a bridge."""
    article = Article(f"https://mfa.example/news/{number}", f"On bridge {number}", "The bridge is open.", "en")
    database.write(store.store, [ArticleDraft(article, source_id, "bench/news")], now=now())


async def _our_deliveries(database: Database, source_id: int, channels: int, each: int) -> Run:
    dispatch = Dispatch(database, owner="bench", console=io.StringIO())
    await dispatch.get_ready()  # as in a process that stays
    with watch() as seconds:
        for number in range(each):
            publish(database, source_id, number)
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
