"""The jobs of one crawl: as many at a time as there are places, and none is hurt by what another one meets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime

import pytest

from crawler.queue import Fetch, Steady
from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.sources import sources
from storage.types import Reason, Source, SourceSpec
from tests.crawler.running import poll, running
from tests.crawler.website import LOOPBACK, Website
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

"""Seconds after which a crawl has come to a stop."""


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def watch(database: Database, site: Website, *names: str) -> None:
    for name in names:
        spec = SourceSpec(f"test/{name}", name, site.address(f"/{name}"), delay=0.0)
        database.write(sources.add, spec, alert_first=False, now=now())


def reason_of(database: Database, name: str) -> Reason:
    return database.read(sources.get, f"test/{name}").reason


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


async def test_a_mistake_of_ours_costs_the_job_that_meets_it_and_no_other(database: Database, site: Website) -> None:
    watch(database, site, "broken", "sound")
    async with running(Crawl(database, plan=ForgetfulOf("test/broken"))) as crawl:
        await poll(crawl, "test/broken")
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE


async def test_a_mistake_over_an_unchanged_page_costs_that_job_too(database: Database, site: Website) -> None:
    entries = (
        f'<p>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></p>' for day in range(10, 20)
    )
    site.answer("/broken", f"<h1>News</h1>{''.join(entries)}", ETag='"one"')
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
        async with asyncio.timeout(PATIENCE):
            await crawl.idle()
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE
    assert not caplog.records
