"""What both ways into a section's past share: rows first, polls first, rest after failures, stop when asked."""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of
from crawler.jobs import pages
from crawler.jobs.articles import PendingArticles
from crawler.jobs.backfill_stop import StopReason
from crawler.jobs.pages import Unavailable, answered
from crawler.page.interstitials import refusal_reason
from crawler.queue import BackfillJob, BackfillProgress
from crawler.run import Crawl
from storage.clock import now
from storage.sources import backfills, sightings
from storage.types import Article, Entry, Reason, Sighting

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


class BackfillWalker(ABC):
    """What both ways back have in common."""

    def __init__(self, crawl: Crawl, job: BackfillJob) -> None:
        row = job.backfill
        self.crawl = crawl
        self.job = job
        self.source = job.source
        self.spec = job.source.spec
        # What is new on the first page of a section that is polled is news, and the polls' to tell.
        self.watched = self.source.enabled and (self.source.baseline_at is not None or self.source.alert_first)
        self._articles = PastArticles(crawl, job.source)
        self._progress = BackfillProgress(row.pages, row.entries, 0, row.reached)
        self._failures = 0

    @abstractmethod
    async def walk(self, response: Response) -> StopReason:
        """Go back from the answer to the first request until there is a reason to stop.

        Raises `Paused`, `Unavailable` and `StorageError`.
        """

    async def read_articles(self, *, to_the_end: bool = False) -> None:
        """Read the articles that wait, each once; `to_the_end`: until none does."""
        database, backfill_id = self.crawl.database, self.job.backfill.id
        while True:
            for sighting in await database.read_async(sightings.pending_of, backfill_id, now()):
                await self.yield_to_polls()
                outcome = await self._articles.read(sighting)
                await self.back_off(outcome.trouble)
                self.report_progress(replace(self._progress, stored=self._progress.stored + outcome.is_new))
            if await database.read_async(sightings.pending_of, backfill_id, now(), 1):
                continue
            later = await database.read_async(backfills.next_attempt, backfill_id) if to_the_end else None
            if later is None:
                return
            await self._rest(max(0.0, (later - now()).total_seconds()))

    async def record(self, entries: Iterable[Entry]) -> None:
        """Write down what a page shows: what is older than the day that is gone back to is left out."""
        kept = [each for each in entries if each.published.day is None or each.published.day >= self.job.backfill.since]
        unknown = await self.crawl.database.write_async(
            sightings.record_older, self.source, self.job.backfill.id, kept, now()
        )
        self.report_progress(replace(self._progress, found=self._progress.found + unknown))

    async def turn(self, next_page: str, reached: date | None) -> None:
        """Write down which page comes next, and how far back this one went."""
        await self.crawl.database.write_async(backfills.turn_page, self.job.backfill.id, next_page, reached)
        furthest = min((day for day in (reached, self._progress.reached) if day is not None), default=None)
        self.report_progress(replace(self._progress, pages=self._progress.pages + 1, reached=furthest))

    def check_cap(self) -> None:
        """Raise `Paused` where as many pages were read as are read at a time."""
        turned = self._progress.pages - self.job.backfill.pages
        if turned >= self.job.max_pages:
            raise Paused(PAGE_CAP, f"{turned} pages were read, as many as are read at a time")

    async def fetch(self, request: Request) -> Response:
        """The answer, whatever its status, unless that says something of the host.

        Raises `Paused` where the host fails for too long, and `Unavailable` for what says something of the page.
        """
        while True:
            await self.yield_to_polls()
            try:
                response = await pages.fetch(self.crawl, request)
                self.check(response)
            except Unavailable as error:
                await self.back_off(error)
                if error.reason not in _TROUBLE:
                    raise
            else:
                self._failures = 0
                return response

    def check(self, response: Response) -> None:
        """Raise `Unavailable` for an answer that says something of the host."""
        reason = failures.of_status(response.status)
        if reason in _TROUBLE:
            raise Unavailable(refusal_reason(page_of(response)) or reason, answered(response))

    def report_progress(self, progress: BackfillProgress) -> None:
        """Say how far it is now."""
        self._progress = progress
        self.job.tell(progress)

    async def back_off(self, trouble: Unavailable | None) -> None:
        """Rest after a failure of the host, longer each time. Raises `Paused` when that was the last time."""
        if trouble is None or trouble.reason not in _TROUBLE:
            self._failures = 0
            return
        if self._failures >= len(PATIENCE):
            raise Paused(trouble.reason, trouble.detail)
        self._failures += 1
        await self._rest(PATIENCE[self._failures - 1])

    async def yield_to_polls(self) -> None:
        """Let the polls of the host go first. Raises `Paused` where it is asked to stop."""
        await yield_to_polls(self.crawl, self.job)
        self._check_stop()

    async def _rest(self, seconds: float) -> None:
        await rest(self.job, seconds)
        self._check_stop()

    def _check_stop(self) -> None:
        if self.job.stop.is_set():
            raise Paused(STOPPED, "it was stopped")
