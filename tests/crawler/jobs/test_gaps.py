"""A listing that shares nothing with the one before: what came and went in between is looked for on older pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.events import PollEnded
from storage.sources import sources
from storage.tables import sightings
from storage.types import SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import Website

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),  # Twisted has one reactor, and it has one loop
    pytest.mark.slow,
]

PAGE = 5


def publish(site: Website, newest: int, folder: str = "news", title: str = "The minister opened the bridge") -> None:
    """Show the statements up to this one, five on a page, the newest first, undated."""
    for number, first in enumerate(range(newest, 0, -PAGE), 1):
        rows = "".join(
            f'<li><a href="/{folder}/{n}">{title} number {n}</a></li>' for n in range(first, max(first - PAGE, 0), -1)
        )
        pager = f'<a rel="next" href="/news?page={number + 1}">older</a>'
        site.answer("/news" if number == 1 else f"/news?page={number}", f"<h1>News</h1><ul>{rows}</ul>{pager}")
    for n in range(newest + 1):
        site.answer(f"/{folder}/{n}", f"<h1>{title} number {n}</h1><p>It was opened.</p>")


def noting(database: Database, ended: list[PollEnded]) -> Crawl:
    """A crawl that notes how its polls ended."""
    return Crawl(database, report=lambda event: ended.append(event) if isinstance(event, PollEnded) else None)


def watch(database: Database, site: Website) -> None:
    spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0)
    database.write(sources.add, spec, alert_first=False, now=now())


def seen(database: Database) -> dict[str, bool]:
    """The numbers of the statements that were seen, and whether they are silent."""
    rows = database.read(lambda connection: connection.execute(select(sightings.c.address, sightings.c.silent)).all())
    return {row.address.rpartition("/")[2]: row.silent for row in rows}


def pages(site: Website) -> list[str]:
    return [path for path in site.paths if path.startswith("/news?")]


async def test_a_gap_is_filled_from_older_pages_and_what_was_missed_is_news(database: Database, site: Website) -> None:
    watch(database, site)
    publish(site, 20)
    ended: list[PollEnded] = []
    async with running(noting(database, ended)) as crawl:
        await poll(crawl, "test/news")
        assert pages(site) == [], "the first poll does not page back"
        publish(site, 33)
        await poll(crawl, "test/news")
        await poll(crawl, "test/news")
    assert pages(site) == ["/news?page=2", "/news?page=3"]
    assert {number for number, silent in seen(database).items() if not silent} == {str(n) for n in range(21, 34)}
    assert ended[1].detail == "a gap was filled: 8 missed entries on 2 older pages"
    assert ended[1].new == 13
    assert database.read(sources.get, "test/news").gap_page == ""


async def test_a_listing_that_overlaps_has_no_gap(database: Database, site: Website) -> None:
    watch(database, site)
    publish(site, 20)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        publish(site, 24)
        await poll(crawl, "test/news")
    assert pages(site) == []


async def test_known_titles_at_other_addresses_are_no_gap_but_a_redesign(database: Database, site: Website) -> None:
    watch(database, site)
    publish(site, 20)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        publish(site, 20, folder="new/news")
        await poll(crawl, "test/news")
    assert pages(site) == []


async def test_a_gap_that_a_site_in_trouble_leaves_open_is_filled_by_the_next_poll(
    database: Database, site: Website
) -> None:
    """As it is after a kill: the page that comes next is a row."""
    watch(database, site)
    publish(site, 20)
    ended: list[PollEnded] = []
    async with running(noting(database, ended)) as crawl:
        await poll(crawl, "test/news")
        publish(site, 33)
        site.answer("/news?page=2", status=500)
        await poll(crawl, "test/news")
        assert database.read(sources.get, "test/news").gap_page == site.address("/news?page=2")
    publish(site, 33)
    async with running(noting(database, ended)) as crawl:
        await poll(crawl, "test/news")
    assert {str(n) for n in range(16, 34)} <= seen(database).keys()
    assert "not filled yet" in ended[1].detail
    assert "8 missed entries" in ended[2].detail


async def test_a_gap_without_an_end_is_left_after_ten_pages_and_said(database: Database, site: Website) -> None:
    watch(database, site)
    publish(site, 20)
    ended: list[PollEnded] = []
    async with running(noting(database, ended)) as crawl:
        await poll(crawl, "test/news")
        publish(site, 200)
        await poll(crawl, "test/news")
    assert len(pages(site)) == 10
    assert "a gap may remain: 50 missed entries" in ended[1].detail
