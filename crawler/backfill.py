"""A section's past, read page by page or day by day: polite, silent, and from the rows whenever it goes on.

1. What a page shows and the source does not know becomes sightings of the backfill: silent, whatever comes later.
2. Their articles are read as a poll reads them.
3. The row says which page comes next. Killed before that, the page is read once more, and its entries are known.

A watched section's first page belongs to its polls: what is new there is news. Before each request the polls of the
same host go first, in whichever process they run.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapy.http import Request, Response

from crawler import pending, reasons, search_form
from crawler.evidence import of_refusal
from crawler.items import ArticleItem
from crawler.past import Verdict, Walk
from crawler.pending import PendingArticles, Tally, Unavailable
from crawler.responses import page_of
from crawler.search_form import Session
from storage import backfills, sightings
from storage.backfills import Backfill
from storage.clock import now
from storage.errors import StorageError, UnreadableError
from storage.types import Article, Entry, Listing, Page, Reason, Sighting, Source

if TYPE_CHECKING:
    from crawler.run import Crawl

logger = logging.getLogger(__name__)

PATIENCE = (10.0, 60.0, 300.0)
"""Seconds of rest after the first, second and third failure in a row of the host; at the next one the backfill
pauses."""

SECOND_ATTEMPT = timedelta(minutes=1)
"""After this long an article that could not be read is tried again."""

COURTESY = 0.5
"""Seconds between two looks whether the polls of the host are over."""

LATE_EDITS = timedelta(days=45)
"""How old a statement is at most that is read again: as old as a polled one is when it is read for the last time."""

FORM_PAGES = 50
"""Pages of the answer for one day that are asked for at most."""

_TROUBLE = frozenset(
    {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.THROTTLED, Reason.BLOCKED, Reason.CHALLENGE}
)
"""What says something of the host, not of the page."""

ENDINGS = {
    Verdict.DATE: "it has come to the day",
    Verdict.LOOP: "its pages begin to come again",
    Verdict.REPEATS: "its last pages show nothing that was not on those before",
    Verdict.END: "there are no more pages",
}
STOPPED, PAGE_CAP = "stopped", "page-cap"
"""Why a backfill pauses that nothing is wrong with."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill is."""

    pages: int
    found: int
    """How many entries the source did not know."""
    stored: int
    reached: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a backfill ended, or why it pauses (`finished` false)."""

    finished: bool
    reason: str
    detail: str


@dataclass(eq=False, slots=True)
class BackfillJob:
    """A claimed backfill on its way through the crawl. `stop` asks it to pause; `tell` and `notice` say how it goes."""

    backfill: Backfill
    source: Source
    max_pages: int
    stop: asyncio.Event
    tell: Callable[[Progress], None]
    notice: Callable[[str], None]
    outcome: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def first_request(self) -> str:
        """The address that is fetched first."""
        spec = self.source.spec
        return search_form.address_of(spec) if spec.search.fields else self.backfill.next_page or spec.address


class _Paused(Exception):
    """The backfill has to be taken up later."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


async def read(crawl: Crawl, response: Response, job: BackfillJob) -> AsyncIterator[ArticleItem]:
    """Yield the statements of the source's past; settles `job.outcome` when it ends or pauses."""
    way = _ByForm(crawl, job) if job.source.spec.search.fields else _ByPages(crawl, job)
    try:
        async for item in way.articles():  # those of the page at which it was stopped
            yield item
        async for item in way.read(response):
            yield item
        async for item in way.articles(to_the_end=True):
            yield item
    except _Paused as pause:
        await settle(crawl, job, Outcome(False, pause.reason, pause.detail))
    except Unavailable as error:
        await settle(crawl, job, Outcome(False, error.reason, error.detail))
    except StorageError as error:
        await settle(crawl, job, Outcome(False, Reason.STORAGE, str(error)))
    except Exception as error:  # a mistake of ours: the backfill can be taken up again, and it must be seen
        logger.exception("backfill of %s", job.source.key)
        await settle(crawl, job, Outcome(False, Reason.UNREADABLE, f"{type(error).__name__}: {error}"))
    else:
        await settle(crawl, job, Outcome(True, way.verdict, ENDINGS[way.verdict]))


