"""A section's past, read day by day by the site's own search form."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scrapy.http import Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of
from crawler.jobs.backfill_stop import StopReason
from crawler.jobs.backfill_walk import BackfillWalker
from crawler.jobs.pages import Unavailable, read_listing, request_for
from crawler.reading import search_form
from crawler.reading.search_form import FormSession
from storage.clock import now
from storage.types import Entry, Listing, Page, Reason

FORM_PAGES = 50
"""Pages of the answer for one day that are asked for at most."""


class FormWalker(BackfillWalker):
    """Back day by day, by the site's search form."""

    _session: FormSession | None = None

    async def walk(self, response: Response) -> StopReason:
        self.check(response)
        self._session = await self._session_of(response)
        day = self._first_day()
        while day >= self.job.backfill.since:
            await self.record(await self._statements_of(day))
            await self.read_articles()
            reached, day = day, day - timedelta(days=1)
            await self.turn(day.isoformat(), reached)
            if day >= self.job.backfill.since:
                self.check_cap()
        return StopReason.DATE

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
                form = request_for(search_form.address_of(self.spec), self.source)
                self._session = await self._session_of(await self.fetch(form))
            response = await self.fetch(search_form.question(self.source, day, number, self._session))
            page = page_of(response)
            if page.status == 200 and search_form.is_good(page, self.spec.search):
                return await read_listing(self.crawl, page, self.spec)
            self._session = None
        assert page is not None
        if (reason := failures.of_status(page.status)) is not Reason.OK:
            raise Unavailable(reason, f"the form answered {page.status}")
        listing = await read_listing(self.crawl, page, self.spec)
        if listing.reason not in (Reason.OK, Reason.EMPTY):
            raise Unavailable(listing.reason, listing.detail)
        return Listing((), listing.reader, Reason.EMPTY)

    async def _session_of(self, response: Response) -> FormSession:
        page, form = page_of(response), self.spec.search
        token = await self.crawl.reading.token(page, form) if form.token else ""
        if form.token and not token:
            listing = await read_listing(self.crawl, page, self.spec)
            odd = listing.reason if not listing.reason.readable else Reason.DRIFTED
            raise Unavailable(odd, listing.detail or f"{page.address} shows no token at {form.token}")
        return FormSession(token, search_form.cookies_of(response))
