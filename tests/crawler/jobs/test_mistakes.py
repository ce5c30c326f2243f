"""A mistake of ours in a job is told, and holds nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crawler import pipelines
from crawler.jobs import poll as poll_job
from crawler.queue import BackfillJob
from crawler.run import Crawl
from crawler.spiders import sections
from storage.clock import now
from storage.database import Database
from storage.errors import UnreadableError
from storage.events import Event, FaultBegan, MistakeMade, PollEnded
from storage.items import revisits
from storage.leases import owner, owner_is_dead
from storage.sources import backfills, polls
from storage.tables import sources as source_rows
from storage.types import Reason
from tests.crawler.jobs.crawls import LISTING, ForgetfulOf, publish, reason_of, settled, source_of, watch
from tests.crawler.running import poll, running
from tests.crawler.website import Website
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

MISTAKE = "AssertionError: a mistake of ours"


def lease_of(database: Database, name: str) -> datetime | None:
    lease = select(source_rows.c.lease_until).where(source_rows.c.key == f"test/{name}")
    return database.read(lambda connection: connection.scalar(lease))


async def mistaken(*_: Any) -> Any:
    """A step with a mistake in it."""
    raise AssertionError("a mistake of ours")


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
