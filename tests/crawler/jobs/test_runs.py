"""The jobs of one crawl: as many at a time as there are places, and none is hurt by what another one meets."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler import pipelines
from crawler.jobs import poll as poll_job
from crawler.jobs.runs import POLLS_OF_A_HOST
from crawler.queue import BackfillJob, Fetch, Steady
from crawler.run import Crawl
from crawler.spiders import sections
from storage.clock import now
from storage.database import Database
from storage.errors import UnreadableError
from storage.events import Event, FaultBegan, MistakeMade, PollEnded
from storage.items import revisits
from storage.leases import owner, owner_is_dead
from storage.sources import backfills, polls, sources
from storage.tables import sources as source_rows
from storage.types import Reason, Source, SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import LOOPBACK, Website
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

MISTAKE = "AssertionError: a mistake of ours"

LISTING = "<h1>News</h1>" + "".join(
    f'<p>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></p>' for day in range(10, 20)
)
ARTICLE = "<h1>The minister opened bridge {}</h1><p>It leads over the river, and is long.</p>"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def watch(database: Database, site: Website, *names: str) -> None:
    for name in names:
        spec = SourceSpec(f"test/{name}", name, site.address(f"/{name}"), delay=0.0)
        database.write(sources.add, spec, alert_first=False, now=now())


def publish(site: Website, name: str) -> None:
    site.answer(f"/{name}", LISTING)
    for day in range(10, 20):
        site.answer(f"/n/{day}", ARTICLE.format(day))


def source_of(database: Database, name: str) -> Source:
    return database.read(sources.get, f"test/{name}")


def reason_of(database: Database, name: str) -> Reason:
    return source_of(database, name).reason


def lease_of(database: Database, name: str) -> datetime | None:
    lease = select(source_rows.c.lease_until).where(source_rows.c.key == f"test/{name}")
    return database.read(lambda connection: connection.scalar(lease))


async def settled(crawl: Crawl) -> None:
    async with asyncio.timeout(PATIENCE):
        await crawl.idle()


async def mistaken(*_: Any) -> Any:
    """A step with a mistake in it."""
    raise AssertionError("a mistake of ours")


class ForgetfulOf(Steady):
    """A plan with a mistake: it fails for one source."""

    def __init__(self, key: str) -> None:
        self._key = key

    def next_poll(self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None) -> datetime:
        if source.key == self._key:
            raise ZeroDivisionError("a mistake of ours")
        return super().next_poll(source, reason, now, retry_after)


async def test_as_many_sources_are_asked_at_a_time_as_there_are_places(database: Database, site: Website) -> None:
    names = [f"news{number}" for number in range(6)]
    watch(database, site, *names)
    site.company, site.lull = 2, 0.3
    places = {"CONCURRENT_REQUESTS": 2, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
    async with running(Crawl(database), {**LOOPBACK, **places}) as crawl:
        await poll(crawl, *(f"test/{name}" for name in names))
    assert sorted(site.paths) == sorted(["/robots.txt", *(f"/{name}" for name in names)])
    assert site.together == 2


async def test_the_sections_of_one_host_do_not_hold_all_places(database: Database, site: Website) -> None:
    names = [f"news{number}" for number in range(6)]
    watch(database, site, *names)
    address = site.address("/elsewhere").replace("127.0.0.1", "127.1")
    elsewhere = SourceSpec("test/elsewhere", "News", address, delay=0.0)
    database.write(sources.add, elsewhere, alert_first=False, now=now())
    site.company = POLLS_OF_A_HOST + 1
    places = {"CONCURRENT_REQUESTS": POLLS_OF_A_HOST + 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "ROBOTSTXT_OBEY": False}
    async with running(Crawl(database), {**LOOPBACK, **places}) as crawl:
        await poll(crawl, *(f"test/{name}" for name in names), "test/elsewhere")
    assert "/elsewhere" in site.paths[: POLLS_OF_A_HOST + 1]
    assert sorted(site.paths) == sorted([*(f"/{name}" for name in names), "/elsewhere"])


async def test_a_mistake_of_ours_costs_the_job_that_meets_it_and_no_other(database: Database, site: Website) -> None:
    watch(database, site, "broken", "sound")
    async with running(Crawl(database, plan=ForgetfulOf("test/broken"))) as crawl:
        await poll(crawl, "test/broken")
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE


async def test_a_mistake_over_an_unchanged_page_costs_that_job_too(database: Database, site: Website) -> None:
    site.answer("/broken", LISTING, ETag='"one"')
    watch(database, site, "broken", "sound")
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/broken")
        assert reason_of(database, "broken") is Reason.OK
        crawl.plan = ForgetfulOf("test/broken")
        await poll(crawl, "test/broken")
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE


@pytest.mark.parametrize("address", ["/there", "/refused"])
async def test_a_page_that_nobody_waits_for_any_more_stops_nothing(
    database: Database, site: Website, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /refused")
    watch(database, site, "sound")
    async with running(Crawl(database)) as crawl:
        job = Fetch(site.address(address))
        crawl.submit([job])
        job.page.cancel()
        await settled(crawl)
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE
    assert not caplog.records


# -- a mistake of ours is told, and holds nothing --------------------------------------------------------------------


async def test_a_mistake_in_the_reading_of_a_listing_frees_the_source(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(database, site, "news")
    publish(site, "news")
    told: list[Event] = []
    async with running(Crawl(database, report=told.append)) as crawl:
        monkeypatch.setattr(crawl.reading, "listing", mistaken)
        await poll(crawl, "test/news")
        assert crawl.polling == [], "its lease is renewed no more"
    assert lease_of(database, "news") is None
    assert MistakeMade("a poll of test/news", MISTAKE) in told
    assert [(event.reason, event.detail) for event in told if isinstance(event, PollEnded)] == [
        (Reason.UNREADABLE, MISTAKE)
    ]


async def test_a_mistake_over_the_validators_of_an_unchanged_page_frees_the_source(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answer("/news", LISTING, ETag='"one"')
    watch(database, site, "news")
    told: list[Event] = []

    def mistaken(response: object) -> Any:
        raise AssertionError("a mistake of ours")

    async with running(Crawl(database, report=told.append)) as crawl:
        await poll(crawl, "test/news")
        monkeypatch.setattr(poll_job, "validators_of", mistaken)
        await poll(crawl, "test/news")
    assert lease_of(database, "news") is None
    assert told.count(MistakeMade("a poll of test/news", MISTAKE)) == 1


async def test_a_mistake_in_the_plan_frees_the_source_for_its_next_interval(database: Database, site: Website) -> None:
    watch(database, site, "news")
    told: list[Event] = []
    async with running(Crawl(database, plan=ForgetfulOf("test/news"), report=told.append)) as crawl:
        await poll(crawl, "test/news")
    source = source_of(database, "news")
    assert lease_of(database, "news") is None
    assert source.last_poll_at is not None
    assert source.next_poll_at == source.last_poll_at + timedelta(seconds=source.spec.interval)
    assert MistakeMade("a poll of test/news", "ZeroDivisionError: a mistake of ours") in told


async def test_a_mistake_in_a_request_is_no_fault_of_the_site(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(database, site, "news")
    told: list[Event] = []
    async with running(Crawl(database, report=told.append)) as crawl:
        await poll(crawl, "test/news")  # now there is an engine
        monkeypatch.setattr(crawl.engine, "download_async", mistaken)
        await poll(crawl, "test/news")
    assert lease_of(database, "news") is None
    assert MistakeMade("a poll of test/news", MISTAKE) in told


async def test_a_mistake_in_one_article_costs_that_article_only(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(database, site, "news")
    publish(site, "news")
    told: list[Event] = []
    async with running(Crawl(database, report=told.append)) as crawl:
        read = crawl.reading.article

        async def mistaken_over_one(page: Any, *rest: Any) -> Any:
            return await (mistaken() if page.address.endswith("/15") else read(page, *rest))

        monkeypatch.setattr(crawl.reading, "article", mistaken_over_one)
        await poll(crawl, "test/news")
    (ended,) = [event for event in told if isinstance(event, PollEnded)]
    assert (ended.reason, ended.entries, ended.new) == (Reason.OK, 10, 9)
    assert ended.detail == "1 of its articles could not be read yet"
    assert told.count(MistakeMade("an article of test/news", MISTAKE)) == 1
    assert [event.detail for event in told if isinstance(event, FaultBegan)] == [MISTAKE]


async def test_a_mistake_in_a_pipeline_is_known_to_the_job_that_waits_for_it(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(database, site, "news")
    publish(site, "news")
    told: list[Event] = []

    def mistaken(article: object) -> Any:
        raise AssertionError("a mistake of ours")

    monkeypatch.setattr(pipelines, "clean", mistaken)
    async with running(Crawl(database, report=told.append)) as crawl:
        await poll(crawl, "test/news")
    assert lease_of(database, "news") is None
    assert told.count(MistakeMade("an article of test/news", MISTAKE)) == 10


async def test_a_mistake_in_a_revisit_leaves_the_item_for_its_next_time(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(database, site, "news")
    publish(site, "news")
    told: list[Event] = []
    async with running(Crawl(database, report=told.append)) as crawl:
        await poll(crawl, "test/news")
        later = now() + timedelta(days=1)
        [job] = database.read(revisits.due, later)
        monkeypatch.setattr(crawl.reading, "article", mistaken)
        crawl.submit([job])
        await settled(crawl)
        assert not crawl.revisiting
    assert MistakeMade("a revisit of test/news", MISTAKE) in told
    [other] = database.read(revisits.due, later)
    assert other.item.id != job.item.id, "its turn has passed"


async def test_a_mistake_in_a_fetch_is_one_line_for_whoever_waits_for_the_page(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    async with running(Crawl(database, report=told.append)) as crawl:
        await crawl.fetch(site.address("/there"))  # now there is an engine
        monkeypatch.setattr(crawl.engine, "download_async", mistaken)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(UnreadableError) as raised:
                await crawl.fetch(site.address("/there"))
        await settled(crawl)
    assert str(raised.value) == f"{site.address('/there')}: {MISTAKE}"
    assert raised.value.mend
    assert told == [MistakeMade("a fetch", MISTAKE)]


async def test_a_mistake_in_a_backfill_pauses_it(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(database, site, "news")
    publish(site, "news")
    told: list[Event] = []
    source = source_of(database, "news")
    row = database.write(backfills.claim, source, now().date(), owner(), now(), owner_is_dead)
    job = BackfillJob(row, source, 10, asyncio.Event(), lambda progress: None, lambda words: None)
    async with running(Crawl(database, report=told.append)) as crawl:
        monkeypatch.setattr(crawl.reading, "listing", mistaken)
        crawl.submit([job])
        async with asyncio.timeout(PATIENCE):
            outcome = await job.outcome
        await settled(crawl)
    assert (outcome.finished, outcome.reason, outcome.detail) == (False, Reason.UNREADABLE, MISTAKE)
    assert MistakeMade("a backfill of test/news", MISTAKE) in told
    [paused] = database.read(backfills.every)
    assert (paused.ended_at, paused.lease_until) == (None, None)


async def test_a_crawl_that_ends_by_itself_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    told: asyncio.Queue[Event] = asyncio.Queue()
    monkeypatch.setattr(sections, "run_all", mistaken)
    async with running(Crawl(database, report=told.put_nowait)), asyncio.timeout(PATIENCE):
        assert await told.get() == MistakeMade("the crawl", "RuntimeError: it has ended by itself")


async def test_a_mistake_of_whoever_is_told_ends_no_job(database: Database, site: Website) -> None:
    watch(database, site, "news", "sound")

    def report(event: Event) -> None:
        raise BrokenPipeError("nobody reads this any more")

    async with running(Crawl(database, report=report)) as crawl:
        await poll(crawl, "test/news")
        await poll(crawl, "test/sound")
    assert (reason_of(database, "news"), reason_of(database, "sound")) == (Reason.GONE, Reason.GONE)
    assert database.read(polls.open_owners) == ()


KILLED = """
import asyncio, os, signal, sys, pathlib
from crawler.run import Crawl
from storage.opening import open_database

async def main():
    crawl = Crawl(open_database(pathlib.Path(sys.argv[1])))
    await crawl.start({})
    await crawl._warming_up
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_killed_process_leaves_nothing_on_the_terminal(tmp_path: Path) -> None:
    """Python tidies up after it, and said so: of leaked semaphores."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, env=environment)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stderr == ""
