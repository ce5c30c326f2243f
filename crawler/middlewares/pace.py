"""How fast a host is asked: one request at a time, the longest delay that anyone asked for, and a budget.

The budget is one for all sections of a host. Its first `BURST` requests wait for the delay alone, so that a statement
is there within minutes and a first poll within half an hour; what goes on longer than that gets `SPARING` times the
delay, and rest gives the burst back. A busy ministry's ten sections never come near; kremlin.ru refuses who asks for
150 pages quickly. A host that asks for time with Retry-After gets it from all of its sections (RFC 9110, 10.2.3).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from storage.retry_after import retry_after

LONGEST = 120.0
"""Seconds: a longer Crawl-delay would be a refusal, and robots.txt has a line for that."""

SHORTEST = 0.001
"""Seconds: without any delay Scrapy 2.19 starts all that waits for a host at once, whatever the concurrency."""

BURST = 100
SPARING = 3.0

LONGEST_PAUSE = 6 * 3600.0
"""Seconds that a host gets at most when it asks for time."""


HOSTS_KEPT = 10_000
"""Hosts whose budgets and pauses are remembered: those that were asked last. Who is forgotten has his burst back."""


class HostPaused(IgnoreRequest):
    """The host asked for time; `retry_after` is how many seconds of it are left."""

    def __init__(self, host: str, retry_after: float) -> None:
        super().__init__(f"{host} asked for {retry_after:.0f} more seconds")
        self.retry_after = retry_after


@dataclass(slots=True)
class Budget:
    """What is left of a host's burst. One request comes back each `SPARING` delays."""

    left: float = float(BURST)
    at: float = 0.0

    def spend(self, delay: float, at: float) -> float:
        """Take one request with that delay at that time (seconds, monotonic); return the delay that it has to keep."""
        if delay > 0:
            self.left = min(float(BURST), self.left + max(0.0, at - self.at) / (SPARING * delay))
        self.at = at
        if self.left < 1:
            return delay * SPARING
        self.left -= 1
        return delay


class PaceMiddleware:
    """Gives the download slot of a request's host its delay.

    `request.meta["delay"]` is the source's, `request.meta["crawl_delay"]` that of robots.txt; seconds.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._concurrency = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._shortest = SHORTEST if self._concurrency == 1 else 0.0
        self._budgets: OrderedDict[str, Budget] = OrderedDict()
        self._paused: OrderedDict[str, float] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PaceMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        asked = (request.meta.get("delay", 0.0), request.meta.get("crawl_delay") or 0.0)
        host, at = urlparse_cached(request).hostname or "", time.monotonic()
        if self._paused and (left := self._paused.get(host, 0.0) - at) > 0:
            raise HostPaused(host, left)
        budget = self._budgets.setdefault(host, Budget(at=at))
        self._budgets.move_to_end(host)
        delay = min(max(budget.spend(max(asked), at), self._shortest), LONGEST)
        engine = self._crawler.engine
        assert engine is not None
        downloader = engine.downloader
        # Scrapy drops idle slots and makes them anew from these settings.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": self._concurrency}
        if host in downloader.slots:
            downloader.slots[host].delay = delay
        if len(self._budgets) > HOSTS_KEPT:
            downloader.per_slot_settings.pop(self._budgets.popitem(last=False)[0], None)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in (429, 503):
            seconds = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            if seconds:
                host = urlparse_cached(request).hostname or ""
                self._paused[host] = time.monotonic() + min(seconds, LONGEST_PAUSE)
                self._paused.move_to_end(host)
                if len(self._paused) > HOSTS_KEPT:
                    self._paused.popitem(last=False)
        return response
