"""A known item, read again: was it edited, is it gone, is it back?

Gone is suspected first: `storage.items.withdrawals` says when it is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from scrapy.http import Response
from sqlalchemy import Connection

from crawler.fetching import failures
from crawler.fetching.responses import page_of, validators_of
from crawler.jobs.pages import Unavailable, fetch, page_at, request_for
from crawler.middlewares.record import exchange_of
from crawler.queue import Plan, Steady
from crawler.run import Crawl
from storage.clock import now
from storage.errors import UnreadableError
from storage.events import StatementWithdrawn
from storage.items import revisits, withdrawals
from storage.items.revisits import Revisit
from storage.items.withdrawals import ItemState, Standing
from storage.types import FORGOTTEN, Article, ArticleDraft, Exchange, Item, Reason, Validators


@dataclass(frozen=True, slots=True)
class RevisitOutcome:
    """What the item's page said."""

    gone: Reason | None = None
    """Why it seems gone; None where it stands there."""
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
                return RevisitOutcome(reason)
            if not reason.healthy:
                return None
            if reason is Reason.OK:
                article = await self._article(response, self._job.item)
                await self._crawl.store(self._draft(article, exchange_of(response)))
        except Unavailable:
            return None
        except UnreadableError as error:
            # "Not found" is a 404 whatever its status; else it says nothing
            return RevisitOutcome(error.reason) if error.reason is Reason.SOFT_404 else None
        return RevisitOutcome(validators=validators_of(response))

    async def end(self, outcome: RevisitOutcome | None) -> None:
        if outcome is None:
            return await self._postpone(self._crawl.plan)
        at, plan, item = now(), self._crawl.plan, self._job.item
        before = await self._crawl.database.read_async(withdrawals.standing, item.id)
        after = withdrawals.after_reading(before, outcome.gone is not None, at)
        if withdrawals.may_be_confirmed(after, at, plan.gone_for) and await self._neighbour_stands():
            after = replace(after, suspected_at=None, withdrawn_at=at)
        state = await self._crawl.database.write_async(self._note, outcome, before, after, at)
        if state is not None and (state is not ItemState.SUSPECTED or after.readings == 1):
            self._crawl.report(
                StatementWithdrawn(
                    self._job.source.key,
                    item.id,
                    item.version.title,
                    item.address,
                    returned=state is ItemState.RESTORED,
                    suspected=state is ItemState.SUSPECTED,
                )
            )

    def _note(
        self, connection: Connection, outcome: RevisitOutcome, before: Standing, after: Standing, at: datetime
    ) -> ItemState | None:
        plan, job = self._crawl.plan, self._job
        following = plan.next_revisit(job.source.spec.interval, job.revisits + 1, at)
        if after != Standing():
            following = withdrawals.next_look(after, at, plan.gone_for)
        revisits.revisited(
            connection,
            job.item.id,
            next_revisit_at=following,
            validators=outcome.validators,
            withdrawn_at=after.withdrawn_at,
        )
        return withdrawals.note(connection, job.item.id, before, after, outcome.gone or Reason.OK, at)

    async def _neighbour_stands(self) -> bool:
        """Whether a statement that was first seen next to this one still says something at its address."""
        beside = await self._crawl.database.read_async(withdrawals.neighbours, self._job.item.id)
        for item in beside:
            try:
                response = await fetch(self._crawl, request_for(item.address, self._job.source))
                if failures.of_status(response.status) is Reason.OK:
                    await self._article(response, item)
                    return True
            except (Unavailable, UnreadableError):
                continue
        return False

    async def give_up(self, error: Exception) -> None:
        await self._postpone(Steady())

    async def _postpone(self, plan: Plan) -> None:
        at, item = now(), self._job.item
        following = plan.next_revisit(self._job.source.spec.interval, self._job.revisits + 1, at)
        if following is None and (item.suspected_at or item.withdrawn_at):  # it is looked for until that is settled
            following = at + plan.gone_for
        await self._crawl.database.write_async(revisits.postpone, item.id, following)

    async def _article(self, response: Response, item: Item) -> Article:
        page, known = page_at(page_of(response), item.address), item.version
        return await self._crawl.reading.article(page, self._job.source.spec, known.title, known.published)

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
