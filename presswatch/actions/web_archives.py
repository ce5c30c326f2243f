"""What can be done with web archives: read statements out of them, silently."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from crawler.article.cleaning import clean
from crawler.reading.process import ReadingProcess
from crawler.reading.saved import Kind
from crawler.reading.web_archive import ArchivedPage, archived_pages
from storage.clock import now
from storage.database import Database, Progress
from storage.errors import InvalidInputError, NotFoundError, UnreadableError
from storage.items import items
from storage.items.store import store
from storage.sources import sources
from storage.types import Article, ArticleDraft, Page, Source


@dataclass(slots=True)
class Imported:
    """What came of a file."""

    new: int = 0
    known: int = 0
    """Statements that were there, and are left as they are."""
    others: int = 0
    """Pages that are no statement with a date: listings, contacts, and what no reader can make sense of."""
    elsewhere: int = 0
    """Pages of sites of which no source is known."""
    skipped: list[str] = field(default_factory=list)
    """Records that were not read, and why."""
    ended: InvalidInputError | None = None
    """Why the file could not be read to its end, if it could not."""


async def import_file(
    database: Database,
    reading: ReadingProcess,
    file: Path,
    key: str = "",
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Store the statements of a WARC file that are not known yet, each for the source of its site; nobody is alerted.

    With `key` all are that source's, of whichever site. Who does it again goes on where it ended: what is known is not
    read again. `progress` is told per mille. Raises `NotFoundError`, `InvalidInputError`, `StorageError`.
    """
    of_host = await database.read_async(_sources_by_host, key)
    size = (await asyncio.to_thread(file.stat)).st_size if file.is_file() else 0
    if not size:
        raise InvalidInputError(f"{file} is no file, or empty", mend="name a file that ends with .warc or .warc.gz")
    came = Imported()
    records = archived_pages(file)
    try:
        while (record := await asyncio.to_thread(next, records, None)) is not None:
            await _import(database, reading, record, of_host, came)
            progress(min(999, record.read * 1000 // size), 1000)
    except InvalidInputError as error:
        came.ended = error
    progress(1000, 1000)
    return came


def _sources_by_host(connection: Connection, key: str) -> Callable[[str], Source | None]:
    if key:
        named = sources.get(connection, key)
        return lambda host: named
    known: dict[str, Source] = {}
    for source in sources.every(connection):
        known.setdefault(_host(source.spec.address), source)
    if not known:
        raise NotFoundError("there is no source", mend="add one with: presswatch sources add URL")
    return known.get


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


async def _import(
    database: Database,
    reading: ReadingProcess,
    record: ArchivedPage,
    of_host: Callable[[str], Source | None],
    came: Imported,
) -> None:
    if record.skipped:
        came.skipped.append(f"record {record.number}: {record.skipped}")
    if record.page is None:
        return
    source = of_host(_host(record.page.address))
    if source is None:
        came.elsewhere += 1
    elif await database.read_async(_is_known, record.page.address):
        came.known += 1
    elif (article := await _article(reading, record.page, source)) is None:
        came.others += 1
    elif await database.write_async(_store, source, article, record.page.address):
        came.new += 1
    else:
        came.known += 1


async def _article(reading: ReadingProcess, page: Page, source: Source) -> Article | None:
    """The statement on a page: one whose day it says, for sites have many pages that are none."""
    try:
        read = await reading.page(page, source.spec, None)
    except UnreadableError:
        return None
    article = clean(read.article) if read.kind is Kind.ARTICLE and read.article else None
    return article if article and article.body and article.published.day else None


def _is_known(connection: Connection, address: str) -> bool:
    try:
        return items.find(connection, address) is not None
    except ValueError:
        return False


def _store(connection: Connection, source: Source, article: Article, fetched: str) -> bool:
    """Store it, unless the address that it claims is known."""
    if _is_known(connection, article.address):
        return False
    draft = ArticleDraft(article, source_id=source.id, source_key=source.key, fetched_address=fetched, silent=True)
    store(connection, [draft], now=now())
    return True
