"""The baseline of both crawls: a bare Scrapy crawl, tuned as well as ours, that keeps nothing.

It warms up first, as a crawl that runs for months has done; what is measured begins when the connections are open.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from twisted.internet import asyncioreactor

from crawler import settings
from crawler.reading.process import ReadingProcess
from storage.types import Page, Published, SourceSpec
from tests.bench.measure import Run, calm
from tests.bench.server import ETAG, Section

SETTINGS: dict[str, Any] = {
    "CONCURRENT_REQUESTS": settings.CONCURRENT_REQUESTS,
    "CONCURRENT_REQUESTS_PER_DOMAIN": settings.CONCURRENT_REQUESTS,
    "CONCURRENT_ITEMS": 1,
    "DOWNLOAD_DELAY": 0,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "STATS_CLASS": settings.STATS_CLASS,
    "LOG_LEVEL": "WARNING",
    "EXTENSIONS": settings.EXTENSIONS,
    "DOWNLOADER_MIDDLEWARES": {name: None for name in settings.DOWNLOADER_MIDDLEWARES if name.startswith("scrapy.")},
    "SPIDER_MIDDLEWARES": {
        f"scrapy.spidermiddlewares.{name}": None
        for name in (
            "start.StartSpiderMiddleware",
            "httperror.HttpErrorMiddleware",
            "urllength.UrlLengthMiddleware",
            "depth.DepthMiddleware",
            "metacopy.MetaCopyDetectionMiddleware",
        )
    },
}


class BareSpider(scrapy.Spider):
    """Fetches the first addresses to warm up, then the others while the time is taken."""

    name = "bare"

    def __init__(self, work: _Work, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._work = work

    async def start(self) -> AsyncIterator[Request]:
        work = self._work
        for addresses in (work.warm_up, work.addresses):
            work.begin(len(addresses))
            for address in addresses:
                headers = {"If-None-Match": ETAG} if work.conditional else None
                yield Request(address, headers=headers, callback=self.read, dont_filter=True)
            await work.over.wait()

    async def read(self, response: Response) -> None:
        if self._work.reading is not None and response.url.endswith(".html"):
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            page = Page(response.url, response.body, response.status, content_type)
            await self._work.reading.article(page, self._work.spec, "", Published())
        self._work.one_done()


class _Work:
    """What the spider fetches, and the time it took."""

    def __init__(
        self,
        warm_up: Sequence[str],
        addresses: Sequence[str],
        *,
        spec: SourceSpec,
        conditional: bool,
        reading: ReadingProcess | None,
    ) -> None:
        self.warm_up = warm_up
        self.addresses = addresses
        self.spec = spec
        self.conditional = conditional
        self.reading = reading
        self.over = asyncio.Event()
        self.wall = self.cpu = 0.0
        self._left = 0

    def begin(self, count: int) -> None:
        self.over.clear()
        self._left = count
        calm()
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def one_done(self) -> None:
        self._left -= 1
        if not self._left:
            self.wall, self.cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
            self.over.set()


def bare_polls(sections: Sequence[Section], *, conditional: bool) -> Run:
    """Fetch each listing once, after a first round to warm up."""
    listings = [section.address for section in sections]
    return asyncio.run(_crawl(listings, listings, sections[0].spec(), conditional=conditional, reads=False))


def bare_articles(sections: Sequence[Section]) -> Run:
    """Fetch each listing and its articles; read the articles in the reader process. The first section warms up."""
    listings = [section.address for section in sections]
    articles = [address for section in sections[1:] for address in section.articles]
    Random(0).shuffle(articles)  # else whole sections would be asked of one host after the other
    warm_up = [*listings, *sections[0].articles]
    work = _crawl(warm_up, listings[1:] + articles, sections[0].spec(), conditional=False, reads=True)
    run = asyncio.run(work)
    return Run(len(articles), run.wall, run.cpu)


async def _crawl(
    warm_up: Sequence[str], addresses: Sequence[str], spec: SourceSpec, *, conditional: bool, reads: bool
) -> Run:
    reading = ReadingProcess() if reads else None
    if reading is not None:
        await reading.start()
    work = _Work(warm_up, addresses, spec=spec, conditional=conditional, reading=reading)
    try:
        await _runner().crawl(BareSpider, work=work)
    finally:
        _end_threads()
        if reading is not None:
            reading.close()
    return Run(len(addresses), work.wall, work.cpu)


def _runner() -> AsyncCrawlerRunner:
    """Scrapy on the running loop, with its own defaults under `SETTINGS`."""
    asyncioreactor.install(asyncio.get_running_loop())  # type: ignore[no-untyped-call]
    _reactor().startRunning(installSignalHandlers=False)
    return AsyncCrawlerRunner(SETTINGS)


def _end_threads() -> None:
    """End the reactor's threads, which resolve names: the process would wait for them for ever."""
    _reactor().fireSystemEvent("shutdown")


def _reactor() -> Any:
    from twisted.internet import reactor  # installed only now

    return reactor
