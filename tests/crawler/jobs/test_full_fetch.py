"""A listing is fetched whole now and then: a broken cache says for ever that nothing has changed."""

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
from storage.types import SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import Website

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

LISTING = "<h1>News</h1>" + "".join(
    f'<p>{day} November 2024 <a href="/news/{day}">The minister opened the bridge number {day}</a></p>'
    for day in range(10, 20)
)


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        site.answer("/news", LISTING, ETag='"one"')
        yield site


def conditions(site: Website) -> list[str | None]:
    """What the polls said they knew already, in order."""
    return [asked.headers.get("If-None-Match") for asked in site.asked if asked.path == "/news"]


async def test_a_listing_is_asked_for_with_its_validators_and_now_and_then_without(
    database: Database, site: Website
) -> None:
    spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0)
    database.write(sources.add, spec, alert_first=False, now=now())
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        await poll(crawl, "test/news")
        assert conditions(site) == [None, '"one"']
        long_ago = now() - FULL_FETCH - timedelta(seconds=1)
        database.write(lambda connection: connection.execute(update(tables.sources).values(full_fetch_at=long_ago)))
        await poll(crawl, "test/news")
        await poll(crawl, "test/news")
    assert conditions(site) == [None, '"one"', None, '"one"']
