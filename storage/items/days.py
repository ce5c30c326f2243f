"""Questions about a day: what was stored, edited and withdrawn between two instants.

Ids ascend with time, so that the first row of a day is found by halving and no index over times is needed. Clocks are
set and transactions overlap: rows an hour around are looked at, and asked for their time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, and_, func, select

from storage.items.items import item_of, items_with_versions
from storage.tables import items, sources, version_facts, versions
from storage.types import Item

_MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant up to another one, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement of a day, as far as it is counted."""

    item_id: int
    story_id: int
    source_id: int
    country: str
    organisation: str
    """The body that publishes there, or the section's name."""
    first_seen_at: datetime


def seen(connection: Connection, period: Period, after: int = 0) -> tuple[Seen, ...]:
    """What was first seen in the period, behind the item `after`, the newest first; first polls and the past are
    left out."""
    rows = connection.execute(
        select(items.c.id, items.c.story_id, items.c.source_id, items.c.first_seen_at)
        .add_columns(sources.c.country, sources.c.organisation, sources.c.name)
        .join(sources, sources.c.id == items.c.source_id)
        .where(_within(connection, items.c.id, items.c.first_seen_at, period))
        .where(items.c.silent.is_(False), items.c.id > after)
        .order_by(items.c.id.desc())
    )
    return tuple(
        Seen(
            row.id, row.story_id or row.id, row.source_id, row.country, row.organisation or row.name, row.first_seen_at
        )
        for row in rows
    )


def seen_at(connection: Connection, period: Period) -> tuple[tuple[int, datetime], ...]:
    """Of all that was first seen in the period: at which source, and when; first polls and the past are left out."""
    rows = connection.execute(
        select(items.c.source_id, items.c.first_seen_at)
        .where(_within(connection, items.c.id, items.c.first_seen_at, period))
        .where(items.c.silent.is_(False))
    )
    return tuple((row.source_id, row.first_seen_at) for row in rows)


def silent(connection: Connection, period: Period) -> int:
    """How many statements of the past came in with first polls and backfills."""
    came = _within(connection, items.c.id, items.c.first_seen_at, period)
    return connection.scalar(select(func.count()).select_from(items).where(came, items.c.silent)) or 0


def edited(connection: Connection, period: Period) -> tuple[Item, ...]:
    """The statements whose current version is an edit of the period, the newest edit first."""
    facts = version_facts.c
    edits = (
        select(facts.id)
        .where(facts.current, facts.number > 1)
        .where(facts.id >= first_id(connection, versions.c.id, versions.c.seen_at, period.start - _MARGIN))
    )
    rows = connection.execute(
        items_with_versions()
        .where(versions.c.id.in_(edits), versions.c.seen_at >= period.start, versions.c.seen_at < period.end)
        .order_by(versions.c.id.desc())
    )
    return tuple(map(item_of, rows))


def withdrawn(connection: Connection, period: Period) -> tuple[Item, ...]:
    """The statements that were found gone in the period, the last one first."""
    gone = and_(items.c.withdrawn_at >= period.start, items.c.withdrawn_at < period.end)
    rows = connection.execute(items_with_versions().where(gone).order_by(items.c.withdrawn_at.desc(), items.c.id))
    return tuple(map(item_of, rows))


def stories(connection: Connection, story_ids: Sequence[int]) -> dict[int, tuple[Item, ...]]:
    """All statements of these stories, by the story, the first seen first."""
    found: dict[int, list[Item]] = {}
    ids = list(story_ids)
    for row in connection.execute(
        items_with_versions().where(items.c.id.in_(ids) | items.c.story_id.in_(ids)).order_by(items.c.id)
    ):
        item = item_of(row)
        found.setdefault(item.story_id, []).append(item)
    return {story: tuple(told) for story, told in found.items()}


def newest(connection: Connection) -> int:
    """The id of the item that was stored last; 0 where there is none."""
    return connection.scalar(select(func.coalesce(func.max(items.c.id), 0))) or 0


def versions_within(connection: Connection, period: Period) -> ColumnElement[bool]:
    """Whether a version was seen in the period."""
    return _within(connection, versions.c.id, versions.c.seen_at, period)


def _within(connection: Connection, id: Column[int], at: Column[datetime], period: Period) -> ColumnElement[bool]:
    return and_(
        id >= first_id(connection, id, at, period.start - _MARGIN),
        id < first_id(connection, id, at, period.end + _MARGIN),
        at >= period.start,
        at < period.end,
    )


def first_id(connection: Connection, id: Column[int], at: Column[datetime], since: datetime) -> int:
    """The lowest id whose row is of `since` or later; one beyond the last where none is."""
    last = connection.execute(select(id, at).order_by(id.desc()).limit(1)).first()
    low, high = 1, last[0] + 1 if last else 1
    if last is None or last[1] < since:  # such as the end of the present day
        return high
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(select(id, at).where(id >= middle, id < high).order_by(id).limit(1)).first()
        if row is None or row[1] >= since:
            high = middle
        else:
            low = row[0] + 1
    return high
