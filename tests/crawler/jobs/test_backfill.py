"""A section's past: read in a real crawl of the replica, silently, page by page or by its search form."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crawler.jobs import backfill_walk
from crawler.queue import BackfillJob, BackfillOutcome, BackfillProgress
from crawler.reading.process import ReadingProcess
from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from presswatch.demo.form import SearchForm as Desk
from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from scheduler import jobs
from storage.clock import now
from storage.database import Database
from storage.leases import owner, owner_is_dead
from storage.people import channels, subscriptions, topics
from storage.sources import backfills, sources
from storage.types import SOLE_OWNER, SearchForm, Source
from tests.crawler.running import poll, running

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),  # Twisted has one reactor, and it has one loop
    pytest.mark.slow,
]

TODAY = date.today()


class Kept(ReadingProcess):
    """A reading process for all tests of this file: starting one takes longer than any of them."""

    def close(self) -> None:
        """Go on."""


@pytest.fixture(scope="module")
def reading() -> Iterator[Kept]:
    kept = Kept()
    yield kept
    ReadingProcess.close(kept)


@pytest.fixture
def database(database: Database, reading: Kept) -> Database:
    shared[database.path] = reading
    return database


shared: dict[Path, Kept] = {}


@asynccontextmanager
async def crawling(database: Database) -> AsyncIterator[tuple[Crawl, Dispatch]]:
    async with running(Crawl(database, reading=shared[database.path])) as crawl:
        yield crawl, Dispatch(database, owner=owner(), console=io.StringIO())


def section(database: Database, site: ReplicaSite, *, by_form: bool = False) -> Source:
    """The replica's English section, watched, with someone to be told of the CSTO."""
    spec = specs(site)[0]
    source = database.write(
        sources.add, spec if by_form else replace(spec, search=SearchForm()), alert_first=False, now=now()
    )
    topic = database.write(topics.add, SOLE_OWNER, database.packs, "CSTO", "CSTO", now())
    channel = database.write(channels.add, SOLE_OWNER, database.keyring, "console", "console", now())
    database.write(subscriptions.subscribe, topic, channel, now())
    return source


def publish(site: ReplicaSite, count: int, *, days_between: int = 1, first: int = 1) -> None:
    """Publish so many, the oldest first; the newest is `first` days old."""
    for number in reversed(range(count)):
        day = TODAY - timedelta(days=first + number * days_between)
        site.publish(f"On the CSTO, {day}", f"The CSTO met on {day}.", date=day)


class Watcher:
    """Reads a source's past, and keeps what was said."""

    def __init__(self, database: Database, source: Source) -> None:
        self.database = database
        self.source = source
        self.notices: list[str] = []
        self.progress: list[BackfillProgress] = []
        self.moved = asyncio.Event()
        self.stop = asyncio.Event()

    def report(self, progress: BackfillProgress) -> None:
        self.progress.append(progress)
        self.moved.set()

    async def back(self, parts: tuple[Crawl, Dispatch], days: int | None, max_pages: int = 100) -> BackfillOutcome:
        since = None if days is None else TODAY - timedelta(days=days)
        source = self.database.read(sources.get, self.source.key)
        row = self.database.write(backfills.claim, source, since, owner(), now(), owner_is_dead)
        job = BackfillJob(row, source, max_pages, self.stop, self.report, self.notices.append)
        return await jobs.backfill(*parts, job)


def rows(database: Database, question: str) -> list[tuple[Any, ...]]:
    return database.read(lambda connection: [tuple(row) for row in connection.execute(text(question))])


def titles(database: Database) -> set[str]:
    return {row[0] for row in rows(database, "SELECT title FROM versions")}


