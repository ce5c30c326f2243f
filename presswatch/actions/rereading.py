"""What can be done with raw pages that were read before: see what today's readers would make of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from crawler.article.cleaning import clean
from crawler.jobs.pages import page_at
from crawler.reading.process import ReadingProcess
from storage.database import Database, Progress
from storage.errors import InvalidInputError, UnreadableError
from storage.identity import fingerprint
from storage.items import boilerplate, items
from storage.items.evidence import pages
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.rows import Chained
from storage.sources import sources
from storage.types import Article, Page, Source, Version


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A version that would be read otherwise."""

    version: Version
    article: Article | None
    trouble: str = ""
    """Why nothing would be read, if nothing would."""


async def look(
    database: Database, reading: ReadingProcess, key: str, progress: Progress = lambda done, total: None
) -> tuple[int, list[Otherwise]]:
    """How many versions of a source's statements have raw pages, and those that would be read otherwise today.

    They are read as a revisit would, which knows what they said. Nothing is fetched or stored. `progress` is told
    versions. Raises `NotFoundError`, `StorageError`.
    """
    source, records = await database.read_async(_records, key)
    folder, found = EvidenceFolder.within(database.path.parent), list[Otherwise]()
    for done, record in enumerate(records, 1):
        version, address = await database.read_async(_version, record)
        try:
            page = page_at(await database.read_async(pages.page_in, folder, record), address)
            article = await _read(reading, page, source, version)
        except (InvalidInputError, UnreadableError) as error:
            found.append(Otherwise(version, None, str(error)))
        else:
            if fingerprint(article.title, article.body) != fingerprint(version.title, version.body):
                found.append(Otherwise(version, article))
        progress(done, len(records))
    return len(records), found


def _records(connection: Connection, key: str) -> tuple[Source, tuple[Chained, ...]]:
    source = sources.get(connection, key)
    return source, pages.of_source(connection, source.id)


def _version(connection: Connection, record: Chained) -> tuple[Version, str]:
    said = items.history(connection, record.link.item)
    [version] = [each for each in said if each.number == record.link.version]
    return version, items.get(connection, record.link.item).address


async def _read(reading: ReadingProcess, page: Page, source: Source, version: Version) -> Article:
    """The statement on a page, without the paragraphs that were left out of the version as the site's own."""
    article = clean(await reading.article(page, source.spec, version.title, version.published))
    return replace(article, body=boilerplate.less(article.body, version.cut))
