"""What a person sees of the sources: who is watched, the worst first, and how lively and well each is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from presswatch.actions.polling import Run, runs
from presswatch.actions.today import period_of
from storage.database import Database
from storage.items import days
from storage.items.days import Period
from storage.sources import polls, sources
from storage.types import Source

DAYS, POLLS, PAGE = 30, 12, 40
"""Days of publications, last polls, and sources of a page: it stays below 100 KB."""


class View(StrEnum):
    """Which sources are shown."""

    WATCHED = "watched"
    TROUBLE = "trouble"
    KNOWN = "known"
    """Those of the catalogue that are not watched, too."""


@dataclass(frozen=True, slots=True)
class Row:
    """A source, how many statements it published on each of the last days, and its last polls, the newest first."""

    source: Source
    days: tuple[int, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Some of the sources, and how all of them stand."""

    rows: tuple[Row, ...]
    rest: int
    """How many stand behind these."""
    watched: int
    troubled: int
    known: int
    countries: int
    last_poll_at: datetime | None


Order = Callable[[Source], tuple[bool | str, ...]]


def worst_first(source: Source) -> tuple[bool | str, ...]:
    """Those that cannot be read, those that are odd, the well ones, those that are not watched."""
    return not source.enabled, source.reason.healthy, source.reason.readable, source.key


def by_country(source: Source) -> tuple[bool | str, ...]:
    """Country by country, organisations of none last."""
    return not source.spec.country, source.spec.country, source.key


async def overview(
    database: Database, zone: str, now: datetime, view: View = View.WATCHED, order: Order = worst_first, start: int = 0
) -> Overview:
    """A page of the sources of this view in this order, from the one numbered `start` on."""
    return await database.read_async(_overview, ZoneInfo(zone), now, view, order, start)


def _overview(connection: Connection, zone: ZoneInfo, now: datetime, view: View, order: Order, start: int) -> Overview:
    known = sources.every(connection)
    watched = [source for source in known if source.enabled]
    troubled = [source for source in watched if not source.reason.healthy]
    wanted = sorted({View.WATCHED: watched, View.TROUBLE: troubled, View.KNOWN: known}[view], key=order)
    shown = wanted[start : start + PAGE]
    published = _published(connection, zone, now)
    polled = [source.last_poll_at for source in watched if source.last_poll_at]
    return Overview(
        tuple(Row(source, published[source.id], _runs(connection, source)) for source in shown),
        max(0, len(wanted) - start - PAGE),
        len(watched),
        len(troubled),
        len(known),
        len({source.spec.country for source in watched if source.spec.country}),
        max(polled, default=None),
    )


def _published(connection: Connection, zone: ZoneInfo, now: datetime) -> Mapping[int, tuple[int, ...]]:
    """By source, how many statements were first seen on each of the last days, the present one last."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    counted: dict[int, Counter[int]] = defaultdict(Counter)
    for source_id, seen_at in days.seen_at(connection, Period(period_of(first, zone).start, now + timedelta(hours=1))):
        counted[source_id][(seen_at.astimezone(zone).date() - first).days] += 1
    found = {source_id: tuple(of_day[day] for day in range(DAYS)) for source_id, of_day in counted.items()}
    return defaultdict(lambda: (0,) * DAYS, found)


def _runs(connection: Connection, source: Source) -> tuple[Run, ...]:
    return runs(polls.recent(connection, source.id, POLLS)) if source.last_poll_at else ()
