"""Helpers of the tests of whole crawls: sections of a site are watched, and a plan has a mistake."""

from __future__ import annotations

import asyncio
from datetime import datetime

from crawler.queue import Steady
from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.sources import sources
from storage.types import Reason, Source, SourceSpec
from tests.crawler.website import Website
from tests.patience import PATIENCE

LISTING = "<h1>News</h1>" + "".join(
    f'<p>{day} November 2024 <a href="/n/{day}">The minister opened bridge {day}</a></p>' for day in range(10, 20)
)
ARTICLE = "<h1>The minister opened bridge {}</h1><p>It leads over the river, and is long.</p>"


def watch(database: Database, site: Website, *names: str) -> None:
    for name in names:
        spec = SourceSpec(f"test/{name}", name, site.address(f"/{name}"), delay=0.0)
        database.write(sources.add, spec, alert_first=False, now=now())


def publish(site: Website, name: str) -> None:
    site.answer(f"/{name}", LISTING)
    for day in range(10, 20):
        site.answer(f"/n/{day}", ARTICLE.format(day))


def source_of(database: Database, name: str) -> Source:
    return database.read(sources.get, f"test/{name}")


def reason_of(database: Database, name: str) -> Reason:
    return source_of(database, name).reason


async def settled(crawl: Crawl) -> None:
    async with asyncio.timeout(PATIENCE):
        await crawl.idle()


class ForgetfulOf(Steady):
    """A plan with a mistake: it fails for one source."""

    def __init__(self, key: str) -> None:
        self._key = key

    def next_poll(self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None) -> datetime:
        if source.key == self._key:
            raise ZeroDivisionError("a mistake of ours")
        return super().next_poll(source, reason, now, retry_after)
