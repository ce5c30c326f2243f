"""What a person sees of the sources: who is watched, the worst first, and how lively and well each is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
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
from storage.sources.days_read import days_read
from storage.types import Source

DAYS, POLLS, PAGE = 30, 12, 40
"""Days of publications, last polls, and sources of a page: it stays below 100 KB."""


class View(StrEnum):
    """Which sources are shown."""

    WATCHED = "watched"
    TROUBLE = "trouble"
    KNOWN = "known"
    """Those of the catalogue that are not watched, too."""
    FOREIGN = "foreign"
    DEFENCE = "defence"
    HEADS = "heads"
    INTERNATIONAL = "international"

    @property
    def is_kind(self) -> bool:
        """Whether it shows those that are watched of one pack of the catalogue."""
        return self not in (View.WATCHED, View.TROUBLE, View.KNOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """A source, how many statements it published on each of the last days, and its last polls, the newest first."""

    source: Source
    days: tuple[int | None, ...]
    """None: it was not read on that day."""
    runs: tuple[Run, ...]

    @property
    def published(self) -> int:
        """How many statements it published on these days."""
        return sum(filter(None, self.days))

    @property
    def unread(self) -> int:
        """On how many of these days it was not read."""
        return self.days.count(None)


@dataclass(frozen=True, slots=True)
class Overview:
    """Some of the sources, and how all of them stand."""

    rows: tuple[Row, ...]
    rest: int
    """How many stand behind these."""
    watched: int
    troubled: int
    known: int
    kinds: Mapping[View, int]
    """How many are watched of each kind."""
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


async def listing(database: Database, view: View, order: Order) -> tuple[Source, ...]:
    """The sources of this view in this order, all of them."""
    known = await database.read_async(sources.every)
    return tuple(sorted(_of(known, view), key=order))


def _of(known: Sequence[Source], view: View) -> list[Source]:
    """Those of a view. Pure."""
    watched = [source for source in known if source.enabled]
    if view.is_kind:
        return [source for source in watched if view.value in source.spec.packs]
    troubled = [source for source in watched if not source.reason.healthy]
    return {View.WATCHED: watched, View.TROUBLE: troubled, View.KNOWN: list(known)}[view]


def _overview(connection: Connection, zone: ZoneInfo, now: datetime, view: View, order: Order, start: int) -> Overview:
    known = sources.every(connection)
    wanted, watched = sorted(_of(known, view), key=order), _of(known, View.WATCHED)
    shown = wanted[start : start + PAGE]
    published = _published(connection, zone, now, shown)
    polled = [source.last_poll_at for source in watched if source.last_poll_at]
    return Overview(
        tuple(Row(source, published[source.id], _runs(connection, source)) for source in shown),
        max(0, len(wanted) - start - PAGE),
        len(watched),
        len(_of(watched, View.TROUBLE)),
        len(known),
        {kind: len(_of(watched, kind)) for kind in View if kind.is_kind},
        len({source.spec.country for source in watched if source.spec.country}),
        max(polled, default=None),
    )


def _published(
    connection: Connection, zone: ZoneInfo, now: datetime, shown: Sequence[Source]
) -> Mapping[int, tuple[int | None, ...]]:
    """Of the sources that are shown how many statements were first seen on each of the last days, the present one
    last; None where a source was not read. Of the present day that is known only when it is over, unless it fails."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    counted: dict[int, Counter[int]] = defaultdict(Counter)
    for source_id, seen_at in days.seen_at(connection, Period(period_of(first, zone).start, now + timedelta(hours=1))):
        counted[source_id][(seen_at.astimezone(zone).date() - first).days] += 1
    begins = [period_of(first + timedelta(days=day), zone).start for day in range(DAYS + 1)]
    read = days_read(connection, [source.id for source in shown], begins)
    return {
        source.id: tuple(
            counted[source.id][day] or (0 if read[source.id][day] or _is_open(source, day) else None)
            for day in range(DAYS)
        )
        for source in shown
    }


def _is_open(source: Source, day: int) -> bool:
    """Whether it may still be read on that day, as the last of the days is the present one."""
    return day == DAYS - 1 and source.enabled and source.reason.readable


def _runs(connection: Connection, source: Source) -> tuple[Run, ...]:
    return runs(polls.recent(connection, source.id, POLLS)) if source.last_poll_at else ()
