"""robots.txt, as RFC 9309 has it.

Scrapy's own middleware keeps a robots.txt for as long as the crawl runs, which here is months, and takes a server
error for permission. The RFC says: at most 24 hours (2.4), no file or a refusal to show it means that all is allowed
(2.3.1.3), an error of the server that nothing is (2.3.1.4).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_AGE = 24 * 3600.0
RETRY_AGE = 600.0
"""Seconds after which a server that failed to show its robots.txt is asked again."""


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the address, or could not be had from a server in trouble."""


@dataclass(frozen=True, slots=True)
class _Rules:
    parser: Protego | None
    refusal: str
    expires: float


class RobotsMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._user_agent: str = crawler.settings["USER_AGENT"]
        self._obey = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._rules: dict[str, asyncio.Task[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if not self._obey or request.meta.get("is_robots"):
            return
        rules = await self._rules_for(request)
        if rules.refusal:
            raise RobotsRefused(rules.refusal)
        if rules.parser is None:
            return
        if not rules.parser.can_fetch(request.url, self._user_agent):
            raise RobotsRefused(f"robots.txt of {urlparse_cached(request).netloc} forbids {request.url}")
        request.meta["crawl_delay"] = rules.parser.crawl_delay(self._user_agent)

    async def _rules_for(self, request: Request) -> _Rules:
        """The host's rules: fetched once, however many requests wait for them. A failed connection is raised."""
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._rules.get(site)
        if known is None or (known.done() and (known.exception() or known.result().expires < time.monotonic())):
            known = self._rules[site] = asyncio.ensure_future(self._fetch(site, request.meta.get("delay", 0.0)))
        return known.result() if known.done() else await asyncio.shield(known)

    async def _fetch(self, site: str, delay: float) -> _Rules:
        engine = self._crawler.engine
        assert engine is not None
        request = Request(f"{site}/robots.txt", meta={"is_robots": True, "delay": delay}, dont_filter=True)
        response = await engine.download_async(request)
        now = time.monotonic()
        if response.status >= 500:
            return _Rules(None, f"{request.url} answered {response.status}", now + RETRY_AGE)
        if response.status >= 300:
            return _Rules(None, "", now + MAX_AGE)
        return _Rules(Protego.parse(response.body.decode("utf-8", "replace")), "", now + MAX_AGE)
