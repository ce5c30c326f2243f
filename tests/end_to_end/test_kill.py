"""A killed process loses nothing, and one that is stopped doubles nothing.

Real processes crawl a real site over HTTP, match, and deliver alerts and digests to a real receiver, and are killed
with SIGKILL at random moments, while the ministry publishes, edits, withdraws and restores. What it published is then
stored once each, as it is now and as it was, every statement that touches the topic was announced, and what was
announced twice was in flight when its process died.
"""

from __future__ import annotations

import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.database import Database
from storage.sources import sources
from storage.types import Source
from tests.end_to_end.ministry import Ministry
from tests.fakes.deliverer import DELIVERER
from tests.fakes.program import Program, Running
from tests.fakes.sinks import HTTPSink, keys_of
from tests.patience import wait_until
from tests.storage.examples import draft, spec, store

CRAWL_KILLS = 22
DELIVERY_KILLS = 80
STOPS = 200
FULL = 10
"""With `--full` so many times as many kills."""
SHARE = 0.6
"""Of the statements, at least so many are stored by processes that are killed, and not by the last one."""

LONGER = 1.2
"""How much longer the next one lives that follows one which stored nothing: the machine may be busier by now."""

REPEATED = """SELECT count(*) FROM versions one JOIN versions next ON next.item_id = one.item_id
    AND next.number = one.number + 1 AND (next.title, next.body) = (one.title, one.body)"""
"""Versions that say what the one before said."""

WORDS = "The ministers of Riverland spoke about bridge number {} and the tolls on either bank of the river."


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    return FULL if request.config.getoption("--full") else 1


@pytest.fixture
def pause() -> threading.Event:
    """Never set: waiting for it is a moment of a given length."""
    return threading.Event()


@pytest.mark.timeout(3600)
def test_killed_while_statements_come_are_edited_and_withdrawn_they_lose_no_statement_and_no_alert(
    tmp_path: Path, times: int, pause: threading.Event
) -> None:
    chance = random.Random(1)
    kills = CRAWL_KILLS * times
    program = Program(tmp_path)
    with ReplicaSite(page_size=1000) as site, HTTPSink() as sink:
        ministry = Ministry(site, program, chance)
        ministry.begin()
        program.watch(site)
        assert program("subscribe", "CSTO", "--to", f"json://127.0.0.1:{sink.port}/").code == 0
        born = time.monotonic()
        with program.started() as first:
            baseline = "SELECT count(*) FROM sources WHERE baseline_at IS NOT NULL"
            wait_until(lambda: program.rows(baseline) == [(2,)])
            life = time.monotonic() - born
            end(first)

        stored, before = "SELECT count(*) FROM items WHERE silent = 0", 0
        for _ in range(kills):
            with program.started() as child:
                ministry.act()
                pause.wait(life * chance.uniform(0.1, 1.8))
                child.kill()
            [(count,)] = program.rows(stored)
            life, before = life if count > before else life * LONGER, count

        assert before >= SHARE * len(ministry.announced), "the kills fell while it worked"
        with program.started() as last:
            sink.wait_until(lambda received: announced(received).keys() >= ministry.announced)
            ministry.read_again()
            end(last)

    assert ministry.known == ministry.as_it_is, "each is known as it is now, also what is withdrawn"
    assert ministry.invented == set(), "what is withdrawn is kept as it was seen"
    titles = Counter(row[0] for row in program.rows("SELECT title FROM versions WHERE number = 1"))
    assert titles.keys() >= ministry.untouched and max(titles.values()) == 1, "each statement is stored once"
    assert program.rows("SELECT count(*) FROM items") == [(len(ministry.shown),)]
    assert program.rows(REPEATED) == [(0,)], "an edit is stored once"
    assert announced(sink.received).keys() == ministry.announced, "what stood there before is not announced"
    assert len({key for key in keys(sink.received) if key.count("-") == 1}) == len(ministry.announced)
    nothing_is_lost_and_repetitions_can_be_recognised(program, sink.received, kills)


@pytest.mark.timeout(1800)
def test_killed_while_matching_digesting_and_delivering_they_lose_no_alert(
    tmp_path: Path, times: int, pause: threading.Event
) -> None:
    chance = random.Random(2)
    kills = DELIVERY_KILLS * times
    program, born = Program(tmp_path), datetime.now(UTC)
    with HTTPSink() as sink, program.database() as database:
        source = told(program, database, sink)
        published, life = first_life(program, born, database, source, sink)
        for _ in range(kills):
            with delivering(program, born) as child:
                published += publish(database, source, published, chance.randint(0, 2))
                pause.wait(life * chance.uniform(0.1, 1.5))
                child.kill()
        with delivering(program, born) as last:
            sink.wait_until(lambda received: len(set(keys(received))) == 2 * published)
            end(last)
    assert digests(sink.received), "digests were among what was killed"
    nothing_is_lost_and_repetitions_can_be_recognised(program, sink.received, kills)


@pytest.mark.timeout(1800)
def test_two_hundred_stops_lose_nothing_and_double_nothing(tmp_path: Path, pause: threading.Event) -> None:
    chance = random.Random(3)
    program, published, born = Program(tmp_path), 0, datetime.now(UTC)
    with HTTPSink() as sink, program.database() as database:
        source = told(program, database, sink)
        for _ in range(STOPS):
            with delivering(program, born) as child:
                published += publish(database, source, published, chance.randint(0, 1))
                pause.wait(chance.uniform(0.02, 0.1))
                end(child)
        with delivering(program, born) as last:
            sink.wait_until(lambda received: len(set(keys(received))) == 2 * published)
            end(last)
    assert len(keys(sink.received)) == 2 * published, "nothing came twice"
    nothing_is_lost_and_repetitions_can_be_recognised(program, sink.received, 0)


def delivering(program: Program, born: datetime) -> AbstractContextManager[Running]:
    return program.started(born.isoformat(), main=DELIVERER)


def end(child: Running) -> None:
    """As a service manager does."""
    code = child.stop(signal.SIGTERM)
    assert code in (0, -signal.SIGTERM), code  # the latter: it had not begun yet


def first_life(
    program: Program, born: datetime, database: Database, source: Source, sink: HTTPSink
) -> tuple[int, float]:
    """How long a process takes on this machine until its first message is out; and that one statement was published."""
    with delivering(program, born) as child:
        end(child)
    published, started = publish(database, source, 0, 1), time.monotonic()
    with delivering(program, born) as child:
        sink.wait_for(1)
        life = time.monotonic() - started
        end(child)
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
    program: Program, received: Sequence[dict[str, Any]], kills: int
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
    assert program.rows("SELECT count(*) FROM alerts WHERE state <> 'sent'") == [(0,)]
    assert program.rows("SELECT count(*) FROM versions WHERE matched_at IS NULL") == [(0,)]
    assert program.rows("PRAGMA integrity_check") == [("ok",)]


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
