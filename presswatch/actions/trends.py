"""What a person sees over time: how much was said on each topic, what is usual, who has spoken and who has not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import quantiles

from sqlalchemy import Connection

from storage.database import Database
from storage.people import topics
from storage.query.aliases import Packs
from storage.search import coverage, facets
from storage.search.coverage import Commented
from storage.search.days import days as days_of
from storage.search.intervals import Bar
from storage.sources import sources
from storage.types import SourceSpec, Topic

GRID_DAYS = 30
"""The days of the grid, today the last."""
KNOWN = 8
"""From so many periods on it can be said what is usual."""


@dataclass(frozen=True, slots=True)
class Trend:
    """How many statements met a topic, or a query, on each day. All trends of a page have the same days."""

    name: str
    query: str
    days: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Ministry:
    """Who publishes, by what the keys of its sections begin with, and how much it said on each topic."""

    key: str
    name: str
    country: str
    said: Mapping[str, int]
    days: Mapping[date, int] = field(default_factory=dict)
    """Of the chosen topic."""
    last: date | None = None
    """When it spoke last on the chosen topic."""
    unread: str = ""
    """Why it is not known what it says."""

    def has_said(self, topic: str) -> int | None:
        """How many statements; None where that is not known."""
        number = self.said.get(topic, 0)
        return None if self.unread and not number else number


@dataclass(frozen=True, slots=True)
class Grid:
    """Who said what on the topics in these days; who said most on the chosen one comes first."""

    days: tuple[date, ...]
    topics: tuple[Topic, ...]
    chosen: Topic | None
    ministries: tuple[Ministry, ...]
    left_out: Mapping[str, str]
    """Topics that cannot be asked any more, and why."""

    def _those(self, spoken: bool) -> tuple[Ministry, ...]:
        of = self.chosen.name if self.chosen else ""
        numbers = [(each, each.has_said(of)) for each in self.ministries]
        return tuple(each for each, number in numbers if number is not None and bool(number) is spoken)

    @property
    def spoken(self) -> tuple[Ministry, ...]:
        return self._those(True)

    @property
    def silent(self) -> tuple[Ministry, ...]:
        return self._those(False)

    @property
    def unknown(self) -> tuple[Ministry, ...]:
        """Of whom it is not known."""
        of = self.chosen.name if self.chosen else ""
        return tuple(each for each in self.ministries if each.has_said(of) is None)


async def over_time(
    database: Database, owner: int, query: str, days: int, today: date
) -> tuple[tuple[Trend, ...], Mapping[str, str]]:
    """The owner's topics, and this query if there is one, in so many days until today, or in all that there are if it
    is 0; and the topics that cannot be asked any more. Raises `QueryError` for the query."""
    return await database.read_async(_over_time, database.packs, owner, query, days, today)


def _over_time(
    connection: Connection, packs: Packs, owner: int, query: str, days: int, today: date
) -> tuple[tuple[Trend, ...], Mapping[str, str]]:
    usable, left_out = topics.parted(packs, topics.every(connection, owner))
    asked = [(topic.name, topic.query) for topic in usable] + ([("", query)] if query else [])
    span = days_of(connection, today - timedelta(days=days - 1) if days else date.min, today)
    counted = [facets.by_day(connection, packs, each, span) for _, each in asked]
    first = span.first if days else min((min(found) for found in counted if found), default=today)
    shown = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    trends = (
        Trend(name, each, tuple(Bar(day, found.get(day, 0)) for day in shown))
        for (name, each), found in zip(asked, counted, strict=True)
    )
    return tuple(trends), left_out


def usual(counts: Sequence[int]) -> tuple[int, int] | None:
    """Between what the middle half of the counts lies; None where there are too few to say. Pure."""
    if len(counts) < KNOWN:
        return None
    low, _, high = quantiles(counts, n=4, method="inclusive")
    return round(low), round(high)


# -- who has spoken --------------------------------------------------------------------------------------------------


async def grid(database: Database, owner: int, chosen: str, today: date) -> Grid:
    """Who said how much on which of the owner's topics. Raises `NotFoundError` for the chosen one."""
    return await database.read_async(_grid, database.packs, owner, chosen, today)


def _grid(connection: Connection, packs: Packs, owner: int, wanted: str, today: date) -> Grid:
    days = tuple(today - timedelta(days=ago) for ago in reversed(range(GRID_DAYS)))
    usable, left_out = topics.parted(packs, topics.every(connection, owner))
    named = topics.get(connection, owner, wanted) if wanted else None
    chosen = next((topic for topic in usable if named is None or topic.id == named.id), None)
    rows = coverage.commented(connection, packs, usable, days[0], today)
    ever = coverage.last_days(connection, packs, chosen.query, today) if chosen else {}
    known = {source.spec.key: source.spec for source in sources.every(connection)}
    ministries = list(_ministries(rows, ever, chosen.name if chosen else "", known))
    ministries.sort(key=lambda each: (-(each.has_said(chosen.name if chosen else "") or 0), each.name, each.key))
    return Grid(days, usable, chosen, tuple(ministries), left_out)


def _ministries(
    rows: Sequence[Commented], ever: Mapping[str, date], chosen: str, known: Mapping[str, SourceSpec]
) -> Iterator[Ministry]:
    by_ministry: dict[str, list[Commented]] = defaultdict(list)
    for row in rows:
        by_ministry[_ministry_of(row.source)].append(row)
    last: dict[str, date] = {}
    for source, day in ever.items():
        last[_ministry_of(source)] = max(day, last.get(_ministry_of(source), day))
    for key, sections in by_ministry.items():
        said: dict[str, int] = defaultdict(int)
        days: dict[date, int] = defaultdict(int)
        for row in sections:
            said[row.topic] += row.total
            for day, number in row.days.items() if row.topic == chosen else ():
                days[day] += number
        first = known[sections[0].source]
        unread = next((row.unread for row in sections if row.unread), "")
        yield Ministry(
            key,
            first.organisation or first.name,
            first.country,
            said,
            days,
            last.get(key),
            unread,
        )


def _ministry_of(source: str) -> str:
    """What the keys of a ministry's sections begin with: `mfa-by` of `mfa-by/news-en`."""
    return source.partition("/")[0]
