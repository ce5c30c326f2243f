"""A page that somebody waits for, such as a person who adds a source."""

from __future__ import annotations

from scrapy.http import Request

from crawler.fetching.failures import REMEDIES
from crawler.fetching.responses import page_of
from crawler.jobs.pages import Unavailable, fetch
from crawler.queue import Fetch
from crawler.run import Crawl
from storage.errors import UnreadableError
from storage.types import Page, Reason

FETCH_DELAY = 1.0
"""Seconds between two pages that a person waits for."""


class FetchRun:
    """One `Fetch`; whoever waits for the page gets it, or an `UnreadableError`."""

    where = "a fetch"

    def __init__(self, crawl: Crawl, job: Fetch) -> None:
        self._crawl = crawl
        self._job = job

    async def read(self) -> Page | UnreadableError:
        meta = {"delay": FETCH_DELAY, "browser": self._job.browser}
        try:
            return page_of(await fetch(self._crawl, Request(self._job.address, meta=meta, dont_filter=True)))
        except Unavailable as error:
            return UnreadableError(error.reason, f"{self._job.address}: {error}", REMEDIES.get(error.reason, ""))

    async def end(self, outcome: Page | UnreadableError) -> None:
        if self._job.page.done():  # whoever waited may have gone
            return
        if isinstance(outcome, UnreadableError):
            self._job.page.set_exception(outcome)
        else:
            self._job.page.set_result(outcome)

    async def give_up(self, error: Exception) -> None:
        detail = f"{self._job.address}: {type(error).__name__}: {' '.join(str(error).split())}"
        await self.end(UnreadableError(Reason.UNREADABLE, detail, "this is a mistake of presswatch: please report it"))