async def test_a_past_is_read_to_its_day_once_and_alerts_nobody(database: Database) -> None:
    with ReplicaSite() as site:
        publish(site, 45)
        source = section(database, site)
        watcher = Watcher(database, source)
        async with crawling(database) as parts:
            paused = await watcher.back(parts, 24, max_pages=1)
            assert (paused.finished, paused.reason) == (False, "page-cap")
            assert (await watcher.back(parts, None)).reason == "date"
            assert len(titles(database)) == 24
            fetched = [request.path for request in site.requests if request.path.endswith(".html")]
            assert len(fetched) == len(set(fetched)) == 24, "each once, and nothing that is older"
            publish(site, 1, first=0)
            site.withdraw(site.statement(fetched[0].rpartition("/")[2].removesuffix(".html")))
            await poll(parts[0], source.key)
            await parts[1].match_new()
    assert rows(database, "SELECT count(*) FROM matches") == [(25,)], "what it found is matched"
    assert rows(database, "SELECT count(*) FROM alerts") == [(0,)], "and the first poll after it is silent too"
    assert watcher.progress[-1].reached is not None


async def test_what_is_new_on_the_first_page_of_a_watched_section_is_the_polls_to_tell(database: Database) -> None:
    with ReplicaSite() as site:
        publish(site, 25)
        source = section(database, site)
        async with crawling(database) as parts:
            await poll(parts[0], source.key)
            publish(site, 1, first=0)
            assert (await Watcher(database, source).back(parts, 60)).reason == "end"
            assert rows(database, "SELECT count(*) FROM alerts") == [(0,)]
            assert len(titles(database)) == 25
            await poll(parts[0], source.key)
            await parts[1].match_new()
    assert rows(database, "SELECT count(*) FROM alerts") == [(1,)], "the new one, and none of the old ones"


async def test_the_search_form_is_asked_day_by_day(database: Database) -> None:
    with ReplicaSite(form=Desk(token_uses=3)) as site:
        publish(site, 14, days_between=2)
        busy = TODAY - timedelta(days=5)
        for number in range(11):
            site.publish(f"Many on one day {number}", "A busy day.", date=busy)
        site.publish("Without a date", "When was it?", date=None)
        watcher = Watcher(database, section(database, site, by_form=True))
        async with crawling(database) as parts:
            outcome = await watcher.back(parts, 12)
        assert outcome.reason == "date"
        shown = titles(database)
        assert {title for title in shown if "CSTO" in title} == {
            f"On the CSTO, {TODAY - timedelta(days=day)}" for day in (1, 3, 7, 9, 11)
        }
        assert len([title for title in shown if "Many" in title]) == 10
        assert watcher.notices == [f"{busy}: the form shows 10 statements and no more; some may be missing"]
        asked = [request for request in site.requests if request.method == "POST"]
        assert {request.headers["referer"] for request in asked} == {site.section()}
        assert all("PHPSESSID" in request.headers["cookie"] for request in asked)
        assert len(shown) == 15


async def test_the_pages_of_a_day_are_asked_for_where_the_form_has_them(database: Database) -> None:
    with ReplicaSite(form=Desk(paged=True)) as site:
        for number in range(23):
            site.publish(f"Many on one day {number}", "A busy day.", date=TODAY - timedelta(days=1))
        watcher = Watcher(database, section(database, site, by_form=True))
        async with crawling(database) as parts:
            await watcher.back(parts, 1)
    assert len(titles(database)) == 23
    assert watcher.notices == []


async def test_a_host_that_refuses_is_left_alone_and_the_backfill_can_be_taken_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_walk, "PATIENCE", (0.01, 0.01))
    with ReplicaSite(form=Desk()) as site:
        publish(site, 6)
        watcher = Watcher(database, section(database, site, by_form=True))
        async with crawling(database) as parts:
            site.block(200)
            assert (await watcher.back(parts, 6)).reason == "blocked"
            site.mend()
            assert (await watcher.back(parts, None)).finished
    assert len(titles(database)) == 6


async def test_a_backfill_stops_when_it_is_asked_to(database: Database) -> None:
    with ReplicaSite() as site:
        publish(site, 12)
        watcher = Watcher(database, section(database, site))
        async with crawling(database) as parts:
            site.slow(0.3)
            going = asyncio.ensure_future(watcher.back(parts, 60))
            await watcher.moved.wait()
            watcher.stop.set()
            outcome = await going
    assert (outcome.finished, outcome.reason) == (False, "stopped")
    (row,) = database.read(backfills.every)
    assert (row.ended_at, row.lease_until, row.reason) == (None, None, "stopped")
