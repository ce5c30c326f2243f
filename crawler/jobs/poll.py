"""A poll of a source: its listing, and the articles of what is new there.

    ask | see what the listing shows | write its entries down | fill a gap | read the articles that wait | end

One request at a time, so that no host is pressed and no source holds more than one of the crawl's places. Nor does it
hold that for ever: when its `Patience` is over nothing more is asked, and what is left waits in its rows for the next
poll, which comes as soon as it is its turn again. So ends a poll whose source another process has claimed meanwhile.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from scrapy.http import Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of, validators_of
from crawler.jobs import gaps as gap_filling
from crawler.jobs.articles import ArticlesOutcome, PendingArticles
from crawler.jobs.pages import Unavailable, answered, check_is_page, fetch, read_listing, request_for
from crawler.jobs.patience import Patience
from crawler.jobs.poll_end import PollOutcome, after_mistake, events_of, result_of
from crawler.page.interstitials import refusal_reason
from crawler.queue import wants_whole
from crawler.run import Crawl
from storage.clock import now
from storage.errors import StorageError
from storage.retry_after import retry_after
from storage.sources import gaps, sightings
from storage.sources.habits import ListingSample, place_of
from storage.sources.polls import Poll, PollResult, abandon
from storage.types import FORGOTTEN, Listing, Reason, Validators

_NOTHING = Listing((), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered."""

    response: Response
    reason: Reason
    """As its status says, and `unchanged` where the body is what it was."""
    validators: Validators


@dataclass(frozen=True, slots=True)
class Seen:
    """What the listing shows, or why it shows nothing."""

    reason: Reason
    detail: str = ""
    listing: Listing = _NOTHING
    by_index: bool = False
    """Whether it is a sitemap that an index led to."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the rows know of the listing."""

    sample: ListingSample | None
    """What it teaches of the source's habits."""
    gap_page: str
    """Where a gap goes on."""


