"""APScheduler drives the jobs in one process: a small ticker. What is due lies in the tables, never in its memory.

All of it runs on one asyncio loop: the ticker, Scrapy and, later, the pages. `misfire_grace_time=None` because the
default drops a tick that comes a second late; `coalesce` because two late ticks are as good as one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TextIO

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from scheduler import jobs
from scheduler.plan import BoundedPlan
from scheduler.timetable import TICK, TIMETABLE, Node, Row
from storage.clock import now
from storage.database import Database
from storage.errors import DatabaseGoneError, FencedError, StorageError
from storage.events import Event, heard, mistake
from storage.leases import owner
from storage.sources.polls import Poll
from storage.types import EVERY_ROLE, NodeRole


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it is no tick that was cancelled because the process stops."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


# A tick that finds the one before it still busy is skipped, as it is meant; what goes wrong in one, we tell ourselves.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
logging.getLogger("apscheduler.executors.default").addFilter(_is_news)

STOP_PATIENCE = 4.0
"""Seconds that polls under way get when the process stops; the rows keep the rest."""

DELIVERY_PATIENCE = 7.0
"""Seconds that deliveries under way get: what is sent and not marked is sent once more."""


class Local(Node):
    """presswatch in one process, driven by APScheduler."""

    async def serve(self, stop: asyncio.Event, timetable: Sequence[Row] = TIMETABLE) -> None:
        """Do what the timetable says until `stop` is set.

        Raises `DatabaseGoneError` as soon as the database is not there any more, and `FencedError` when this node may
        not write: nothing is done without.
        """
        gone: list[StorageError] = []

        def lose(error: StorageError) -> None:
            gone.append(error)
            stop.set()

        ticker = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        for row in timetable:
            ticker.add_job(self.patient(row, lose), "interval", seconds=row.seconds, next_run_time=now())
        self.pulse.expect((row.name, row.seconds) for row in timetable)
        ticker.start()
        beside = (
            asyncio.create_task(heard(self.dispatch.get_ready(), "getting ready to send", self.operator.report)),
            asyncio.create_task(heard(_follow_the_clock(ticker), "following the clock", self.operator.report)),
        )
        try:
            await stop.wait()
        finally:
            for task in beside:
                task.cancel()
            ticker.shutdown(wait=False)
        if gone:
            raise gone[0]

    async def once(self, keys: Sequence[str]) -> tuple[Poll, ...]:
        """Poll these sources now, match what is new, deliver what is due, and return the polls."""
        polls = await jobs.poll_now(self.crawl, keys)
        await self.crawl.idle()
        await jobs.match_and_deliver(self.dispatch)
        await jobs.tell_operator(self.operator)
        await asyncio.gather(self.dispatch.settled(), self.operator.settled())
        return polls

    def patient(
        self, row: Row, lose: Callable[[StorageError], None] = lambda error: None
    ) -> Callable[[], Awaitable[None]]:
        """The row's job; a storage that refuses or a mistake of our own is told once, and it is tried at its next time.

        A mistake of another kind is told anew, and the same one after the job went well. A database that is gone does
        not come back: `lose` is told.
        """
        told: type[Exception] | None = None

        async def run() -> None:
            nonlocal told
            try:
                await row.job(self)
                self.pulse.beat(row.name)
                told = None
            except StorageError as error:
                self.crawl.storage_refused(error)
                if isinstance(error, DatabaseGoneError | FencedError):
                    lose(error)
            except Exception as error:
                if told is not type(error):
                    told = type(error)
                    self.operator.report(mistake(row.name, error))

        return run


async def _follow_the_clock(ticker: AsyncIOScheduler) -> None:
    """When the clock has gone back, do all at once that waits for its time: APScheduler would wait for the old one.

    A clock that is set back by a day would stop everything for a day. One that goes forward makes all of it due.
    """
    before = now()
    while True:
        await asyncio.sleep(TICK)
        if now() < before:
            for job in ticker.get_jobs():
                job.modify(next_run_time=now())
        before = now()


@asynccontextmanager
async def local(
    database: Database,
    *,
    console: TextIO,
    report: Callable[[Event], None],
    command: str = "presswatch",
    settings: Mapping[str, Any] | None = None,
    plan: BoundedPlan | None = None,
    leaves_console: Callable[[], bool] = lambda: False,
    roles: frozenset[NodeRole] = EVERY_ROLE,
) -> AsyncIterator[Local]:
    """A crawl and a dispatch on the running loop, started and, whatever happens, stopped.

    `settings` are Scrapy's, over `crawler.settings`; `console` is where the console channel prints, `report` is told
    what happens; `plan` holds the operator's bounds, `leaves_console` says whether another process prints
    for the console; `roles` are what it does where there are other nodes.
    """
    jobs.sweep(database)
    operator = Operator(database, console=console, report=report, command=command)
    crawl = Crawl(database, report=operator.report, plan=plan or BoundedPlan())

    dispatch = Dispatch(
        database,
        owner=owner(),
        console=console,
        report=operator.report,
        command=command,
        leaves_console=leaves_console,
    )
    await crawl.start(settings)
    try:
        yield Local(crawl, dispatch, operator, roles=roles)
    finally:
        await asyncio.gather(
            crawl.stop(STOP_PATIENCE), dispatch.stop(DELIVERY_PATIENCE), operator.stop(DELIVERY_PATIENCE)
        )
