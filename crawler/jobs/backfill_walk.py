"""What both ways into a section's past share: rows first, polls first, rest after failures, stop when asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of
from crawler.items import ArticleItem
from crawler.jobs import articles as pending__articles
from crawler.jobs.articles import PendingArticles, Tally, Unavailable
from crawler.jobs.backfill_stop import StopReason
from crawler.page.interstitials import refusal_reason
from crawler.queue import BackfillJob, BackfillProgress
from crawler.run import Crawl
from storage.clock import now
from storage.errors import UnreadableError
from storage.sources import backfills, sightings
from storage.types import Article, Entry, Listing, Page, Reason, Sighting

PATIENCE = (10.0, 60.0, 300.0)
"""Seconds of rest after the first, second and third failure in a row of the host; at the next one the backfill
pauses."""

SECOND_ATTEMPT = timedelta(minutes=1)
"""After this long an article that could not be read is tried again."""

COURTESY = 0.5
"""Seconds between two looks whether the polls of the host are over."""

LATE_EDITS = timedelta(days=45)
"""How old a statement is at most that is read again: as old as a polled one is when it is read for the last time."""

_TROUBLE = frozenset(
    {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.THROTTLED, Reason.BLOCKED, Reason.CHALLENGE}
)
"""What says something of the host, not of the page."""

STOPPED, PAGE_CAP = "stopped", "page-cap"
"""Why a backfill pauses that nothing is wrong with."""


class Paused(Exception):
    """The backfill has to be taken up later."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


async def yield_to_polls(crawl: Crawl, job: BackfillJob) -> None:
    """Wait until no poll of the host is under way, or until the backfill is asked to stop."""
    host, delay = urlsplit(job.source.spec.address).hostname or "", 0.0
    while not job.stop.is_set() and await crawl.database.read_async(backfills.is_polled, host, now()):
        await rest(job, COURTESY)
        delay = job.source.spec.delay
    await rest(job, delay)


async def rest(job: BackfillJob, seconds: float) -> None:
    """Wait so long, or until the backfill is asked to stop."""
    if seconds > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(job.stop.wait(), seconds)


class PastArticles(PendingArticles):
    """Those of a backfill: what failed is tried again soon, what is old is not read again."""

    def next_attempt(self, sighting: Sighting) -> datetime:
        return now() + SECOND_ATTEMPT

    def next_revisit(self, article: Article) -> datetime | None:
        day = article.published.day
        is_late = article.body and day is not None and day < (now() - LATE_EDITS).date()
        return None if is_late else super().next_revisit(article)


class BackfillWalker:
    """What both ways back have in common."""

    def __init__(self, crawl: Crawl, job: BackfillJob) -> None:
        self.crawl = crawl
        self.job = job
        self.source = job.source
        self.spec = job.source.spec
        self.verdict = StopReason.END
        self._tally = Tally()
        self._articles = PastArticles(crawl, job.source, self._tally)
        self._turned = 0
        self._failures = 0
        self._reached = job.backfill.reached
        # What is new on the first page of a section that is polled is news, and the polls' to tell.
        self.watched = self.source.enabled and (self.source.baseline_at is not None or self.source.alert_first)

    async def articles(self, *, to_the_end: bool = False) -> AsyncIterator[ArticleItem]:
        """The articles that wait, each once; `to_the_end`: until none does."""
        database, backfill_id = self.crawl.database, self.job.backfill.id
        while True:
            for sighting in await database.read_async(sightings.pending_of, backfill_id, now()):
                await self._make_way()
                async for item in self._articles.read(sighting):
                    yield item
                await self._bear(self._tally.trouble)
                self._say()
            if await database.read_async(sightings.pending_of, backfill_id, now(), 1):
                continue
            later = await database.read_async(backfills.next_attempt, backfill_id) if to_the_end else None
            if later is None:
                return
            await self._rest(max(0.0, (later - now()).total_seconds()))

    async def record(self, entries: Iterable[Entry]) -> None:
        """Write down what a page shows: what is older than the day that is gone back to is left out."""
        kept = [each for each in entries if each.published.day is None or each.published.day >= self.job.backfill.since]
        at = now()
        self._tally.entries += await self.crawl.database.write_async(
            sightings.record_older, self.source, self.job.backfill.id, kept, at
        )
        self._say()

    async def turn(self, next_page: str, reached: date | None) -> None:
        """Write down which page comes next. Raises `_Paused` where this was the last that was wanted."""
        self._turned += 1
        if reached is not None:
            self._reached = min(reached, self._reached or reached)
        await self.crawl.database.write_async(backfills.turn_page, self.job.backfill.id, next_page, reached)
        self._say()

    def check_cap(self) -> None:
        """Raise `_Paused` where as many pages were read as are read at a time."""
        if self._turned >= self.job.max_pages:
            raise Paused(PAGE_CAP, f"{self._turned} pages were read, as many as are read at a time")

    async def fetch(self, request: Request) -> Response:
        """The answer, whatever its status, unless that says something of the host. Raises `_Paused`."""
        while True:
            await self._make_way()
            try:
                response = await pending__articles.fetch(self.crawl, request)
                self.check(response)
            except Unavailable as error:
                await self._bear(error)
                if error.reason not in _TROUBLE:
                    raise
            else:
                self._failures = 0
                return response

    def check(self, response: Response) -> None:
        """Raise `Unavailable` for an answer that says something of the host."""
        reason = failures.of_status(response.status)
        if reason in _TROUBLE:
            raise Unavailable(refusal_reason(page_of(response)) or reason, f"{response.url} answered {response.status}")

    async def listing(self, page: Page) -> Listing:
        """What a page shows, and why where it shows nothing."""
        try:
            return await self.crawl.reading.listing(page, self.spec)
        except UnreadableError as error:
            return Listing((), "", Reason(error.reason), str(error))

    def _say(self) -> None:
        row = self.job.backfill
        found = row.entries + self._tally.entries
        self.job.tell(BackfillProgress(row.pages + self._turned, found, self._tally.new, self._reached))

    async def _bear(self, trouble: Unavailable | None) -> None:
        """Rest after a failure of the host, longer each time. Raises `_Paused` when that was the last time."""
        if trouble is None or trouble.reason not in _TROUBLE:
            self._failures = 0
            return
        if self._failures >= len(PATIENCE):
            raise Paused(trouble.reason, trouble.detail)
        self._failures += 1
        await self._rest(PATIENCE[self._failures - 1])

    async def _make_way(self) -> None:
        await yield_to_polls(self.crawl, self.job)
        self._check_stop()

    async def _rest(self, seconds: float) -> None:
        await rest(self.job, seconds)
        self._check_stop()

    def _check_stop(self) -> None:
        if self.job.stop.is_set():
            raise Paused(STOPPED, "it was stopped")
