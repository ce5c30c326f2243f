"""What real polls teach of a source's habits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.leases import owner
from storage.sources import polls, sources
from storage.types import Habits, SourceSpec
from tests.crawler.website import LOOPBACK, Website

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def publish(site: Website, newest: int) -> None:
    """Show the ten statements up to this one; the first was made on the tenth of November."""
    site.answer(
        "/news",
        "<h1>News</h1>"
        + "".join(
            f'<p>{number} November 2024 <a href="/news/{number}">The minister opened the bridge number {number}</a></p>'
            for number in range(newest, newest - 10, -1)
        ),
    )


async def test_a_poll_teaches_what_is_new_and_how_long_the_listing_is(database: Database, site: Website) -> None:
    database.write(
        sources.add, SourceSpec("test/news", "News", site.address("/news"), delay=0.0), alert_first=False, now=now()
    )
    publish(site, 20)
    crawl = Crawl(database)
    await crawl.start(LOOPBACK)
    try:
        first = await habits_after_a_poll(crawl)
        assert (first.entries, first.finds, first.gaps) == ((10,), 0, (86_400,) * 9)
        publish(site, 22)
        second = await habits_after_a_poll(crawl)
        assert (second.entries, second.finds, second.overlap_wait) == ((10, 10), 1, 0)
        assert await habits_after_a_poll(crawl) == second
    finally:
        await crawl.stop()


async def habits_after_a_poll(crawl: Crawl) -> Habits:
    crawl.submit(crawl.database.write(polls.claim_due, owner(), now(), limit=1, keys=["test/news"]))
    await crawl.idle()
    habits = crawl.database.read(sources.get, "test/news").habits
    assert habits is not None
    return habits
