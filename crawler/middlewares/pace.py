"""One request at a time for each host, and between two of them the longest delay that anyone asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

LONGEST = 120.0
"""Seconds: a longer Crawl-delay would be a refusal, and robots.txt has a line for that."""

SHORTEST = 0.001
"""Seconds: without any delay Scrapy 2.19 starts all that waits for a host at once, whatever the concurrency."""


class PaceMiddleware:
    """Gives the download slot of a request's host its delay.

    `request.meta["delay"]` is the source's, `request.meta["crawl_delay"]` that of robots.txt; seconds.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._concurrency = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._shortest = SHORTEST if self._concurrency == 1 else 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PaceMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        asked = (request.meta.get("delay", 0.0), request.meta.get("crawl_delay") or 0.0)
        delay = min(max(*asked, self._shortest), LONGEST)
        host = urlparse_cached(request).hostname or ""
        engine = self._crawler.engine
        assert engine is not None
        downloader = engine.downloader
        # Scrapy drops idle slots and makes them anew from these settings.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": self._concurrency}
        if host in downloader.slots:
            downloader.slots[host].delay = delay
