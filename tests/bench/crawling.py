"""Our crawl on the sections of the benchmark's site."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from crawler.jobs.fetch import FETCH_DELAY
from crawler.run import Crawl
from storage.clock import now
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.database import Database
from storage.events import Event
from storage.opening import open_database
from storage.sources import polls, sources
from tests.bench.server import Section

ALLOWED = "127.0.0.0/8"


@asynccontextmanager
async def crawl_of(folder: Path, sections: Sequence[Section], report: Callable[[Event], None]) -> AsyncIterator[Crawl]:
    """`crawl_in` with a database of its own."""
    with open_database(folder) as database:
        async with crawl_in(database, sections, report) as crawl:
            yield crawl


@asynccontextmanager
async def crawl_in(
    database: Database, sections: Sequence[Section], report: Callable[[Event], None]
) -> AsyncIterator[Crawl]:
    """The crawl as the program runs it, but for the delay between two requests to a host, with the sections as its
    sources."""
    with guarded_connections(AddressPolicy.parse(ALLOWED)):
        for section in sections:
            database.write(sources.add, section.spec(), alert_first=True, now=now())
        crawl = Crawl(database, report=report)
        await crawl.start({"DOWNLOAD_DELAY": 0, "PRESSWATCH_ALLOW_ADDRESSES": ALLOWED})
        try:
            yield crawl
        finally:
            await crawl.stop()


async def poll_once(crawl: Crawl, count: int) -> None:
    """Poll that many sections, those that wait longest, to the last of their articles."""
    crawl.submit(await crawl.database.write_async(polls.claim_due, "bench", now(), limit=count))
    await crawl.idle()


async def acquaint(crawl: Crawl, sections: Sequence[Section]) -> None:
    """Open the connections and read each host's robots.txt, without storing anything."""
    await asyncio.gather(*(crawl.fetch(section.address) for section in sections))
    await asyncio.sleep(FETCH_DELAY)  # the hosts are left alone for so long after a page that a person waited for
