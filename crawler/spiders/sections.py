"""The spider of all sources: polls listings, reads what is new in them, and reads known items again.

A poll is one coroutine, from the listing to its last article: one request at a time for each source, so that no host
is pressed and no source holds more than one of the crawl's places.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

import scrapy
from scrapy.http import Request, Response

from crawler.fetching import failures
from crawler.fetching.responses import conditions, page_of, validators_of
from crawler.items import ArticleItem
from crawler.jobs import backfill, revisit
from crawler.jobs import gaps as gap_filling
from crawler.jobs.articles import PendingArticles, Tally, Unavailable, fetch, request_for
from crawler.page.interstitials import refusal_reason
from crawler.queue import BackfillJob, BackfillOutcome, Fetch, Job, wants_whole
from crawler.run import Crawl
from crawler.standalone import standalone_crawl
from storage.clock import now
from storage.errors import PresswatchError, StorageError, UnreadableError
from storage.items.revisits import Revisit
from storage.retry_after import retry_after
from storage.sources import gaps, sightings
from storage.sources.habits import ListingSample, place_of
from storage.sources.polls import Poll
from storage.types import FORGOTTEN, Listing, Reason, Source, Validators

FETCH_DELAY = 1.0
"""Seconds between two pages that a person waits for."""


class SectionsSpider(scrapy.Spider):
    """`scrapy crawl sections -a sources=KEY,KEY` polls these sources once; `Crawl` feeds it for as long as it runs."""

    name = "sections"

    def __init__(self, crawl: Crawl | None = None, sources: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._given = crawl
        self._sources = sources
        self._found: asyncio.Queue[ArticleItem | None] = asyncio.Queue()

    async def start(self) -> AsyncIterator[ArticleItem]:
        """The articles that the jobs find, which pass the pipelines."""
        own = standalone_crawl(self.settings, self._sources)
        try:
            async with nullcontext(self._given) if self._given is not None else own as crawl:
                async for item in self._found_by(crawl):
                    yield item
        except PresswatchError as error:
            self.logger.error("%s; %s", error, error.mend)

    # -- jobs --------------------------------------------------------------------------------------------------------

    async def _found_by(self, crawl: Crawl) -> AsyncIterator[ArticleItem]:
        self.crawl, crawl.engine = crawl, self.crawler.engine
        doing = asyncio.create_task(self._do_all())
        doing.add_done_callback(lambda _: self._found.put_nowait(None))
        try:
            while (item := await self._found.get()) is not None:
                yield item
            await doing
        finally:
            doing.cancel()

    async def _do_all(self) -> None:
        """Do the jobs as they come in, as many at a time as there are places.

        They ask the engine themselves. A request's way through the scheduler, and its answer's through the scraper,
        cost as much as half of a poll that finds nothing, and nearly all polls find nothing.
        """
        places = asyncio.Semaphore(self.settings.getint("CONCURRENT_REQUESTS"))
        async with asyncio.TaskGroup() as doing:
            async for job in self.crawl.jobs():
                await places.acquire()
                doing.create_task(self._do(job)).add_done_callback(lambda _: places.release())

    async def _do(self, job: Job) -> None:
        """Ask for a job's page and read it. A mistake of ours costs this job only, and is seen."""
        try:
            try:
                response = await self.crawl.engine.download_async(_request(job))
            except Exception as error:
                await self._fail(job, error)
                return
            if (found := self._read(response, job)) is not None:
                async for item in found:
                    self._found.put_nowait(item)
        except Exception:
            self.logger.exception("%s", job)

    def _read(self, response: Response, job: Job) -> AsyncIterator[ArticleItem] | None:
        match job:
            case Poll():
                return self.read_poll(response, job)
            case Revisit():
                return self.read_revisit(response, job)
            case Fetch():
                self.read_fetch(response, job)
                return None
            case BackfillJob():
                return self.read_backfill(response, job)

    async def _fail(self, job: Job, error: Exception) -> None:
        """No answer to the first request of a job."""
        reason, detail = failures.of_failure(error)
        try:
            match job:
                case Poll():
                    left = getattr(error, "retry_after", None)
                    await self.crawl.end_poll(job, reason, detail=detail, retry_after=left)
                case Revisit():
                    await revisit.postpone(self.crawl, job)
                case Fetch():
                    if not job.page.done():
                        mend = failures.REMEDIES.get(reason, "")
                        job.page.set_exception(UnreadableError(reason, f"{job.address}: {detail}", mend))
                case BackfillJob():
                    await backfill.settle(self.crawl, job, BackfillOutcome(False, reason, detail))
        finally:
            self.crawl.done(job)

    # -- a page that somebody waits for ------------------------------------------------------------------------------

    def read_fetch(self, response: Response, job: Fetch) -> None:
        if not job.page.done():  # whoever waited may have gone
            job.page.set_result(page_of(response))
        self.crawl.done(job)

    # -- a known item, read again ------------------------------------------------------------------------------------

    async def read_revisit(self, response: Response, job: Revisit) -> AsyncIterator[ArticleItem]:
        try:
            async for item in revisit.read(self.crawl, response, job):
                yield item
        except StorageError as error:
            self.crawl.storage_refused(error)
        except Exception:  # a mistake of ours: it must cost this page only, and be seen
            self.logger.exception("revisit of %s", job.item.address)
            await revisit.postpone(self.crawl, job)
        finally:
            self.crawl.done(job)

    # -- a section's past --------------------------------------------------------------------------------------------

    async def read_backfill(self, response: Response, job: BackfillJob) -> AsyncIterator[ArticleItem]:
        try:
            async for item in backfill.read(self.crawl, response, job):
                yield item
        finally:
            self.crawl.done(job)

    # -- a listing and its new articles ------------------------------------------------------------------------------

    def read_poll(self, response: Response, job: Poll) -> AsyncIterator[ArticleItem] | None:
        """Most polls find nothing new, and end here: a generator for each would cost them a tenth of their time."""
        reason = failures.of_status(response.status)
        body_hash = hashlib.blake2b(response.body, digest_size=16).hexdigest()
        if reason is Reason.OK and body_hash == job.source.validators.body_hash:
            reason = Reason.UNCHANGED
        if reason is Reason.UNCHANGED and not job.pending and not job.source.gap_page:
            self.crawl.end_unchanged(job, validators_of(response).with_body(job.source.validators.body_hash))
            return None
        return self._read_changed(response, job, reason, body_hash)

    async def _read_changed(
        self, response: Response, job: Poll, reason: Reason, body_hash: str
    ) -> AsyncIterator[ArticleItem]:
        tally = Tally()
        try:
            async for item in self._read_poll(response, job, reason, body_hash, tally):
                yield item
        except StorageError as error:
            self.crawl.storage_refused(error)
            await self.crawl.end_poll(job, Reason.STORAGE, detail=str(error), new_items=tally.new)
        except Exception as error:  # a mistake of ours: it must cost this poll only, and be seen
            self.logger.exception("poll of %s", job.source.key)
            await self.crawl.end_poll(job, Reason.UNREADABLE, detail=f"{type(error).__name__}: {error}")
        finally:
            self.crawl.done(job)

    async def _read_poll(
        self, response: Response, poll: Poll, reason: Reason, body_hash: str, tally: Tally
    ) -> AsyncIterator[ArticleItem]:
        source, welcome, gap = poll.source, reason.healthy, poll.source.gap_page
        detail = "" if reason.healthy else f"{response.url} answered {response.status}"
        if not reason.healthy:
            reason = refusal_reason(page_of(response)) or reason
        if reason is Reason.OK:
            listing = await self._listing(response, poll)
            if listing.is_index and listing.next_page:
                tally.by_index, listing = True, await self._child(listing.next_page, poll)
            reason, detail, tally.entries = listing.reason, listing.detail, len(listing.entries)
            if reason is Reason.OK and not listing.entries and source.baseline_at is not None:
                reason, detail = Reason.EMPTY, "it shows no entries any more"
            if reason is Reason.EMPTY:
                tally.shown = ListingSample(0, 0)
            if listing.entries:
                silent = source.baseline_at is None and not source.alert_first
                unknown, gap = await self.crawl.database.write_async(
                    gaps.record_listing, source, listing, silent=silent, now=now()
                )
                claims = [entry.published for entry in listing.entries]
                places = [place_of(entry.address) for entry in listing.entries]
                tally.shown = ListingSample(len(listing.entries), unknown, claims, places, listing.reader)
        if gap and reason.readable:
            detail = detail or await gap_filling.fill(self.crawl, source, gap)
        if welcome and (reason.readable or poll.pending):  # a host that refuses is not pressed further
            articles = PendingArticles(self.crawl, source, tally, poll.id)
            for sighting in await self.crawl.database.read_async(sightings.pending, source.id, now()):
                async for item in articles.read(sighting):
                    yield item
                if tally.throttled:
                    break
        await self.crawl.end_poll(
            poll,
            reason,
            detail=detail or (f"{tally.unread} of its articles could not be read yet" if tally.unread else ""),
            entries=tally.entries,
            new_items=tally.new,
            # An index of sitemaps need not change when the newest of them does: it is read whole each time.
            validators=FORGOTTEN if tally.by_index else self._validators(response, reason, body_hash, source),
            baseline=reason.readable,
            shown=tally.shown,
            retry_after=retry_after(response.headers.get("Retry-After"), now()),
        )

    def _validators(self, response: Response, reason: Reason, body_hash: str, source: Source) -> Validators | None:
        """A page that is odd is read whole each time: an unchanged answer would hide that it still is."""
        if reason.healthy:
            return validators_of(response).with_body(body_hash if reason is Reason.OK else source.validators.body_hash)
        return FORGOTTEN if reason.readable else None

    async def _listing(self, response: Response, poll: Poll) -> Listing:
        try:
            return await self.crawl.reading.listing(page_of(response), poll.source.spec)
        except UnreadableError as error:
            return Listing((), "", Reason(error.reason), str(error))

    async def _child(self, address: str, poll: Poll) -> Listing:
        """The listing that an index of sitemaps leads to."""
        try:
            response = await fetch(self.crawl, request_for(address, poll.source))
        except Unavailable as error:
            return Listing((), "sitemap", error.reason, f"{address}: {error.detail}")
        reason = failures.of_status(response.status)
        if reason is not Reason.OK:
            return Listing((), "sitemap", reason, f"{address} answered {response.status}")
        return await self._listing(response, poll)


def _request(job: Job) -> Request:
    """The first request of a job."""
    match job:
        case Poll(source=source):
            address, delay = source.spec.address, source.spec.delay
            whole = wants_whole(source, job.started_at)
            validators = FORGOTTEN if whole else source.validators
        case Revisit():
            address, validators, delay = job.item.address, job.validators, job.source.spec.delay
        case Fetch():
            address, validators, delay = job.address, FORGOTTEN, FETCH_DELAY
        case BackfillJob():
            address, validators, delay = job.first_request, FORGOTTEN, job.source.spec.delay
    browser = job.browser if isinstance(job, Fetch) else job.source.spec.browser
    if browser:
        validators = FORGOTTEN  # what the scripts add changes without the page
    return Request(address, headers=conditions(validators), meta={"delay": delay, "browser": browser}, dont_filter=True)
