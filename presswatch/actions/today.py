"""What a person sees of a day: what is new, by topic, country or time, and what became of what was there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from presswatch.actions.day_lines import AskedDay, Group, Line, Planned, written
from storage.database import Database
from storage.items import days, items, news
from storage.items.days import Period, Seen
from storage.items.diff import Diff, compare
from storage.outbox import met, told
from storage.people import topics
from storage.sources import sources
from storage.types import Item, Source

STORIES, REST, EACH, LINES, CHANGED = 20, 10, 10, 60, 6
"""At most so many stories of a topic, lines that met none, lines of a country, lines of all, and changes beside."""
LEAST = 2
"""Lines of a topic or a country where there are too many for `LINES`."""


class View(StrEnum):
    """In which order the statements of a day stand."""

    TOPIC = "topic"
    COUNTRY = "country"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Changed:
    """A statement that was edited on the day, and how; or one that was withdrawn."""

    item: Item
    at: datetime
    diff: Diff | None


@dataclass(frozen=True, slots=True)
class Today:
    """A day, in the reader's zone."""

    day: date
    is_over: bool
    view: View
    groups: tuple[Group, ...]
    statements: int
    ministries: int
    stories_met: int
    edited: int
    withdrawn: int
    changed: tuple[Changed, ...]
    troubles: tuple[Source, ...]
    watched: int
    """How many sources are polled."""
    alerts: told.Day
    hours: tuple[int, ...]
    """How many statements came in each hour."""
    silent: int
    """How many came in with first polls and backfills."""
    newest: int
    newest_version: int
    """The item and the version that were stored last: what comes later is new."""
    next_before: int = 0
    """By time: where the following lines begin; 0 after the last one."""


async def today(
    database: Database, owner: int, zone: str, now: datetime, *, day: date | None = None, view: View = View.TOPIC,
    before: int = 0,
) -> Today:  # fmt: skip
    """The day as its owner reads it in this zone, the present one if none is named; by time, from `before` on."""
    return await database.read_async(_today, owner, ZoneInfo(zone), now, day, view, before)


async def newer(
    database: Database, now: datetime, after: int, version: int, since: datetime | None
) -> tuple[int, tuple[Item, ...]]:
    """How many statements came in after an item of the last days; and which were edited after a version, or were
    found gone since."""
    return await database.read_async(_newer, now, after, version, since)


async def newer_lines(database: Database, owner: int, now: datetime, after: int) -> tuple[tuple[Line, ...], int]:
    """These statements, and the newest one's id."""
    return await database.read_async(_newer_lines, owner, now, after)


def _newer(
    connection: Connection, now: datetime, after: int, version: int, since: datetime | None
) -> tuple[int, tuple[Item, ...]]:
    lately = _lately(now)
    changed = news.since(connection, version, LINES) if version else ()
    edited = (item for item in changed if item.version.number > 1)
    gone = days.withdrawn(connection, Period(since, lately.end))[:LINES] if since and since > lately.start else ()
    by_id = {item.id: item for item in (*edited, *gone)}
    return len(days.seen(connection, lately, after)), tuple(by_id.values())


def _newer_lines(connection: Connection, owner: int, now: datetime, after: int) -> tuple[tuple[Line, ...], int]:
    newest = days.newest(connection)
    desk = _desk(connection, owner, _lately(now), after)
    [group] = written(desk, [_by_time(desk, [each.item_id for each in desk.seen[:LINES]])])
    return group.lines, newest


def _lately(now: datetime) -> Period:
    return Period(now - timedelta(days=2), now + timedelta(hours=1))


def period_of(day: date, zone: ZoneInfo) -> Period:
    """From midnight to midnight in a zone, in UTC."""
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return Period(start, end)


def _desk(connection: Connection, owner: int, period: Period, after: int = 0) -> AskedDay:
    queries = {topic.name: topic.query for topic in topics.every(connection, owner)}
    found = tuple(each for each in met.met(connection, owner, period) if each.topic in queries)
    return AskedDay(connection, owner, period, days.seen(connection, period, after), found, queries)


