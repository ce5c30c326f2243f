"""Statements that share an address, through a real crawl: each is stored with its own text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.items import revisits
from storage.sources import sources
from storage.tables import items, versions
from storage.types import SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import Website

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def item(day: int, link: str, text: str = "") -> str:
    link = f"<link>{link}</link>" if link else ""
    about = f"<description>{text}</description>" if text else ""
    return (
        f"<item><title>Briefing of {day} November</title>{link}{about}<guid isPermaLink='false'>b-{day}</guid>"
        f"<pubDate>{day} Nov 2026 09:00:00 +0300</pubDate></item>"
    )


def publish(site: Website, *shown: str) -> None:
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Briefings</title>{''.join(shown)}</channel></rss>"
    site.answer("/feed.xml", feed, Content_Type="application/rss+xml")


def page(day: int) -> str:
    return (
        f"<title>Briefing of {day} November</title><main><article><h1>Briefing of {day} November</h1>"
        f"<p>The spokesman of the ministry of Zalesia held a briefing on the {day}th and answered questions.</p>"
        "</article></main>"
    )


def told(database: Database) -> list[tuple[str, str, int]]:
    """Title, text and number of all versions, in the order of their items."""
    wanted = select(versions.c.title, versions.c.body, versions.c.number).join(items, items.c.id == versions.c.item_id)
    rows = database.read(lambda connection: connection.execute(wanted.order_by(versions.c.id)).all())
    return [(row.title, row.body, row.number) for row in rows]


async def poll_each(database: Database, site: Website, *states: Any) -> None:
    """Poll once in each state of the site, and read again what is due a day later."""
    spec = SourceSpec("test/news", "News", site.address("/feed.xml"), languages=("en",), delay=0.0)
    database.write(sources.add, spec, alert_first=True, now=now())
    async with running(Crawl(database)) as crawl:
        for state in states:
            state()
            await poll(crawl, "test/news")
            for job in database.read(revisits.due, now() + timedelta(days=1)):
                crawl.submit([job])
                await crawl.idle()


@pytest.mark.parametrize("keeps", [False, True])
async def test_today_s_briefing_is_a_statement_each_day(database: Database, site: Website, keeps: bool) -> None:
    def day(number: int) -> Any:
        def state() -> None:
            shown = range(number, 11 if keeps else number - 1, -1)
            publish(site, *(item(one, site.address("/briefing")) for one in shown))
            site.answer("/briefing", page(number))

        return state

    await poll_each(database, site, day(12), day(13), day(14))
    assert [(title, number) for title, _, number in told(database)] == [
        ("Briefing of 12 November", 1),
        ("Briefing of 13 November", 1),
        ("Briefing of 14 November", 1),
    ]
    assert all(f"on the {number}th" in body for number, (_, body, _) in zip((12, 13, 14), told(database), strict=True))


async def test_entries_that_lead_to_their_section_have_the_text_of_the_feed(database: Database, site: Website) -> None:
    def state() -> None:
        days = (12, 13, 14)
        publish(site, *(item(day, site.address("/news"), f"The answers of day {day}.") for day in days))
        site.answer("/news", "<h1>News</h1>" + "".join(f"<h2>Briefing of {day} November</h2>" for day in days))

    await poll_each(database, site, state, state)
    assert [body for _, body, _ in told(database)] == [f"The answers of day {day}." for day in (14, 13, 12)]


async def test_statements_at_anchors_have_the_text_that_stands_there(database: Database, site: Website) -> None:
    def state() -> None:
        publish(site, *(item(day, site.address(f"/2026.html#d{day}")) for day in (14, 13, 12)))
        parts = "".join(
            f"<section id='d{day}'><h2>Briefing</h2><p>The {day}th day.</p></section>" for day in (12, 13, 14)
        )
        site.answer("/2026.html", f"<title>2026</title><h1>2026</h1>{parts}")

    await poll_each(database, site, state, state)
    assert [body for _, body, _ in told(database)] == [f"The {day}th day." for day in (12, 13, 14)]


async def test_a_page_of_one_script_is_no_text_of_its_statements(database: Database, site: Website) -> None:
    def state() -> None:
        publish(site, *(item(day, site.address(f"/#!/news/{day}"), f"The answers of {day}.") for day in (14, 13, 12)))
        site.answer("/", "<title>Ministry</title><h1>Ministry</h1><p>Please wait until all is there.</p>")

    await poll_each(database, site, state, state)
    assert [body for _, body, _ in told(database)] == [f"The answers of {day}." for day in (12, 13, 14)]
    assert "/" not in site.paths


async def test_an_entry_without_a_link_is_a_statement_with_the_text_of_the_feed(
    database: Database, site: Website
) -> None:
    site.answer("/briefing", page(12))
    other = item(12, site.address("/briefing"))

    def said(text: str) -> Any:
        return lambda: publish(site, item(13, "", text), other)

    await poll_each(database, site, said("The talks are over."), said("The talks are over."), said("The talks go on."))
    assert [(title, body, number) for title, body, number in told(database) if "13" in title] == [
        ("Briefing of 13 November", "The talks are over.", 1),
        ("Briefing of 13 November", "The talks go on.", 2),
    ]
    assert len(told(database)) == 3
