"""The jobs of a crawl, each from its first request to its end, as many at a time as there are places.

A job reads, then ends: what it came to is one value, and how that is written down is the job's last act. Whatever slips
costs this job only: it is given up, so that no claim is renewed for ever, and the operator is told.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from crawler.jobs.backfill import BackfillRun
from crawler.jobs.fetch import FetchRun
from crawler.jobs.poll import PollRun
from crawler.jobs.revisit import RevisitRun
from crawler.queue import BackfillJob, Fetch, Job
from crawler.run import Crawl
from storage.errors import StorageError
from storage.items.revisits import Revisit
from storage.sources.polls import Poll, host_of

T = TypeVar("T")

POLLS_OF_A_HOST = 2
"""Polls of one host that read at a time. It is asked one thing at a time, and who waits for his turn holds no place:
else the sections of a few hosts would hold all of them."""

Turns = WeakValueDictionary[str, asyncio.Semaphore]
"""By host, for as long as anybody waits for it."""


class JobRun(Protocol[T]):
    """A job under way."""

    where: str
    """What it is, for whoever is told of a mistake in it."""

    async def read(self) -> T:
        """Ask the site, store what is new, and return what came of it. May raise `StorageError`."""

    async def end(self, outcome: T) -> None:
        """Write down what came of it, or hand it over. May raise `StorageError`."""

    async def give_up(self, error: Exception) -> None:
        """The same after a mistake of ours: without what may be mistaken, such as the plan."""


async def run_all(crawl: Crawl, places: int) -> None:
    """Do the crawl's jobs as they come in, until it stops; so many read at a time.

    They ask the engine themselves. A request's way through Scrapy's scheduler, and its answer's through the scraper,
    cost as much as half of a poll that finds nothing, and nearly all polls find nothing.
    """
    free = asyncio.Semaphore(places)
    turns: Turns = WeakValueDictionary()
    async with asyncio.TaskGroup() as under_way:
        async for job in crawl.jobs():
            under_way.create_task(_run(crawl, job, free, turns))


async def _run(crawl: Crawl, job: Job, places: asyncio.Semaphore, turns: Turns) -> None:
    match job:
        case Poll():
            async with turns.setdefault(host_of(job.source.spec.address), asyncio.Semaphore(POLLS_OF_A_HOST)):
                await run(crawl, job, PollRun(crawl, job), places)
        case Revisit():
            await run(crawl, job, RevisitRun(crawl, job), places)
        case Fetch():
            await run(crawl, job, FetchRun(crawl, job), places)
        case BackfillJob():
            await run(crawl, job, BackfillRun(crawl, job), places)


async def run(crawl: Crawl, job: Job, running: JobRun[T], places: asyncio.Semaphore) -> None:
    """Do a job to its end. It holds a place while it reads, but not while it waits for its end to be written."""
    try:
        async with places:
            outcome = await running.read()
        await running.end(outcome)
    except StorageError as error:
        crawl.storage_refused(error)
    except Exception as error:
        await _give_up(crawl, running, error)
    finally:
        crawl.done(job)


async def _give_up(crawl: Crawl, running: JobRun[T], error: Exception) -> None:
    crawl.mistake(running.where, error)
    try:
        await running.give_up(error)
    except StorageError as refusal:
        crawl.storage_refused(refusal)
    except Exception as another:
        crawl.mistake(running.where, another)
