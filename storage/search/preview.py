"""What a query would have found in the last months, before it becomes a topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from storage.items import items
from storage.query.aliases import Packs
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.days import Days
from storage.search.days import days as days_of
from storage.search.hits import any_met
from storage.search.occurring import by_clause_and_name
from storage.search.search import SearchHit
from storage.search.verification import settled
from storage.tables import items as items_table
from storage.tables import sources, version_facts

DAYS = 90
"""How far back it is looked."""

LOOKED_AT = 1_000
"""Matches, the newest ones, whose words are counted."""

NOISY = 50.0
"""Alerts a week from which on nobody reads them."""


@dataclass(frozen=True, slots=True)
class QueryChange:
    """What a changed query finds that the saved one does not, and the other way round: ids, the newest first."""

    gained: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """How many alerts a week would have brought: it begins on Monday."""

    first: date
    alerts: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The statements of the last days that meet a query."""

    since: date
    found: int
    alerts: int
    """Stories among them: each makes one alert for a subscription."""
    per_week: float
    """Alerts, over the days for which there is any history."""
    samples: tuple[SearchHit, ...]
    looked_at: int
    """Of how many the words are counted."""
    by_clause: dict[str, int]
    """How many of those met a clause, the most frequent first."""
    by_name: dict[str, dict[str, int]]
    """By alias, how many met it by which name."""
    warning: str = ""
    change: QueryChange | None = None
    saved_per_week: float | None = None
    """Alerts of the saved query, where there is one."""
    by_source: dict[str, int] = field(default_factory=dict)
    """How many of those looked at are of a source, the most frequent first."""
    weeks: tuple[Week, ...] = ()
    """From the first day on, the present one too, which is not over."""


def preview(
    connection: Connection,
    packs: Packs,
    query: str,
    now: datetime,
    *,
    saved: str | None = None,
    days: int = DAYS,
    samples: int = 5,
) -> Preview:
    """Try a query on the statements of the last days, by `facts.day_of`. `saved` is the query it would replace.

    Raises `QueryError`.
    """
    since = now.date() - timedelta(days=days)
    span = days_of(connection, since)
    met = _met(connection, packs, query, span)
    stories, weeks = len({each.story for each in met}), _weeks(connection, span, now)
    per_week = stories / weeks
    ids = [each.item_id for each in met]
    before = _met(connection, packs, saved, span) if saved else None
    looked_at = met[:LOOKED_AT]
    versions = frozenset(each.version_id for each in looked_at)
    by_clause, by_name = by_clause_and_name(connection, resolve(parse(query), packs), versions)
    return Preview(
        since=since,
        found=len(met),
        alerts=stories,
        per_week=per_week,
        samples=_found(connection, packs, query, ids[:samples]),
        looked_at=len(looked_at),
        by_clause=by_clause,
        by_name=by_name,
        warning=_warning(len(met), per_week, days),
        change=_change(ids, [each.item_id for each in before]) if before is not None else None,
        by_source=_by_source(connection, looked_at),
        saved_per_week=len({each.story for each in before}) / weeks if before is not None else None,
        weeks=_by_week(met, since, now.date()),
    )


class _Met(NamedTuple):
    """An item that meets a query, its story, its day, the section where it was first seen, and its current version."""

    item_id: int
    story: int
    day: int
    source_id: int
    version_id: int


def _met(connection: Connection, packs: Packs, query: str, span: Days) -> list[_Met]:
    """The items that meet the query, the newest first."""
    met = settled(connection, span.among(any_met(connection, resolve(parse(query), packs))))
    story = func.coalesce(items_table.c.story_id, items_table.c.id)
    facts = version_facts.c
    found = met.statements.select(items_table.c.id, story, facts.day, facts.source_id, facts.id)
    with_items = found.join(items_table, items_table.c.id == facts.item_id)
    rows = connection.execute(with_items.order_by(items_table.c.id.desc()), met.parameters)
    return [_Met(*row) for row in rows]


def _by_source(connection: Connection, met: Sequence[_Met]) -> dict[str, int]:
    keys = {row.id: row.key for row in connection.execute(select(sources.c.id, sources.c.key))}
    return dict(Counter(keys[each.source_id] for each in met).most_common())


def _weeks(connection: Connection, span: Days, now: datetime) -> float:
    """How many weeks of the span there is any history of; at least one, since a day says little of a week."""
    facts, since = version_facts.c, span.first.toordinal()
    of_span = facts.id >= span.oldest, facts.day >= since, facts.current
    first = connection.scalar(select(func.min(facts.day)).where(*of_span))
    return max(1.0, (now.date().toordinal() + 1 - first) / 7) if first is not None else 1.0


def _found(connection: Connection, packs: Packs, query: str, ids: Sequence[int]) -> tuple[SearchHit, ...]:
    resolved = resolve(parse(query), packs)
    shown = items.get_many(connection, ids)
    return tuple(SearchHit(item, evaluate(resolved, items.analysed(item)).hits) for item in shown)


def _warning(found: int, per_week: float, days: int) -> str:
    if not found:
        return f"nothing of the last {days} days meets it: look for a misspelled word, or one side of AND too many"
    if per_week > NOISY:
        return f"it would alert {per_week:.0f} times a week: ask for more with AND, or exclude something with NOT"
    return ""


def _change(ids: Sequence[int], saved: Sequence[int]) -> QueryChange:
    new, old = set(ids), set(saved)
    return QueryChange(tuple(id for id in ids if id not in old), tuple(id for id in saved if id not in new))


def _by_week(met: Sequence[_Met], since: date, today: date) -> tuple[Week, ...]:
    """A story counts in the week of its first statement; what claims a day to come, in the present one."""
    first: dict[int, int] = {}
    for each in met:
        first[each.story] = min(each.day, first.get(each.story, today.toordinal()))
    counted = Counter(map(_monday, first.values()))
    mondays = range(_monday(since.toordinal()), _monday(today.toordinal()) + 1, 7)
    return tuple(Week(date.fromordinal(monday), counted[monday]) for monday in mondays)


def _monday(day: int) -> int:
    return day - date.fromordinal(day).weekday()
