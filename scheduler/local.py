"""APScheduler drives the jobs in one process: a small ticker. What is due lies in the tables, never in its memory.

All of it runs on one asyncio loop: the ticker, Scrapy and, later, the pages. `misfire_grace_time=None` because the
default drops a tick that comes a second late; `coalesce` because two late ticks are as good as one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TextIO

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from notify.messages.links import Links
from scheduler import jobs
from scheduler.plan import BoundedPlan
from storage.clock import now
from storage.database import Database
from storage.errors import StorageError
from storage.events import Event, mistake
from storage.leases import owner
from storage.sources.polls import Poll

TICK = 1.0
"""Seconds between two looks at what is due. A look costs a tenth of a millisecond."""

RENEWAL = 30.0
"""Seconds between two renewals of what is claimed; a quarter of the lease."""

PRUNING = 24 * 3600.0
"""Seconds between two clearings of what nobody needs any more."""

PLANTING = 20.0
"""Seconds between two looks whether a canary is due."""

SWEEPING = 60.0
"""Seconds between two looks for what crashed processes left."""

STOP_PATIENCE = 4.0
"""Seconds that polls under way get when the process stops; the rows keep the rest."""

DELIVERY_PATIENCE = 7.0
"""Seconds that deliveries under way get: what is sent and not marked is sent once more."""


class Local:
    """presswatch in one process: the crawl and the dispatch side by side."""

    def __init__(self, crawl: Crawl, dispatch: Dispatch, operator: Operator) -> None:
        self.crawl = crawl
        self.dispatch = dispatch
        self.operator = operator

    async def serve(self, stop: asyncio.Event) -> None:
        """Poll, match and deliver until `stop` is set."""
        ticker = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        for name, job, seconds in (
            ("poll due sources", lambda: jobs.poll_due(self.crawl), TICK),
            ("revisit items", lambda: jobs.revisit_due(self.crawl), TICK),
            ("match and deliver", lambda: jobs.match_and_deliver(self.dispatch), TICK),
            ("tell the operator", lambda: jobs.tell_operator(self.operator), TICK),
            ("renew leases", lambda: jobs.renew(self.crawl), RENEWAL),
            ("plant canaries", lambda: jobs.plant_canaries(self.crawl.database), PLANTING),
            ("sweep", lambda: asyncio.to_thread(jobs.sweep, self.crawl.database), SWEEPING),
            ("prune", lambda: jobs.prune(self.crawl.database), PRUNING),
            ("optimize", lambda: jobs.optimize(self.crawl.database), PRUNING),
            ("reconcile", lambda: jobs.reconcile(self.dispatch), PRUNING),
        ):
            ticker.add_job(self._patient(name, job), "interval", seconds=seconds, next_run_time=now())
        ticker.start()
        try:
            await stop.wait()
        finally:
            ticker.shutdown(wait=False)

    async def once(self, keys: Sequence[str]) -> tuple[Poll, ...]:
        """Poll these sources now, match what is new, deliver what is due, and return the polls."""
        polls = await jobs.poll_now(self.crawl, keys)
        await self.crawl.idle()
        await jobs.match_and_deliver(self.dispatch)
        await jobs.tell_operator(self.operator)
        await asyncio.gather(self.dispatch.settled(), self.operator.settled())
        return polls

    def _patient(self, name: str, job: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[None]]:
        """The job; a storage that refuses or a mistake of our own is told once, and it is tried at the next tick."""
        told: type[Exception] | None = None

        async def run() -> None:
            nonlocal told
            try:
                await job()
                told = None
            except StorageError as error:
                self.crawl.storage_refused(error)
            except Exception as error:
                if told is not type(error):
                    told = type(error)
                    self.operator.report(mistake(name, error))

        return run


def _link_secrets(database: Database) -> tuple[bytes, ...]:
    """What links in messages are signed with; none where there is no key: then messages name commands."""
    try:
        return database.keyring.derived("links")
    except StorageError:
        return ()


@asynccontextmanager
async def local(
    database: Database,
    *,
    console: TextIO,
    report: Callable[[Event], None],
    command: str = "presswatch",
    settings: Mapping[str, Any] | None = None,
    plan: BoundedPlan | None = None,
    base_url: str = "",
) -> AsyncIterator[Local]:
    """A crawl and a dispatch on the running loop, started and, whatever happens, stopped.

    `settings` are Scrapy's, over `crawler.settings`; `console` is where the console channel prints, `report` is told
    what happens; `plan` holds the operator's bounds, `base_url` is where the web pages are.
    """
    jobs.sweep(database)
    operator = Operator(database, console=console, report=report, command=command)
    crawl = Crawl(database, report=operator.report, plan=plan or BoundedPlan())

    def links() -> Links:  # anew for each message: the key may change meanwhile
        return Links(base_url, _link_secrets(database) if base_url else (), command)

    dispatch = Dispatch(database, owner=owner(), console=console, report=operator.report, links=links)
    await crawl.start(settings)
    try:
        yield Local(crawl, dispatch, operator)
    finally:
        await asyncio.gather(
            crawl.stop(STOP_PATIENCE), dispatch.stop(DELIVERY_PATIENCE), operator.stop(DELIVERY_PATIENCE)
        )