async def settle(crawl: Crawl, job: BackfillJob, outcome: Outcome) -> None:
    """Write down how the backfill ended or why it pauses."""
    with contextlib.suppress(StorageError):  # the row is free again when this process is gone
        if outcome.finished:
            await crawl.database.write_async(backfills.end, job.backfill.id, outcome.reason, outcome.detail, now())
        else:
            await crawl.database.write_async(backfills.pause, job.backfill.id, outcome.reason, outcome.detail)
    if not job.outcome.done():
        job.outcome.set_result(outcome)


async def make_way(crawl: Crawl, job: BackfillJob) -> None:
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


class _Articles(PendingArticles):
    """Those of a backfill: what failed is tried again soon, what is old is not read again."""

    def next_attempt(self, sighting: Sighting) -> datetime:
        return now() + SECOND_ATTEMPT

    def next_revisit(self, article: Article) -> datetime | None:
        day = article.published.day
        is_late = article.body and day is not None and day < (now() - LATE_EDITS).date()
        return None if is_late else super().next_revisit(article)


class _Past:
    """What both ways back have in common."""

    def __init__(self, crawl: Crawl, job: BackfillJob) -> None:
        self.crawl = crawl
        self.job = job
        self.source = job.source
        self.spec = job.source.spec
        self.verdict = Verdict.END
        self._tally = Tally()
        self._articles = _Articles(crawl, job.source, self._tally)
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
            raise _Paused(PAGE_CAP, f"{self._turned} pages were read, as many as are read at a time")

    async def fetch(self, request: Request) -> Response:
        """The answer, whatever its status, unless that says something of the host. Raises `_Paused`."""
        while True:
            await self._make_way()
            try:
                response = await pending.fetch(self.crawl, request)
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
        reason = reasons.of_status(response.status)
        if reason in _TROUBLE:
            raise Unavailable(of_refusal(page_of(response)) or reason, f"{response.url} answered {response.status}")

    async def listing(self, page: Page) -> Listing:
        """What a page shows, and why where it shows nothing."""
        try:
            return await self.crawl.reading.listing(page, self.spec)
        except UnreadableError as error:
            return Listing((), "", Reason(error.reason), str(error))

    def _say(self) -> None:
        row = self.job.backfill
        found = row.entries + self._tally.entries
        self.job.tell(Progress(row.pages + self._turned, found, self._tally.new, self._reached))

    async def _bear(self, trouble: Unavailable | None) -> None:
        """Rest after a failure of the host, longer each time. Raises `_Paused` when that was the last time."""
        if trouble is None or trouble.reason not in _TROUBLE:
            self._failures = 0
            return
        if self._failures >= len(PATIENCE):
            raise _Paused(trouble.reason, trouble.detail)
        self._failures += 1
        await self._rest(PATIENCE[self._failures - 1])

    async def _make_way(self) -> None:
        await make_way(self.crawl, self.job)
        self._check_stop()

    async def _rest(self, seconds: float) -> None:
        await rest(self.job, seconds)
        self._check_stop()

    def _check_stop(self) -> None:
        if self.job.stop.is_set():
            raise _Paused(STOPPED, "it was stopped")


class _ByPages(_Past):
    """Back through the pages of the listing."""

    async def read(self, response: Response) -> AsyncIterator[ArticleItem]:
        walk = Walk(self.job.backfill.since)
        address, is_first = self.job.first_request, not self.job.backfill.next_page
        self.check(response)
        while True:
            listing = await self._page(response, is_first)
            mine = listing.entries if not (is_first and self.watched) else ()
            await self.record(mine)
            async for item in self.articles():
                yield item
            days = await self.crawl.database.read_async(sightings.days, self.source.id, listing.entries)
            self.verdict = walk.turn(address, days, listing.next_page)
            goes_on = self.verdict is Verdict.ON
            # A page that is the last one is read again, should this process die before the row has ended.
            await self.turn(listing.next_page if goes_on else address, _reached(days.values()))
            if not goes_on:
                return
            self.check_cap()
            address, is_first = listing.next_page, False
            response = await self.fetch(pending.request_for(address, self.source))

    async def _page(self, response: Response, is_first: bool) -> Listing:
        """What the page shows; nothing where the list has ended. Raises `Unavailable` where it cannot be read."""
        page = page_of(response)
        reason, detail = reasons.of_status(page.status), f"{page.address} answered {page.status}"
        listing = Listing((), "")
        if reason is Reason.OK:
            listing = await self.listing(page)
            reason, detail = listing.reason, listing.detail
        if reason.readable or (not is_first and reason in (Reason.EMPTY, Reason.GONE, Reason.SOFT_404)):
            return listing
        raise Unavailable(reason, detail)


