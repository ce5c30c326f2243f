"""A killed process loses nothing, and one that is stopped doubles nothing.

Real processes crawl a real site over HTTP, match, and deliver alerts and digests to a real receiver, and are killed
with SIGKILL at random moments. What the ministry published is then stored once each, every statement that touches the
topic was announced, and what was announced twice was in flight when its process died.
"""

from __future__ import annotations

import random
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from presswatch.demo.pages import ReplicaStatement
from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.database import Database
from storage.sources import sources
from storage.types import Source
from tests.fakes.nursery import Nursery
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink
from tests.patience import PATIENCE
from tests.storage.examples import draft, spec, store

CRAWL_KILLS = 22
DELIVERY_KILLS = 80
STOPS = 200
FULL = 10
"""With `--full` so many times as many kills."""

WORDS = "The ministers of Riverland spoke about bridge number {} and the tolls on either bank of the river."


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    return FULL if request.config.getoption("--full") else 1


@pytest.fixture
def pause() -> threading.Event:
    """Never set: waiting for it is a moment of a given length."""
    return threading.Event()


@pytest.mark.timeout(1800)
def test_killed_while_crawling_they_lose_no_statement_and_no_alert(
    tmp_path: Path, times: int, pause: threading.Event
) -> None:
    chance = random.Random(1)
    kills = CRAWL_KILLS * times
    program = Program(tmp_path)
    with ReplicaSite(page_size=1000) as site, HTTPSink() as sink, Nursery(program) as nursery:
        site.publish("What stood there before", "It is about trade.")
        site.publish("Что было раньше", "О торговле.", "ru")
        program.watch(site)
        assert program("subscribe", "CSTO", "--to", f"json://127.0.0.1:{sink.port}/").code == 0
        born = time.monotonic()
        first = nursery.born("start")
        wait_until(lambda: rows(tmp_path, "SELECT count(*) FROM sources WHERE baseline_at IS NOT NULL") == [(2,)])
        life = time.monotonic() - born
        first.stop()

        published: list[ReplicaStatement] = []
        for _ in range(kills):
            child = nursery.born("start")
            if chance.random() < 0.8:  # fewer than make a flood, should each process die too early to find them
                number = len(published)
                language = chance.choice(["en", "ru"])
                name = "CSTO" if language == "en" else "ОДКБ"
                published.append(site.publish(f"{name} statement {number}", f"{name} number {number}.", language))
            pause.wait(life * chance.uniform(0.1, 1.3))
            child.kill()

        last = nursery.born("start")
        wanted = {statement.title for statement in published}
        sink.wait_until(lambda received: announced(received).keys() >= wanted)
        last.stop()

    stored = Counter(row[0] for row in rows(tmp_path, "SELECT title FROM versions WHERE number = 1"))
    assert stored == Counter(["What stood there before", "Что было раньше", *wanted]), "each statement is stored once"
    assert announced(sink.received).keys() == wanted, "what stood there before is not announced"
    assert len(set(keys(sink.received))) == len(published)
    nothing_is_lost_and_repetitions_can_be_recognised(tmp_path, sink.received, kills)


@pytest.mark.timeout(1800)
def test_killed_while_matching_digesting_and_delivering_they_lose_no_alert(
    tmp_path: Path, times: int, pause: threading.Event
) -> None:
    chance = random.Random(2)
    kills = DELIVERY_KILLS * times
    program = Program(tmp_path)
    with HTTPSink() as sink, Nursery(program) as nursery, program.database() as database:
        source = told(program, database, sink)
        published, life = first_life(nursery, database, source, sink)
        for _ in range(kills):
            child = nursery.born("deliver")
            published += publish(database, source, published, chance.randint(0, 2))
            pause.wait(life * chance.uniform(0.1, 1.5))
            child.kill()
        last = nursery.born("deliver")
        sink.wait_until(lambda received: len(set(keys(received))) == 2 * published)
        last.stop()
    assert digests(sink.received), "digests were among what was killed"
    nothing_is_lost_and_repetitions_can_be_recognised(tmp_path, sink.received, kills)