def _today(
    connection: Connection, owner: int, zone: ZoneInfo, now: datetime, day: date | None, view: View, before: int
) -> Today:
    present = now.astimezone(zone).date()
    chosen = day or present
    desk = _desk(connection, owner, period_of(chosen, zone))
    edited, withdrawn = days.edited(connection, desk.period), days.withdrawn(connection, desk.period)
    listed = [each.item_id for each in desk.seen if not before or each.item_id < before][:LINES]
    groups = {View.TOPIC: _by_topic, View.COUNTRY: _by_country}
    return Today(
        day=chosen,
        is_over=chosen < present,
        view=view,
        groups=written(desk, groups[view](desk) if view in groups else [_by_time(desk, listed)]),
        statements=len(desk.seen),
        ministries=len({(each.country, each.organisation) for each in desk.seen}),
        stories_met=len({each.story_id for each in desk.met}),
        edited=len(edited),
        withdrawn=len(withdrawn),
        changed=_changed(connection, edited, withdrawn),
        troubles=sources.in_trouble(connection),
        watched=sources.enabled(connection),
        alerts=told.day(connection, owner, desk.period),
        hours=_hours(desk.seen, zone),
        silent=days.silent(connection, desk.period),
        newest=days.newest(connection),
        newest_version=news.newest(connection),
        next_before=listed[-1] if listed and listed[-1] != desk.seen[-1].item_id else 0,
    )


def _hours(seen: Iterable[Seen], zone: ZoneInfo) -> tuple[int, ...]:
    counted = Counter(each.first_seen_at.astimezone(zone).hour for each in seen)
    return tuple(counted[hour] for hour in range(24))


def _changed(connection: Connection, edited: Sequence[Item], withdrawn: Sequence[Item]) -> tuple[Changed, ...]:
    """The last changes of the day, the newest first."""
    gone = [Changed(item, item.withdrawn_at, None) for item in withdrawn[:CHANGED] if item.withdrawn_at]
    edits = []
    for item in edited[:CHANGED]:
        *_, earlier, current = items.history(connection, item.id)
        edits.append(Changed(item, item.version.seen_at, compare(earlier, current)))
    return tuple(sorted([*gone, *edits], key=lambda change: change.at, reverse=True)[:CHANGED])


# -- in groups -------------------------------------------------------------------------------------------------------


def _by_topic(desk: AskedDay) -> Sequence[Planned]:
    """A story stands once, under the first topic that it met; what met none comes last, in short lines."""
    order = list(desk.queries)
    first: dict[int, str] = {}
    for each in sorted(desk.met, key=lambda each: order.index(each.topic)):
        first.setdefault(each.story_id, each.topic)
    by_topic: dict[str, dict[int, int]] = defaultdict(dict)
    for each in sorted(desk.met, key=lambda each: each.item_id):
        if first[each.story_id] == each.topic:
            by_topic[each.topic].setdefault(each.story_id, each.item_id)
    of_day = Counter(each.story_id for each in desk.seen)
    rest = [each for each in desk.seen if each.story_id not in first]
    share = shared([*map(len, by_topic.values())], STORIES, LINES - min(len(rest), REST))
    groups = []
    for topic in sorted(by_topic, key=order.index):
        stories = by_topic[topic]
        shown = sorted(stories.values(), reverse=True)[:share]
        count = sum(max(of_day[story], 1) for story in stories)
        groups.append(Planned(Group(topic, len(stories), count, desk.queries[topic]), shown, topic))
    return [*groups, _group("", rest, REST)] if rest else groups


def _by_country(desk: AskedDay) -> Sequence[Planned]:
    by_country: dict[str, list[Seen]] = defaultdict(list)
    for each in desk.seen:
        by_country[each.country].append(each)
    largest = sorted(by_country, key=lambda country: (-len(by_country[country]), country))
    share = shared([*map(len, by_country.values())], EACH, LINES)
    return [_group(country, by_country[country], share) for country in largest]


def shared(sizes: Sequence[int], most: int, lines: int) -> int:
    """How many lines each group of these sizes may have: `most` at most, so that all together have no more than
    `lines`, and `LEAST` at least. Pure."""
    fitting = (share for share in range(most, LEAST, -1) if sum(min(size, share) for size in sizes) <= lines)
    return next(fitting, LEAST)


def _group(name: str, seen: Sequence[Seen], most: int) -> Planned:
    """A group of short lines; a story stands in it once, by its first statement of the day."""
    stories = {each.story_id: each.item_id for each in seen}  # the newest first, so that the first one stays
    shown = sorted(stories.values(), reverse=True)[:most]
    return Planned(Group(name, len(stories), len(seen)), shown, short=True)


def _by_time(desk: AskedDay, listed: Sequence[int]) -> Planned:
    return Planned(Group("", len({each.story_id for each in desk.seen}), len(desk.seen)), listed)
