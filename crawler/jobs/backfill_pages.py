"""A section's past, read back through the pages of its listing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scrapy.http import Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of
from crawler.jobs.backfill_stop import BackfillWalk, StopReason
from crawler.jobs.backfill_walk import BackfillWalker
from crawler.jobs.pages import Unavailable, answered, read_listing, request_for
from storage.sources import sightings
from storage.types import Listing, Reason


class PageWalker(BackfillWalker):
    """Back through the pages of the listing."""

    async def walk(self, response: Response) -> StopReason:
        walk = BackfillWalk(self.job.backfill.since)
        address, is_first = self.job.first_request, not self.job.backfill.next_page
        self.check(response)
        while True:
            listing = await self._page(response, is_first)
            await self.record(listing.entries if not (is_first and self.watched) else ())
            await self.read_articles()
            days = await self.crawl.database.read_async(sightings.days, self.source.id, listing.entries)
            stop = walk.turn(address, days, listing.next_page)
            goes_on = stop is StopReason.ON
            # A page that is the last one is read again, should this process die before the row has ended.
            await self.turn(listing.next_page if goes_on else address, _reached(days.values()))
            if not goes_on:
                return stop
            self.check_cap()
            address, is_first = listing.next_page, False
            response = await self.fetch(request_for(address, self.source))

    async def _page(self, response: Response, is_first: bool) -> Listing:
        """What the page shows; nothing where the list has ended. Raises `Unavailable` where it cannot be read."""
        reason, detail = failures.of_status(response.status), answered(response)
        listing = Listing((), "")
        if reason is Reason.OK:
            listing = await read_listing(self.crawl, page_of(response), self.spec)
            reason, detail = listing.reason, listing.detail
        if reason.readable or (not is_first and reason in (Reason.EMPTY, Reason.GONE, Reason.SOFT_404)):
            return listing
        raise Unavailable(reason, detail)


def _reached(days: Iterable[date | None]) -> date | None:
    """How far back a page goes: its middle, because single entries are pinned or misdated."""
    dated = sorted(day for day in days if day is not None)
    return dated[len(dated) // 2] if dated else None
