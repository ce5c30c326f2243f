"""A known item, read again: was it edited, is it gone, is it back?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from scrapy.http import Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of, validators_of
from crawler.jobs.pages import Unavailable, fetch, page_at, request_for
from crawler.middlewares.record import exchange_of
from crawler.queue import Plan, Steady
from crawler.run import Crawl
from storage.clock import now
from storage.errors import UnreadableError
from storage.events import StatementWithdrawn
from storage.items import revisits
from storage.items.revisits import Revisit
from storage.types import FORGOTTEN, Article, ArticleDraft, Exchange, Reason, Validators

FEW = 3
"""Statements of a source that may be found gone within `MANY_WITHIN` by what stands in their place."""
MANY_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RevisitOutcome:
    """What the item's page said."""

    withdrawn: bool
    validators: Validators = FORGOTTEN


class RevisitRun:
    """One `Revisit`. An unreadable page says nothing about the statement: it is left for its next
    time."""

    def __init__(self, crawl: Crawl, job: Revisit) -> None:
        self._crawl = crawl
        self._job = job
        self.where = f"a revisit of {job.source.key}"

    async def read(self) -> RevisitOutcome | None:
        """Store what the page says now, if that can be said; None where it says nothing."""
        try:
            address, known = self._job.item.address, self._job.validators
            response = await fetch(self._crawl, request_for(address, self._job.source, known, record=True))
            reason = failures.of_status(response.status)
            if reason is Reason.GONE:
                return RevisitOutcome(withdrawn=True)
            if not reason.healthy:
                return None
            if reason is Reason.OK:
                await self._crawl.store(self._draft(await self._article(response), exchange_of(response)))
        except Unavailable:
            return None
        except UnreadableError as error:
            return await self._replaced(error.reason)
        return RevisitOutcome(withdrawn=False, validators=validators_of(response))

    async def end(self, outcome: RevisitOutcome | None) -> None:
        if outcome is None:
            return await self._postpone(self._crawl.plan)
        known, at = self._job.item, now()
        await self._crawl.database.write_async(
            revisits.revisited,
            known.id,
            next_revisit_at=self._crawl.plan.next_revisit(self._job.source.spec.interval, self._job.revisits + 1, at),
            validators=outcome.validators,
            withdrawn_at=(known.withdrawn_at or at) if outcome.withdrawn else None,
        )
        if outcome.withdrawn != (known.withdrawn_at is not None):
            self._crawl.report(
                StatementWithdrawn(
                    self._job.source.key, known.id, known.version.title, known.address, returned=not outcome.withdrawn
                )
            )

    async def give_up(self, error: Exception) -> None:
        await self._postpone(Steady())

    async def _postpone(self, plan: Plan) -> None:
        at = plan.next_revisit(self._job.source.spec.interval, self._job.revisits + 1, now())
        await self._crawl.database.write_async(revisits.postpone, self._job.item.id, at)

    async def _replaced(self, reason: Reason) -> RevisitOutcome | None:
        """What a page says that is another one's. "Not found" is a 404 whatever its status, until a site says so of
        many statements at once: then it has been rebuilt, or answers so by mistake.
        """
        if reason is not Reason.SOFT_404:
            return None
        known, since = self._job.item, now() - MANY_WITHIN
        lately = await self._crawl.database.read_async(revisits.withdrawn_since, known.source_id, since)
        is_one_of_few = known.withdrawn_at is not None or lately < FEW
        return RevisitOutcome(withdrawn=True) if is_one_of_few else None

    async def _article(self, response: Response) -> Article:
        version = self._job.item.version
        return await self._crawl.reading.article(
            page_at(page_of(response), self._job.item.address), self._job.source.spec, version.title, version.published
        )

    def _draft(self, article: Article, exchange: Exchange | None) -> ArticleDraft:
        source, known = self._job.source, self._job.item
        return ArticleDraft(
            article,
            source_id=source.id,
            source_key=source.key,
            item_id=known.id,
            silent=known.silent,
            exchange=exchange,
        )