class _ByForm(_Past):
    """Back day by day, by the site's search form."""

    _session: Session | None = None

    async def read(self, response: Response) -> AsyncIterator[ArticleItem]:
        self.check(response)
        self._session = await self._session_of(response)
        day = self._first_day()
        while day >= self.job.backfill.since:
            await self.record(await self._statements_of(day))
            async for item in self.articles():
                yield item
            reached, day = day, day - timedelta(days=1)
            await self.turn(day.isoformat(), reached)
            self.verdict = Verdict.DATE
            if day >= self.job.backfill.since:
                self.check_cap()
        self.verdict = Verdict.DATE

    def _first_day(self) -> date:
        """Where it was stopped, or today; what came out today in a watched section is the polls' to tell."""
        if self.job.backfill.next_page:
            return date.fromisoformat(self.job.backfill.next_page)
        today = now().astimezone(ZoneInfo(self.spec.zone)).date()
        return today - timedelta(days=1) if self.watched else today

    async def _statements_of(self, day: date) -> list[Entry]:
        """What the form finds of a day, as many pages of it as there are."""
        found: dict[str, Entry] = {}
        most, full, undated = self.spec.search.most, False, 0
        for number in range(1, FORM_PAGES + 1):
            listing = await self._answer(day, number)
            fresh = [each for each in listing.entries if each.published.day == day and each.address not in found]
            undated += sum(each.published.day is None for each in listing.entries)
            if not fresh:
                break
            found |= {each.address: each for each in fresh}
            full = bool(most) and len(listing.entries) >= most
            if not full:
                break
        if full:
            self.job.notice(f"{day}: the form shows {len(found)} statements and no more; some may be missing")
        if undated:
            self.job.notice(f"{day}: {undated} of its answers have no date and are left out")
        return list(found.values())

    async def _answer(self, day: date, number: int) -> Listing:
        """What the form answers; with a fresh token where the one at hand may be stale."""
        page: Page | None = None
        for _ in range(2):
            if self._session is None:
                form = pending.request_for(search_form.address_of(self.spec), self.source)
                self._session = await self._session_of(await self.fetch(form))
            response = await self.fetch(search_form.question(self.source, day, number, self._session))
            page = page_of(response)
            if page.status == 200 and search_form.is_good(page, self.spec.search):
                return await self.listing(page)
            self._session = None
        assert page is not None
        if (reason := reasons.of_status(page.status)) is not Reason.OK:
            raise Unavailable(reason, f"the form answered {page.status}")
        listing = await self.listing(page)
        if listing.reason not in (Reason.OK, Reason.EMPTY):
            raise Unavailable(listing.reason, listing.detail)
        return Listing((), listing.reader, Reason.EMPTY)

    async def _session_of(self, response: Response) -> Session:
        page, form = page_of(response), self.spec.search
        token = await self.crawl.reading.token(page, form) if form.token else ""
        if form.token and not token:
            listing = await self.listing(page)
            odd = listing.reason if not listing.reason.readable else Reason.DRIFTED
            raise Unavailable(odd, listing.detail or f"{page.address} shows no token at {form.token}")
        return Session(token, search_form.cookies_of(response))


def _reached(days: Iterable[date | None]) -> date | None:
    """How far back a page goes: its middle, because single entries are pinned or misdated."""
    dated = sorted(day for day in days if day is not None)
    return dated[len(dated) // 2] if dated else None
