"""The traps of real sites' addresses, ids and encodings, through a real crawl into a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.items import items
from storage.leases import owner
from storage.sources import polls, sources
from storage.tables import items as items_table
from storage.tables import sightings
from storage.types import SourceSpec
from tests.crawler.website import LOOPBACK, Website

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),  # Twisted has one reactor, and it has one loop
    pytest.mark.slow,
]

RUSSIAN = "Министр встретился с руководством речного порта и осмотрел новые причалы в среду."
CHINESE = "部长星期三会见了港口的领导，参观了新建的码头，并感谢了工人们的辛勤劳动。"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def page(title: str, text: str, charset: str = "") -> str:
    head = f'<meta charset="{charset}">' if charset else ""
    body = f"<article><h1>{title}</h1><p>{text}</p></article>"
    return f"<html><head>{head}<title>{title}</title></head><body>{body}</body></html>"


def section(*rows: tuple[str, str]) -> str:
    lines = "".join(
        f'<p>{28 - number} November 2024 <a href="{reference}">{title}</a></p>'
        for number, (reference, title) in enumerate(rows)
    )
    return f"<h1>News</h1>{lines}"


async def poll(database: Database, site: Website, *paths: str) -> None:
    keys = [f"test{path.replace('/', '-')}/news" for path in paths]
    for key, path in zip(keys, paths, strict=True):
        if key not in {source.key for source in database.read(sources.every)}:
            database.write(
                sources.add, SourceSpec(key, "News", site.address(path), delay=0.0), alert_first=False, now=now()
            )
    crawl = Crawl(database)
    await crawl.start(LOOPBACK)
    try:
        crawl.submit(database.write(polls.claim_due, owner(), now(), limit=9, keys=keys))
        await crawl.idle()
    finally:
        await crawl.stop()


def counted(database: Database) -> tuple[int, int]:
    """How many items there are, and how many sightings."""
    return database.read(
        lambda connection: (
            connection.scalar(select(func.count()).select_from(items_table)) or 0,
            connection.scalar(select(func.count()).select_from(sightings)) or 0,
        )
    )


async def test_one_statement_in_three_sections_is_one_item_with_three_sightings(
    database: Database, site: Website
) -> None:
    numbers = range(1, 6)
    for number in numbers:
        site.answer(f"/texts/{number}", page(f"The bridge number {number} is open", "It was opened by the minister."))
    titles = [(f"The bridge number {number} is open", number) for number in numbers]
    site.answer("/a/", section(*((f"/texts/{number}", title) for title, number in titles)))
    site.answer("/b/", section(*((f"../texts/./{number}?utm_source=b", title) for title, number in titles)))
    site.answer("/c/", section(*((f"/texts/{number};jsessionid=A{number}", title) for title, number in titles)))
    for number in numbers:
        site.answer(f"/texts/{number};jsessionid=A{number}", page(f"The bridge number {number} is open", "It was."))
    await poll(database, site, "/a/", "/b/", "/c/")
    assert counted(database) == (5, 15)
    (first,) = database.read(lambda connection: [items.get(connection, 1)])
    assert len(database.read(items.sections, first.id)) == 3


async def test_raw_blanks_dots_and_missing_slashes_lead_to_the_page(database: Database, site: Website) -> None:
    references = {
        "./one.html": "/news/one.html",
        "two statement.pdf.html": "/news/two%20statement.pdf.html",
        " three.html ": "/news/three.html",
        "../news/four.html": "/news/four.html",
        "?id=5&lang=en": "/news/?id=5&lang=en",
    }
    rows = [(reference, f"The bridge number {number} is open") for number, reference in enumerate(references, 1)]
    site.answer("/news/", section(*rows))
    for (_, title), path in zip(rows, references.values(), strict=True):
        site.answer(path, page(title, "It was opened by the minister."))
    await poll(database, site, "/news/")
    assert counted(database) == (5, 5)
    assert sorted(path for path in site.paths if path in references.values()) == sorted(references.values())


async def test_encodings_are_told_by_the_page_however_it_declares_them(database: Database, site: Website) -> None:
    ways = {
        "/e/1": (RUSSIAN, "windows-1251", "windows-1251", "text/html"),
        "/e/2": (RUSSIAN, "windows-1251", "", "text/html"),
        "/e/3": (RUSSIAN, "windows-1251", "utf-8", "text/html; charset=utf-8"),
        "/e/4": (CHINESE, "gbk", "gb2312", "text/html"),
        "/e/5": (CHINESE, "gbk", "", "text/html"),
        "/e/6": (CHINESE, "gbk", "utf-8", "text/html; charset=utf-8"),
    }
    site.answer("/news", section(*((path, f"The bridge number {path[-1]} is open") for path in ways)))
    for path, (text, encoding, declared, content_type) in ways.items():
        title = f"The bridge number {path[-1]} is open"
        site.answer(path, page(title, text, declared).encode(encoding), Content_Type=content_type)
    await poll(database, site, "/news")
    assert counted(database) == (6, 6)
    for path, (text, *_) in ways.items():
        found = database.read(items.find, site.address(path))
        assert found is not None
        assert found.version.body == text, path


async def test_a_list_ordered_by_update_makes_nothing_new(database: Database, site: Website) -> None:
    rows = [(f"/u/{number}", f"The bridge number {number} is open") for number in range(1, 7)]
    for path, title in rows:
        site.answer(path, page(title, "It was opened by the minister."))
    site.answer("/news", section(*rows))
    await poll(database, site, "/news")
    site.answer("/news", section(rows[5], rows[2], *rows[:2], *rows[3:5]))
    await poll(database, site, "/news")
    assert counted(database) == (6, 6)


async def test_ids_that_change_with_each_edit_and_fewer_ids_than_entries_make_nothing_new_and_lose_nothing(
    database: Database, site: Website
) -> None:
    def feed(edit: int) -> str:
        rows = "".join(
            f"<item><title>The bridge number {number} is open</title><link>{site.address(f'/f/{number}')}</link>"
            f"<guid isPermaLink='false'>{site.address(f'/f/{number % 2}')}#{edit}</guid></item>"
            for number in range(1, 7)
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{rows}</channel></rss>"

    for number in range(1, 7):
        site.answer(f"/f/{number}", page(f"The bridge number {number} is open", "It was opened by the minister."))
    for edit in (1, 2):
        site.answer("/feed", feed(edit), Content_Type="application/rss+xml")
        await poll(database, site, "/feed")
    assert counted(database) == (6, 6)
