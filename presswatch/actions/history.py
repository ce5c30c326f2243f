"""What a person can do with the history: search it, and see how what was found is spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError
from storage.people import topics
from storage.query.aliases import AliasPack, Packs, find_alias
from storage.search import coverage, facets
from storage.search.coverage import Commented
from storage.search.facets import Facets
from storage.search.intervals import Bar, Interval
from storage.search.search import Order, SearchPage
from storage.search.search import search as find


async def query_of(database: Database, owner: int, query: str, topic: str) -> str:
    """The query that was given, or that of the topic that was named. Raises `NotFoundError`, `InvalidInputError`."""
    if bool(query) is bool(topic):
        raise InvalidInputError("expected a query, or a topic with --topic", mend="give one of the two")
    return (await database.read_async(topics.get, owner, topic)).query if topic else query


async def search(
    database: Database,
    query: str,
    *,
    limit: int = 20,
    before: int | None = None,
    order: Order = Order.NEWEST,
    start: str = "",
) -> SearchPage:
    """The statements that meet a query, as `storage.search.search.search` has them, which says what it raises."""
    return await database.read_async(find, database.packs, query, limit=limit, before=before, order=order, start=start)


async def alias_of(database: Database, query: str) -> AliasPack | None:
    """The alias whose name a query is and nothing else: who asks for CSTO may want ОДКБ too."""
    return find_alias(query, database.packs)


async def topic_of(database: Database, owner: int, query: str) -> str:
    """The name of the topic that a query is called like; nothing where there is none."""
    topic = await database.read_async(topics.find, owner, query) if query else None
    return topic.name if topic else ""


async def spread(database: Database, owner: int, query: str) -> Facets:
    """How many of the statements that meet a query are of each source, country, language, month and owner's topic.

    Raises `QueryError`.
    """
    return await database.read_async(_spread, owner, database.packs, query)


def _spread(connection: Connection, owner: int, packs: Packs, query: str) -> Facets:
    return facets.facets(connection, packs, query, topics.every(connection, owner))


async def trend(database: Database, query: str, by: Interval) -> tuple[Bar, ...]:
    """How many statements meet a query in each interval, until today. Raises `QueryError`."""
    return await database.read_async(facets.histogram, database.packs, query, by, now().date())


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who said how much on which topic, on each of these days."""

    days: tuple[date, ...]
    rows: tuple[Commented, ...]
    left_out: dict[str, str]
    """Topics whose saved query cannot be asked any more, and why."""


async def covered(database: Database, owner: int, days: int, topic: str = "") -> Coverage:
    """How much each enabled source said on each topic, or on the one that is named, in so many days until today.

    Raises `NotFoundError`, and `QueryError` for the query of a topic that is named.
    """
    until = now().date()
    dates = tuple(until - timedelta(days=ago) for ago in reversed(range(days)))
    return await database.read_async(_covered, database.packs, owner, dates, topic)


def _covered(connection: Connection, packs: Packs, owner: int, days: tuple[date, ...], topic: str) -> Coverage:
    asked = (topics.get(connection, owner, topic),) if topic else topics.every(connection, owner)
    usable, left_out = (asked, {}) if topic else topics.parted(packs, asked)
    return Coverage(days, coverage.commented(connection, packs, usable, days[0], days[-1]), left_out)