@pytest.mark.timeout(1800)
def test_two_hundred_stops_lose_nothing_and_double_nothing(tmp_path: Path, pause: threading.Event) -> None:
    chance = random.Random(3)
    program, published = Program(tmp_path), 0
    with HTTPSink() as sink, Nursery(program) as nursery, program.database() as database:
        source = told(program, database, sink)
        for _ in range(STOPS):
            child = nursery.born("deliver")
            published += publish(database, source, published, chance.randint(0, 1))
            pause.wait(chance.uniform(0.02, 0.1))
            child.stop()
        last = nursery.born("deliver")
        sink.wait_until(lambda received: len(set(keys(received))) == 2 * published)
        last.stop()
    assert len(keys(sink.received)) == 2 * published, "nothing came twice"
    nothing_is_lost_and_repetitions_can_be_recognised(tmp_path, sink.received, 0)


def first_life(nursery: Nursery, database: Database, source: Source, sink: HTTPSink) -> tuple[int, float]:
    """How long a process takes on this machine until its first message is out; and that one statement was published."""
    nursery.born("deliver").stop()
    published, started = publish(database, source, 0, 1), time.monotonic()
    child = nursery.born("deliver")
    sink.wait_for(1)
    life = time.monotonic() - started
    child.stop()
    return published, life


def told(program: Program, database: Database, sink: HTTPSink) -> Source:
    """A source, and two subscriptions: one alerts at once, the other once a day."""
    assert program("topics", "add", "Bridges", "bridge").code == 0
    for path, rhythm in (("now", "immediately"), ("daily", "daily 08:00")):
        address = f"json://127.0.0.1:{sink.port}/{path}"
        assert program("subscribe", "Bridges", "--to", address, "--rhythm", rhythm).code == 0
    return database.write(sources.add, spec(), alert_first=True, now=now())


def publish(database: Database, source: Source, first: int, count: int) -> int:
    """Store so many new statements, as the crawl does; return how many."""
    drafts = [draft(source, number, body=WORDS.format(number)) for number in range(first, first + count)]
    if drafts:
        store(database, *drafts, now=now())
    return count


def nothing_is_lost_and_repetitions_can_be_recognised(
    folder: Path, received: Sequence[dict[str, Any]], kills: int
) -> None:
    seen: set[str] = set()
    messages: set[tuple[str, ...]] = set()
    repeated = 0
    for message in received:
        mine = tuple(sorted(keys_of(message)))
        repeated += mine in messages
        assert mine in messages or seen.isdisjoint(mine), "a repetition is the whole message, with the same key"
        messages.add(mine)
        seen |= set(mine)
    assert repeated <= kills, "at most the delivery in flight is repeated"
    assert rows(folder, "SELECT count(*) FROM alerts WHERE state <> 'sent'") == [(0,)]
    assert rows(folder, "SELECT count(*) FROM versions WHERE matched_at IS NULL") == [(0,)]
    assert rows(folder, "PRAGMA integrity_check") == [("ok",)]


def announced(received: Sequence[dict[str, Any]]) -> Counter[str]:
    """How often each statement was announced."""
    told: Counter[str] = Counter()
    for message in received:
        told.update(re.findall(r"(?:CSTO|ОДКБ) statement \d+", message["message"].replace("*", "")))
    return told


def digests(received: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in received if keys_of(message)[0].startswith("2-")]


def keys(received: Sequence[dict[str, Any]]) -> list[str]:
    return [key for message in received for key in keys_of(message)]


def keys_of(message: dict[str, Any]) -> list[str]:
    """The keys of the alerts in a message."""
    return re.findall(r"\d+-\d+", message["message"].rpartition("ref ")[2])


def wait_until(done: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end
        threading.Event().wait(0.05)


def rows(folder: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "presswatch.db")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()
