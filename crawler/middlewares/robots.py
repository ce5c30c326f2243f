"""robots.txt, as RFC 9309 has it.

Scrapy's own middleware keeps a robots.txt for as long as the crawl runs, which here is months, and takes a server
error for permission. The RFC says: at most 24 hours, unless it cannot be had any more (2.4), no file or a refusal to
show it means that all is allowed (2.3.1.3), an error of the server that nothing is (2.3.1.4), and five redirects are
followed (2.3.1.2). What a site answered is kept in the database: a command that fetches one page asks no site twice.

A robots.txt is hostile text like any other. It is read in a thread, in one pass (`crawler.page.robots_file`), and kept
only once it has been read: what could not be read is no trap for the next process. Of each site only the rules that
concern us are kept, and in memory those of the sites that were asked last.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from crawler.page.robots_file import TOKEN, decode_robots, own_group
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
SITES_KEPT = 2_000
"""Sites whose rules stay in memory; those of the others are read again from the database."""
CHARACTERS_KEPT = 1024 * 1024
"""Characters of rules that stay in memory, of all sites together. Parsed they take some seventy times as much."""
TOO_MANY_REDIRECTS = "max redirections reached"
"""What Scrapy's RedirectMiddleware says then, in an exception of no kind of its own."""
LONG = 32 * 1024
"""Characters of rules from which on even comparing a path with them is left to a thread."""


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the address, or could not be had from a server in trouble."""


class _Rules:
    """A site's robots.txt as far as it concerns us, parsed."""

    def __init__(self, file: RobotsFile) -> None:
        self.file = file
        self.refusal = f"{file.site}/robots.txt answered {file.status}" if _is_trouble(file.status) else ""
        self.parser = Protego.parse(own_group(file.body)) if file.status < 300 else None

    @property
    def size(self) -> int:
        """Characters."""
        return len(self.file.body)


class _Sites:
    """The rules of the sites that were asked last, on their way or here; no more than there is room for."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, asyncio.Task[_Rules]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def characters(self) -> int:
        return sum(map(_size, self._rules.values()))

    def get(self, site: str) -> asyncio.Task[_Rules] | None:
        """The site's rules, unless they are not known, out of date, or could not be had."""
        known = self._rules.get(site)
        if known is None or (known.done() and (_failed(known) or known.result().file.expires_at < now())):
            return None
        self._rules.move_to_end(site)
        return known

    def put(self, site: str, rules: asyncio.Task[_Rules]) -> None:
        self._rules[site] = rules
        self._rules.move_to_end(site)
        rules.add_done_callback(lambda _: self._make_room())

    def _make_room(self) -> None:
        characters = self.characters
        while len(self._rules) > 1 and (len(self._rules) > SITES_KEPT or characters > CHARACTERS_KEPT):
            characters -= _size(self._rules.popitem(last=False)[1])


def _failed(rules: asyncio.Task[_Rules]) -> bool:
    return rules.cancelled() or rules.exception() is not None


def _size(rules: asyncio.Task[_Rules]) -> int:
    return rules.result().size if rules.done() and not _failed(rules) else 0


class RobotsMiddleware:
    """Asks each site's robots.txt before anything else is asked there; `request.meta["crawl_delay"]` is its delay."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._obey = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._sites = _Sites()

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
        can_fetch = rules.parser.can_fetch
        is_long = rules.size > LONG
        if not (await asyncio.to_thread(can_fetch, request.url, TOKEN) if is_long else can_fetch(request.url, TOKEN)):
            raise RobotsRefused(f"robots.txt of {urlparse_cached(request).netloc} forbids {request.url}")
        request.meta["crawl_delay"] = rules.parser.crawl_delay(TOKEN)

    async def _rules_for(self, request: Request) -> _Rules:
        """The host's rules: fetched once, however many requests wait for them. A failed connection is raised."""
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._sites.get(site)
        if known is None:
            known = asyncio.create_task(self._have(site, request.meta.get("delay", 0.0)))
            self._sites.put(site, known)
        return known.result() if known.done() else await asyncio.shield(known)

    async def _have(self, site: str, delay: float) -> _Rules:
        """The rules as another crawl left them, else as the site shows them now, else as they were when it last did."""
        kept = await self._kept(site)
        if kept is not None and kept.expires_at > now():
            return await _read(kept)
        try:
            file = await self._fetch(site, delay)
        except IgnoreRequest:
            raise
        except Exception:
            if kept is None or not _is_of_use(kept):
                raise
            return await _read(replace(kept, expires_at=now() + RETRY_AGE))
        rules = await _read(file)
        if not _is_trouble(file.status):
            await self._keep(file)
        elif kept is not None and _is_of_use(kept):
            return await _read(replace(kept, expires_at=now() + RETRY_AGE))
        return rules

    async def _fetch(self, site: str, delay: float) -> RobotsFile:
        engine = self._crawler.engine
        assert engine is not None
        request = Request(f"{site}/robots.txt", meta={"is_robots": True, "delay": delay}, dont_filter=True)
        at = now()
        try:
            response = await engine.download_async(request)
        except IgnoreRequest as error:
            if type(error) is not IgnoreRequest or str(error) != TOO_MANY_REDIRECTS:
                raise
            return RobotsFile(site, at, at + MAX_AGE, 310)  # more redirects than are followed: it counts as none
        if _is_trouble(response.status):
            return RobotsFile(site, at, at + RETRY_AGE, response.status)
        body = response.body if response.status < 300 else b""
        rules = await asyncio.to_thread(lambda: own_group(decode_robots(body)))
        return RobotsFile(site, at, at + MAX_AGE, response.status, rules)

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


async def _read(file: RobotsFile) -> _Rules:
    return await asyncio.to_thread(_Rules, file)


def _is_trouble(status: int) -> bool:
    """Whether the server could not answer: an error, or it is asked too often."""
    return status >= 500 or status == 429


def _is_of_use(kept: RobotsFile) -> bool:
    return kept.fetched_at + STALE_AGE > now()
