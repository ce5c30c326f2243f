"""Hostile sites and healthy ones in one real crawl, and what it says of each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, func, select, update

from crawler.run import Crawl
from scheduler.jobs import poll_due, revisit_due
from storage.clock import now
from storage.database import Database
from storage.events import Event, MistakeMade, PollEnded
from storage.sources import sources
from storage.sources.watched import watched
from storage.tables import items
from storage.tables import sources as source_rows
from storage.types import SourceSpec
from tests.fakes.fence import fenced

LOOPBACK = "127.0.0.0/8"
TICK = 0.05
"""Seconds between two looks at what is due."""
LONGEST = 900.0
"""Seconds after which a crawl of hundreds of sites is given up, however busy the machine is."""
ONCE = 24 * 3600
"""Seconds between two polls of a source that is polled once."""


@dataclass(slots=True)
class Told:
    """What a crawl has told so far."""

    ended: dict[str, PollEnded] = field(default_factory=dict)
    """The last poll of each source."""
    polls: int = 0
    mistakes: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    """Errors and tracebacks, from whomever."""

    def note(self, event: Event) -> None:
        match event:
            case PollEnded():
                self.ended[event.source] = event
                self.polls += 1
            case MistakeMade():
                self.mistakes.append(f"{event.where}: {event.detail}")


class _Listener(logging.Handler):
    def __init__(self, told: Told) -> None:
        super().__init__(logging.WARNING)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR or "Traceback" in record.getMessage():
            self._told.logged.append(logging.Formatter().format(record))


@contextmanager
def _listening(told: Told) -> Iterator[None]:
    """Hear what is logged as an error, and what asyncio says of tasks that nobody heard of."""
    listener = _Listener(told)
    logging.getLogger().addHandler(listener)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(listener)


@asynccontextmanager
async def crawling(
    database: Database, timeout: float, also: Callable[[Event], None] = lambda event: None
) -> AsyncIterator[tuple[Crawl, Told]]:
    """The crawl as the program runs it, but for the delay between two requests to a host; `timeout` is how many seconds
    an answer may take, `also` is told too."""
    told = Told()

    def note(event: Event) -> None:
        told.note(event)
        also(event)

    crawl = Crawl(database, report=note)
    with _listening(told), fenced():
        settings = {"PRESSWATCH_ALLOW_ADDRESSES": LOOPBACK, "DOWNLOAD_DELAY": 0, "DOWNLOAD_TIMEOUT": timeout}
        await crawl.start(settings)
        try:
            await crawl.reading.start()
            yield crawl, told
        finally:
            await crawl.stop()


def watch(database: Database, addresses: Mapping[str, str], interval: int = ONCE, every: float = 0.0) -> None:
    """Make sources of them, the first one due now and each of the others so many seconds after the one before."""

    def add(connection: Connection) -> None:
        there = watched(connection)
        for number, (key, address) in enumerate(addresses.items()):
            spec = SourceSpec(key, key, address, delay=0.0, interval=interval)
            due = now() + timedelta(seconds=number * every)
            sources.add(connection, spec, alert_first=False, now=due, among=there)

    database.write(add)


def due_again(database: Database) -> None:
    """Let every source and every statement be due now."""
    database.write(lambda connection: connection.execute(update(source_rows).values(next_poll_at=now())))
    database.write(lambda connection: connection.execute(update(items).values(next_revisit_at=now())))


async def revisit_all(crawl: Crawl) -> int:
    """Read again what is due to be, one statement of each source at a time; return how many."""
    revisited = 0
    while some := await revisit_due(crawl):
        revisited += some
        await crawl.idle()
    return revisited


async def poll_all(crawl: Crawl, told: Told, keys: Sequence[str]) -> None:
    """Poll these sources once each, as the scheduler does: as many at a time as there are places."""
    while not told.ended.keys() >= set(keys):
        await poll_due(crawl)
        await asyncio.sleep(TICK)
    await crawl.idle()


def stored(database: Database) -> dict[str, int]:
    """How many statements there are of each source that has any."""

    def count(connection: Connection) -> dict[str, int]:
        known = select(source_rows.c.key, func.count()).join(items, items.c.source_id == source_rows.c.id)
        return {row[0]: row[1] for row in connection.execute(known.group_by(source_rows.c.key))}

    return database.read(count)


def key_of(name: str) -> str:
    """The key of a source for the site of that name."""
    return "hostile/" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name.lower())
