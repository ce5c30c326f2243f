"""Real polls: what they ask for, what they remember of the answer, and what they teach of a source's habits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from crawler.queue import FULL_FETCH
from crawler.run import Crawl
from storage import tables
from storage.clock import now
from storage.database import Database
from storage.sources import sources
from storage.types import FORGOTTEN, Habits, Reason, Source, SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import Website

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def publish(site: Website, newest: int, etag: str = "") -> None:
    """Show the ten statements up to this one; the first was made on the tenth of November."""
    rows = (
        f'<p>{number} November 2024 <a href="/news/{number}">The minister opened the bridge number {number}</a></p>'
        for number in range(newest, newest - 10, -1)
    )
    site.answer("/news", f"<h1>News</h1>{''.join(rows)}", ETag=etag)


def watch(database: Database, site: Website, path: str = "/news") -> None:
    spec = SourceSpec("test/news", "News", site.address(path), delay=0.0)
    database.write(sources.add, spec, alert_first=False, now=now())


def source(database: Database) -> Source:
    return database.read(sources.get, "test/news")


def conditions(site: Website, path: str = "/news") -> list[str | None]:
    """What the polls said they knew already, in order."""
    return [asked.headers.get("If-None-Match") for asked in site.asked if asked.path == path]


# -- what it asks for ------------------------------------------------------------------------------------------------


async def test_a_listing_is_asked_for_with_its_validators_and_now_and_then_without(
    database: Database, site: Website
) -> None:
    """A broken cache says for ever that nothing has changed."""
    publish(site, 19, etag='"one"')
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        await poll(crawl, "test/news")
        assert conditions(site) == [None, '"one"']
        long_ago = now() - FULL_FETCH - timedelta(seconds=1)
        database.write(lambda connection: connection.execute(update(tables.sources).values(full_fetch_at=long_ago)))
        await poll(crawl, "test/news")
        await poll(crawl, "test/news")
    assert conditions(site) == [None, '"one"', None, '"one"']


async def test_a_refused_poll_keeps_the_validators_of_the_last_listing(database: Database, site: Website) -> None:
    publish(site, 19, etag='"one"')
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        known = source(database).validators
        site.answer("/news", "no", status=403, ETag='"refused"')
        await poll(crawl, "test/news")
    assert (source(database).reason, source(database).validators) == (Reason.BLOCKED, known)
    assert known.etag == '"one"'


async def test_an_index_of_sitemaps_is_read_whole_each_time(database: Database, site: Website) -> None:
    """It need not change when the newest of them does."""
    child = f"<sitemap><loc>{site.address('/2024.xml')}</loc></sitemap>"
    site.answer("/index.xml", f'<sitemapindex xmlns="{SITEMAP}">{child}</sitemapindex>', ETag='"same"')
    watch(database, site, "/index.xml")
    async with running(Crawl(database)) as crawl:
        for newest in (3, 4):
            rows = (f"<url><loc>{site.address(f'/news/{number}')}</loc></url>" for number in range(newest))
            site.answer("/2024.xml", f'<urlset xmlns="{SITEMAP}">{"".join(rows)}</urlset>')
            await poll(crawl, "test/news")
            assert source(database).validators == FORGOTTEN
    assert conditions(site, "/index.xml") == [None, None]
    assert {"/news/3"} <= set(site.paths)


# -- what it teaches -------------------------------------------------------------------------------------------------


async def test_a_poll_teaches_what_is_new_and_how_long_the_listing_is(database: Database, site: Website) -> None:
    watch(database, site)
    publish(site, 20)
    async with running(Crawl(database)) as crawl:
        first = await habits_after_a_poll(crawl)
        assert (first.entries, first.finds, first.gaps) == ((10,), 0, (86_400,) * 9)
        publish(site, 22)
        second = await habits_after_a_poll(crawl)
        assert (second.entries, second.finds, second.overlap_wait) == ((10, 10), 1, 0)
        assert await habits_after_a_poll(crawl) == second


async def habits_after_a_poll(crawl: Crawl) -> Habits:
    await poll(crawl, "test/news")
    habits = source(crawl.database).habits
    assert habits is not None
    return habits