class PollRun:
    """One `Poll`."""

    def __init__(self, crawl: Crawl, poll: Poll) -> None:
        self._crawl = crawl
        self._poll = poll
        self._source = poll.source
        self.where = f"a poll of {poll.source.key}"
        self._patience = Patience(lambda: crawl.has_lost(poll))

    async def read(self) -> PollOutcome:
        """Most polls find nothing new, and stop after their first step."""
        kept = self._source.validators
        self._patience.begin()
        try:
            answer = await self._ask()
            if answer.reason is Reason.UNCHANGED and not self._poll.pending and not self._source.gap_page:
                return PollOutcome(Reason.UNCHANGED, answer.validators)
            seen = await self._see(answer)
            recorded = await self._record(seen)
            gap = await self._fill_gap(seen, recorded.gap_page)
            articles = await self._read_articles(answer, seen)
        except Unavailable as error:
            return PollOutcome(error.reason, kept, error.detail, retry_after=error.retry_after)
        except StorageError as error:
            return self._refused(error)
        if articles.refusal is not None:
            return self._refused(articles.refusal, articles.new)
        unread = f"{articles.unread} of its articles could not be read yet" if articles.unread else ""
        left = f"{articles.left} of its articles wait for the next poll" if articles.left else ""
        return PollOutcome(
            seen.reason,
            self._validators(answer, seen),
            seen.detail or gap or left or unread,
            entries=len(seen.listing.entries),
            new_items=articles.new,
            sample=recorded.sample,
            retry_after=retry_after(answer.response.headers.get("Retry-After"), now()),
            goes_on=articles.left > 0 and self._patience.has_been_long,
        )

    async def end(self, outcome: PollOutcome) -> None:
        if self._crawl.has_lost(self._poll):
            return await self._crawl.database.write_async(abandon, self._poll.id, now())
        await self._write(result_of(self._poll, outcome, self._crawl.plan, now()))

    async def give_up(self, error: Exception) -> None:
        await self._write(after_mistake(self._poll, error, now()))

    # -- the steps ---------------------------------------------------------------------------------------------------

    async def _ask(self) -> Answer:
        source = self._source
        known = FORGOTTEN if wants_whole(source, self._poll.started_at) else source.validators
        response = await fetch(self._crawl, request_for(source.spec.address, source, known))
        reason, body_hash = failures.of_status(response.status), source.validators.body_hash
        if reason is Reason.OK:
            body_hash = hashlib.blake2b(response.body, digest_size=16).hexdigest()
            if body_hash == source.validators.body_hash:
                reason = Reason.UNCHANGED
        return Answer(response, reason, validators_of(response).with_body(body_hash))

    async def _see(self, answer: Answer) -> Seen:
        if answer.reason is Reason.OK:
            return await self._read_listing(answer.response)
        if answer.reason.healthy:
            return Seen(answer.reason)
        return Seen(refusal_reason(page_of(answer.response)) or answer.reason, answered(answer.response))

    async def _read_listing(self, response: Response) -> Seen:
        listing = await read_listing(self._crawl, page_of(response), self._source.spec)
        by_index = listing.is_index and bool(listing.next_page)
        if by_index:
            listing = await self._child(listing.next_page)
        if listing.reason is Reason.OK and not listing.entries and self._source.baseline_at is not None:
            return Seen(Reason.EMPTY, "it shows no entries any more", listing, by_index)
        return Seen(listing.reason, listing.detail, listing, by_index)

    async def _child(self, address: str) -> Listing:
        """The listing that an index of sitemaps leads to."""
        try:
            response = await fetch(self._crawl, request_for(address, self._source))
            check_is_page(response)
        except Unavailable as error:
            return Listing((), "sitemap", error.reason, f"{address}: {error.detail}")
        return await read_listing(self._crawl, page_of(response), self._source.spec)

    async def _record(self, seen: Seen) -> Recorded:
        source, listing = self._source, seen.listing
        if not listing.entries:
            return Recorded(ListingSample(0, 0) if seen.reason is Reason.EMPTY else None, source.gap_page)
        silent = source.baseline_at is None and not source.alert_first
        unknown, gap_page = await self._crawl.database.write_async(
            gaps.record_listing, source, listing, silent=silent, now=now()
        )
        claims = [entry.published for entry in listing.entries]
        places = [place_of(entry.address) for entry in listing.entries]
        return Recorded(ListingSample(len(listing.entries), unknown, claims, places, listing.reader), gap_page)

    async def _fill_gap(self, seen: Seen, page: str) -> str:
        """Fill the gap that goes on there, if there is one; return what came of it, in words."""
        if not page or seen.detail or not seen.reason.readable:
            return ""
        return await gap_filling.fill(self._crawl, self._source, page, self._patience)

    async def _read_articles(self, answer: Answer, seen: Seen) -> ArticlesOutcome:
        """Those that wait, of this poll and of others; but a host that refuses is not pressed further."""
        if not answer.reason.healthy or not (seen.reason.readable or self._poll.pending):
            return ArticlesOutcome()
        waiting = await self._crawl.database.read_async(sightings.pending, self._source.id, now())
        return await PendingArticles(self._crawl, self._source, self._poll.id).read_all(waiting, self._patience)

    # -- the end -----------------------------------------------------------------------------------------------------

    def _validators(self, answer: Answer, seen: Seen) -> Validators:
        """What the next poll compares with.

        A page that is odd is read whole each time: an unchanged answer would hide that it still is. So is an index of
        sitemaps, which need not change when the newest of them does.
        """
        if seen.by_index or (seen.reason.readable and not seen.reason.healthy):
            return FORGOTTEN
        return answer.validators if seen.reason.healthy else self._source.validators

    def _refused(self, error: StorageError, new_items: int = 0) -> PollOutcome:
        self._crawl.storage_refused(error)
        return PollOutcome(Reason.STORAGE, self._source.validators, str(error), new_items=new_items)

    async def _write(self, result: PollResult) -> None:
        await self._crawl.write_result(result)
        for event in events_of(result):
            self._crawl.report(event)
