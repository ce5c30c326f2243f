"""robots.txt, as RFC 9309 has it.

Scrapy's own middleware keeps a robots.txt for as long as the crawl runs, which here is months, and takes a server
error for permission. The RFC says: at most 24 hours, unless it cannot be had any more (2.4), no file or a refusal to
show it means that all is allowed (2.3.1.3), an error of the server that nothing is (2.3.1.4), and five redirects are
followed (2.3.1.2). What a site answered is kept in the database: a command that fetches one page asks no site twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from storage.clock import now
from storage.database import Database
from storage.errors import StorageError
from storage.sources import robots
from storage.sources.robots import RobotsFile

MAX_AGE = timedelta(hours=24)
RETRY_AGE = timedelta(minutes=10)
"""After this long a server that failed to show its robots.txt is asked again."""
STALE_AGE = timedelta(days=30)
"""How long the last answer counts while the server fails (RFC 9309, 2.3.1.4: "a reasonably long period of time")."""
SIZE_LIMIT = 500 * 1024
"""Characters that are kept and read: the least that a crawler must read (RFC 9309, 2.5), in bytes."""


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the address, or could not be had from a server in trouble."""


class _Rules:
    """A site's robots.txt, parsed when it is first asked for."""

    def __init__(self, file: RobotsFile) -> None:
        self.file = file
        self.refusal = f"{file.site}/robots.txt answered {file.status}" if _is_trouble(file.status) else ""
        self.parser = Protego.parse(file.body) if file.status < 300 else None


class RobotsMiddleware:
    """Asks each site's robots.txt before anything else is asked there; `request.meta["crawl_delay"]` is its delay."""

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
        if known is None or (known.done() and (known.exception() or known.result().file.expires_at < now())):
            known = self._rules[site] = asyncio.ensure_future(self._have(site, request.meta.get("delay", 0.0)))
        return known.result() if known.done() else await asyncio.shield(known)

    async def _have(self, site: str, delay: float) -> _Rules:
        """The rules as another crawl left them, else as the site shows them now, else as they were when it last did."""
        kept = await self._kept(site)
        if kept is not None and kept.expires_at > now():
            return _Rules(kept)
        try:
            file = await self._fetch(site, delay)
        except IgnoreRequest:
            raise
        except Exception:
            if kept is None or not _is_of_use(kept):
                raise
            return _Rules(replace(kept, expires_at=now() + RETRY_AGE))
        if not _is_trouble(file.status):
            await self._keep(file)
        elif kept is not None and _is_of_use(kept):
            return _Rules(replace(kept, expires_at=now() + RETRY_AGE))
        return _Rules(file)

    async def _fetch(self, site: str, delay: float) -> RobotsFile:
        engine = self._crawler.engine
        assert engine is not None
        request = Request(f"{site}/robots.txt", meta={"is_robots": True, "delay": delay}, dont_filter=True)
        at = now()
        try:
            response = await engine.download_async(request)
        except IgnoreRequest as error:
            if "redirect" not in str(error):
                raise
            return RobotsFile(site, at, at + MAX_AGE, 310)  # more redirects than are followed: it counts as none
        if _is_trouble(response.status):
            return RobotsFile(site, at, at + RETRY_AGE, response.status)
        body = response.body.decode("utf-8-sig", "replace")[:SIZE_LIMIT] if response.status < 300 else ""
        return RobotsFile(site, at, at + MAX_AGE, response.status, body.replace("\0", ""))

    @property
    def _database(self) -> Database | None:
        crawl = getattr(self._crawler.spider, "crawl", None)
        return crawl.database if crawl is not None else None

    async def _kept(self, site: str) -> RobotsFile | None:
        return await self._database.read_async(robots.find, site) if self._database is not None else None

    async def _keep(self, file: RobotsFile) -> None:
        if self._database is not None:
            try:
                await self._database.write_async(robots.save, file)
            except StorageError:  # it is asked for again by the next crawl; the polls say that the storage refuses
                return


def _is_trouble(status: int) -> bool:
    """Whether the server could not answer: an error, or it is asked too often."""
    return status >= 500 or status == 429


def _is_of_use(kept: RobotsFile) -> bool:
    return kept.fetched_at + STALE_AGE > now()
