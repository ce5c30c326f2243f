"""A statement that is read again: what its page says now, and what stands in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crawler.jobs import revisit
from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.events import Event, StatementWithdrawn
from storage.items import revisits, withdrawals
from storage.items.revisits import Revisit
from storage.items.withdrawals import ItemState
from storage.sources import sources
from storage.tables import versions
from storage.types import SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import Website
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

DAYS = range(10, 18)
ARTICLE = "<title>Bridge {0}</title><h1>The minister opened bridge {0}</h1><p>It leads over the river, and is long.</p>"
LISTING = "<h1>News</h1>" + "".join(
    f'<p>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></p>' for day in DAYS
)
NOT_FOUND = "<title>Page not found</title><h1>Page not found</h1><p>Sorry, the page does not exist or was moved.</p>"
WORKS = "<title>Technical works</title><h1>Technical works</h1><p>The site is under maintenance. Try again later.</p>"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        site.answer("/", "<h1>Ministry</h1><p>Welcome.</p>")
        site.answer("/news", LISTING)
        for day in DAYS:
            site.answer(f"/n/{day}", ARTICLE.format(day))
        yield site


async def withdrawn(database: Database, site: Website, answer: dict[int, tuple[str, int, dict[str, str]]]) -> list[str]:
    """Which statements are said to be withdrawn or back when pages answer so, and all is read again for days."""
    told: list[Event] = []
    spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0)
    database.write(sources.add, spec, alert_first=False, now=now())
    async with running(Crawl(database, report=told.append)) as crawl:
        await poll(crawl, "test/news")
        for day, (body, status, headers) in answer.items():
            site.answer(f"/n/{day}", body, status, **headers)
        jobs: list[Revisit] = []
        for _ in DAYS:
            jobs += database.read(revisits.due, now() + timedelta(hours=12))
            await read_again(crawl, jobs[-1])
            database.write(revisits.postpone, jobs[-1].item.id, now() + timedelta(days=1))
        for later in (1, 2, 3):
            with pytest.MonkeyPatch.context() as clock:
                clock.setattr(revisit, "now", lambda days=later: now() + timedelta(days=days))
                for job in jobs:
                    if int(job.item.address.rpartition("/n/")[2]) in answer:
                        await read_again(crawl, job)
    edits = select(func.count()).where(versions.c.number > 1)
    assert database.read(lambda connection: connection.scalar(edits)) == 0
    gone = [event for event in told if isinstance(event, StatementWithdrawn) and not event.suspected]
    return [event.address.rpartition("/n/")[2] for event in gone]


async def read_again(crawl: Crawl, job: Revisit) -> None:
    crawl.submit([job])
    async with asyncio.timeout(PATIENCE):
        await crawl.idle()


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [
        (NOT_FOUND, 200, {}),
        ("<title>This page was removed</title><p>Try the search.</p>", 200, {}),
        ("<h1>The minister opened bridge 12</h1><p>This statement has been removed.</p>", 200, {}),
        ("<title>Материал удалён</title><meta charset=utf-8>", 200, {"Content_Type": "text/html; charset=utf-8"}),
        ("", 302, {"Location": "/"}),
        ("", 301, {"Location": "/news"}),
        ("", 404, {}),
    ],
)
async def test_a_page_that_is_gone_is_withdrawn_whatever_it_answers(
    database: Database, site: Website, body: str, status: int, headers: dict[str, str]
) -> None:
    assert await withdrawn(database, site, {12: (body, status, headers)}) == ["12"]


@pytest.mark.parametrize("body", [WORKS, "<h1>500</h1>Internal Server Error", "<title>Before you continue</title>"])
async def test_a_page_of_works_says_nothing_of_its_statement(database: Database, site: Website, body: str) -> None:
    assert await withdrawn(database, site, {day: (body, 200, {}) for day in DAYS}) == []


async def test_a_site_that_leads_all_its_statements_home_has_not_withdrawn_them(
    database: Database, site: Website
) -> None:
    assert await withdrawn(database, site, {day: ("", 302, {"Location": "/"}) for day in DAYS}) == []


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_a_site_that_is_down_or_blocks_us_has_withdrawn_nothing(
    database: Database, site: Website, status: int
) -> None:
    assert await withdrawn(database, site, {day: ("", status, {}) for day in DAYS}) == []


async def test_a_statement_that_stands_again_before_it_was_believed_gone_was_never_withdrawn(
    database: Database, site: Website
) -> None:
    told: list[Event] = []
    spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0)
    database.write(sources.add, spec, alert_first=False, now=now())
    async with running(Crawl(database, report=told.append)) as crawl:
        await poll(crawl, "test/news")
        [job] = database.read(revisits.due, now() + timedelta(hours=12))
        day = job.item.address.rpartition("/n/")[2]
        site.answer(f"/n/{day}", "", 404)
        await read_again(crawl, job)
        assert database.read(withdrawals.standing, job.item.id).suspected_at is not None
        site.answer(f"/n/{day}", ARTICLE.format(day))
        await read_again(crawl, job)
    assert database.read(withdrawals.standing, job.item.id) == withdrawals.Standing()
    states = [each.state for each in database.read(withdrawals.history, job.item.id)]
    assert states == [ItemState.SUSPECTED, ItemState.RESTORED]
