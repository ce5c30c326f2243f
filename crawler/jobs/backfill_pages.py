"""A section's past, read back through the pages of its listing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import date

from scrapy.http import Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of
from crawler.items import ArticleItem
from crawler.jobs import articles as pending__articles
from crawler.jobs.articles import Unavailable
from crawler.jobs.backfill_stop import BackfillWalk, StopReason
from crawler.jobs.backfill_walk import BackfillWalker
from storage.sources import sightings
from storage.types import Listing, Reason


class ByPages(BackfillWalker):
    """Back through the pages of the listing."""

    async def read(self, response: Response) -> AsyncIterator[ArticleItem]:
        walk = BackfillWalk(self.job.backfill.since)
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
            goes_on = self.verdict is StopReason.ON
            # A page that is the last one is read again, should this process die before the row has ended.
            await self.turn(listing.next_page if goes_on else address, _reached(days.values()))
            if not goes_on:
                return
            self.check_cap()
            address, is_first = listing.next_page, False
            response = await self.fetch(pending__articles.request_for(address, self.source))

    async def _page(self, response: Response, is_first: bool) -> Listing:
        """What the page shows; nothing where the list has ended. Raises `Unavailable` where it cannot be read."""
        page = page_of(response)
        reason, detail = failures.of_status(page.status), f"{page.address} answered {page.status}"
        listing = Listing((), "")
        if reason is Reason.OK:
            listing = await self.listing(page)
            reason, detail = listing.reason, listing.detail
        if reason.readable or (not is_first and reason in (Reason.EMPTY, Reason.GONE, Reason.SOFT_404)):
            return listing
        raise Unavailable(reason, detail)


def _reached(days: Iterable[date | None]) -> date | None:
    """How far back a page goes: its middle, because single entries are pinned or misdated."""
    dated = sorted(day for day in days if day is not None)
    return dated[len(dated) // 2] if dated else None
