"""Real polls: what they ask for, what they remember of the answer, and what they teach of a source's habits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from crawler.queue import FULL_FETCH
from crawler.run import Crawl
from storage import tables
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError
from storage.events import Event, StatementStored
from storage.sources import sources
from storage.types import FORGOTTEN, Habits, Reason, Source, SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import LOOPBACK, Website
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


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


async def test_a_304_that_nobody_asked_for_is_a_fault_from_the_first_poll_on(database: Database, site: Website) -> None:
    site.answer("/news", status=304, ETag='"broken"')
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        for _ in range(2):
            await poll(crawl, "test/news")
            assert (source(database).reason, source(database).baseline_at) == (Reason.SERVER_ERROR, None)
            assert "304" in source(database).detail
        publish(site, 19)
        await poll(crawl, "test/news")
    assert source(database).reason is Reason.OK
    assert conditions(site) == [None] * 3


async def test_a_304_that_was_asked_for_is_no_fault(database: Database, site: Website) -> None:
    publish(site, 19, etag='"one"')
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        site.answer("/news", status=304)
        await poll(crawl, "test/news")
        assert source(database).reason.readable
        long_ago = now() - FULL_FETCH - timedelta(seconds=1)
        database.write(lambda connection: connection.execute(update(tables.sources).values(full_fetch_at=long_ago)))
        await poll(crawl, "test/news")
    assert source(database).reason is Reason.SERVER_ERROR


async def test_an_article_that_answers_304_unasked_is_read_again_later(database: Database, site: Website) -> None:
    publish(site, 19)
    site.answer("/news/19", status=304)
    site.answer("/news/18", "<h1>The minister opened the bridge number 18</h1><p>It leads over the river.</p>")
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
    waiting = database.read(
        lambda connection: connection.execute(
            select(tables.sightings.c.reason, tables.sightings.c.address).where(tables.sightings.c.item_id.is_(None))
        ).all()
    )
    assert {row.address.rpartition("/")[2]: row.reason for row in waiting}["19"] == Reason.SERVER_ERROR


async def test_hosts_that_cannot_be_are_no_entries_and_cost_no_wait(
    database: Database, site: Website, caplog: pytest.LogCaptureFixture
) -> None:
    impossible = ["http://a..b.example/1", f"http://{'a' * 64}.example/2", f"http://{'a.' * 130}example/3"]
    links = "".join(f'<p>9 November 2024 <a href="{one}">The minister opened the bridge</a></p>' for one in impossible)
    publish(site, 19)
    _, _, body = site._answers["/news"]
    site.answer("/news", body + links.encode())
    site.answer("/news/19", status=302, Location=impossible[0])
    watch(database, site)
    async with running(Crawl(database), {**LOOPBACK, "DOWNLOAD_TIMEOUT": PATIENCE * 2}) as crawl:
        await poll(crawl, "test/news")
    seen = database.read(
        lambda connection: connection.execute(select(tables.sightings.c.address, tables.sightings.c.reason)).all()
    )
    assert len(seen) == 10
    assert {row.address.rpartition("/")[2]: row.reason for row in seen}["19"] == Reason.REFUSED
    assert [record for record in caplog.records if "Unhandled" in record.getMessage()] == []


async def test_a_source_at_a_host_that_cannot_be_is_refused_with_the_reason(database: Database) -> None:
    with pytest.raises(InvalidInputError, match="no host can be called"):
        database.write(
            sources.add, SourceSpec("a/b", "News", "https://a..b.example/news"), alert_first=False, now=now()
        )


# -- how long it goes on ---------------------------------------------------------------------------------------------


def due(database: Database) -> datetime:
    at = source(database).next_poll_at
    assert at is not None
    return at


def waiting(database: Database) -> int:
    """How many articles wait to be read."""
    left = select(func.count()).where(tables.sightings.c.next_attempt_at.is_not(None))
    return database.read(lambda connection: connection.scalar(left)) or 0


async def test_what_is_left_when_the_time_of_a_poll_is_over_waits_for_the_next_one_which_is_due_at_once(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, 19, etag='"one"')
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        with monkeypatch.context() as hurry:
            hurry.setattr("crawler.jobs.patience.LONGEST", 0.0)
            await poll(crawl, "test/news")
        assert site.paths == ["/robots.txt", "/news"]
        assert (waiting(database), due(database) <= now()) == (10, True)
        assert source(database).detail == "10 of its articles wait for the next poll"
        assert source(database).reason.readable
        for number in range(10, 20):
            site.answer(f"/news/{number}", f"<h1>The bridge number {number}</h1><p>It leads over the river.</p>")
        await poll(crawl, "test/news")
    assert (waiting(database), due(database) > now()) == (0, True)
    silent = database.read(lambda connection: connection.scalars(select(tables.items.c.silent)).all())
    assert silent == [True] * 10, "they are of the first listing all the same"


async def test_a_poll_asks_no_longer_for_what_leads_nowhere_but_for_the_rest_as_long_as_it_takes(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.jobs.patience.LONGEST_IN_VAIN", 0.0001)
    publish(site, 19)
    for number in range(10, 18):
        site.answer(f"/news/{number}", f"<h1>The bridge number {number}</h1><p>It leads over the river.</p>")
    site.answer("/news/18", status=503)
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        assert due(database) > now(), "there is no hurry"
    assert site.paths[2:] == [f"/news/{number}" for number in range(10, 19)], "the ninth is the first in vain"
    assert waiting(database) == 2


async def test_a_gap_is_filled_no_further_when_the_time_is_over(
    database: Database, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, 19)
    watch(database, site)
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/news")
        older = tables.sources.c.gap_page
        page = site.address("/news?page=2")
        database.write(lambda connection: connection.execute(update(tables.sources).values({older: page})))
        monkeypatch.setattr("crawler.jobs.patience.LONGEST", 0.0)
        await poll(crawl, "test/news")
    assert "/news?page=2" not in site.paths
    assert source(database).gap_page == page


async def test_a_poll_whose_source_another_process_has_claimed_ends_and_leaves_it_alone(
    database: Database, site: Website
) -> None:
    publish(site, 19)
    for number in range(10, 20):
        site.answer(f"/news/{number}", f"<h1>The bridge number {number}</h1><p>It leads over the river.</p>")
    watch(database, site)
    stored: list[Event] = []

    def lose_it(event: Event) -> None:
        if isinstance(event, StatementStored):
            stored.append(event)
            theirs = update(tables.sources).values(lease_owner="elsewhere/1/x")
            database.write(lambda connection: connection.execute(theirs))
            crawl.lose([source(database).id])

    async with running(crawl := Crawl(database, report=lose_it)):
        await poll(crawl, "test/news")
    assert len(stored) == 1
    rows = database.read(lambda connection: connection.execute(select(tables.polls.c.reason)).scalars().all())
    assert rows == [Reason.INTERRUPTED]
    held = database.read(lambda connection: connection.scalar(select(tables.sources.c.lease_owner)))
    assert held == "elsewhere/1/x"
    assert waiting(database) == 9


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
