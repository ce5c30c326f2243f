"""Work of a person that fetches pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from storage.database import Database
from storage.types import Page

if TYPE_CHECKING:
    from crawler.discovery.discover import Fetcher
    from crawler.reading.process import ReadingProcess
    from presswatch.settings import Settings

R = TypeVar("R")


def with_a_crawl(
    database: Database,
    settings: Settings,
    work: Callable[[Fetcher, ReadingProcess], Awaitable[R]],
    *,
    in_browser: Collection[str] = (),
) -> R:
    """Do some work that fetches pages under the rules of every crawl: robots.txt, delays, the guard, the limits.

    Those of the hosts `in_browser` are read after their scripts have run.
    """
    from crawler.run import Crawl
    from presswatch.loop import run

    async def working() -> R:
        crawl = Crawl(database)
        await crawl.start(settings.scrapy)

        async def fetch(address: str) -> Page:
            return await crawl.fetch(address, browser=urlsplit(address).hostname in in_browser)

        try:
            return await work(fetch, crawl.reading)
        finally:
            await crawl.stop()

    return run(working())
