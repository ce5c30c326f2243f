"""What a person can take out of the history: all that was found as a file, the newest of it as a feed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from presswatch.formats import feeds
from presswatch.formats.files import exported
from presswatch.formats.kinds import FeedFormat, Format
from storage.database import Database
from storage.query.aliases import Packs
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search import hits
from storage.search.search import SearchHit, every, search


async def count(database: Database, query: str) -> int:
    """How many statements meet a query. Raises `QueryError`."""
    return await database.read_async(hits.count, resolve(parse(query), database.packs))


async def export(
    database: Database,
    query: str,
    as_: Format,
    write: Callable[[str], object],
    done: Callable[[str], None] = lambda name: None,
) -> None:
    """Hand all statements that meet a query to `write`, piece by piece, as one unchanging view of the data has them.

    `write` and `done`, which is told of each statement, are called in a thread of the database's. Whoever is cancelled
    while he waits ends that at the next statement. Raises `QueryError`, and what `write` raises.
    """
    packs, cancelled = database.packs, threading.Event()

    def work(connection: Connection) -> None:
        for piece in exported(_told(connection, packs, query, cancelled, done), as_):
            write(piece)

    try:
        await database.read_async(work)
    except asyncio.CancelledError:
        cancelled.set()
        raise


def _told(
    connection: Connection, packs: Packs, query: str, cancelled: threading.Event, done: Callable[[str], None]
) -> Iterator[SearchHit]:
    for found in every(connection, packs, query):
        if cancelled.is_set():
            return
        yield found
        done(f"#{found.item.id}")


async def feed(database: Database, query: str, title: str, as_: FeedFormat, limit: int = 50) -> str:
    """A feed of the newest statements that meet a query. Raises `QueryError`."""
    page = await database.read_async(search, database.packs, query, limit=limit)
    return feeds.feed(title, query, page.found, as_)
