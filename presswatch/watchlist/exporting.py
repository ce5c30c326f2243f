"""What is watched becomes a file."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.catalog import catalogue
from presswatch.output import plural
from presswatch.watchlist import opml
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.from_database import known, worth_writing
from presswatch.watchlist.toml_writer import written
from storage.database import Database
from storage.sources import sources


@dataclass(frozen=True, slots=True)
class Exported:
    """A file's text, and how much is in it."""

    text: str
    counted: str


async def exported(database: Database, owner: int, form: Form) -> Exported:
    """Topics, subscriptions and sources as TOML, or the feeds that are polled as OPML."""
    if form is Form.OPML:
        every = await database.read_async(sources.every)
        feeds = opml.feeds_among(every)
        rest = sum(source.enabled for source in every) - len(feeds)
        lacking = f" ({plural(rest, 'source')} without a feed left out)" if rest else ""
        return Exported(opml.written(feeds), plural(len(feeds), "feed") + lacking)
    watchlist = worth_writing(await database.read_async(known, owner), catalogue())
    topics, told, watched = (len(each or ()) for each in (watchlist.topics, watchlist.subscriptions, watchlist.sources))
    counted = f"{plural(topics, 'topic')}, {plural(told, 'subscription')} and {plural(watched, 'source')}"
    return Exported(written(watchlist), counted)
