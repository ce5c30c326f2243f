"""How the statements that meet a query are spread: over sources, countries, languages, months and topics; over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, func, null, select, union_all

from storage.people.topics import parted
from storage.query.aliases import Packs
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.query.tree import And, Dated, Node
from storage.search.days import Days
from storage.search.hits import any_met, count
from storage.search.intervals import Bar, Interval
from storage.search.selects import Met
from storage.search.verification import settled
from storage.tables import sources, version_facts
from storage.types import Topic


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the statements that meet a query have what; the most frequent first, months by themselves."""

    total: int
    sources: dict[str, int]
    countries: dict[str, int]
    languages: dict[str, int]
    months: dict[str, int]
    topics: dict[str, int]
    left_out: dict[str, str] = field(default_factory=dict)
    """Topics whose saved query cannot be asked any more, and why."""


def facets(connection: Connection, packs: Packs, query: str, topics: Sequence[Topic]) -> Facets:
    """The spread of all statements whose current version meets the query; over topics, among these.

    Raises `QueryError`.
    """
    return facets_and_days(connection, packs, query, topics)[0]


def facets_and_days(
    connection: Connection, packs: Packs, query: str, topics: Sequence[Topic]
) -> tuple[Facets, Mapping[date, int]]:
    """`facets`, and of each day how many, as `histogram` counts: what meets the query is looked for once."""
    by_source, by_country, by_language, by_month = (Counter[str]() for _ in range(4))
    days: dict[date, int] = {}
    known = {row.id: row for row in connection.execute(select(sources.c.id, sources.c.key, sources.c.country))}
    for source_id, language, day, number in connection.execute(*_grouped(connection, packs, query)):
        if day is not None:
            days[date.fromordinal(day)] = number
            by_month[date.fromordinal(day).strftime("%Y-%m")] += number
        else:
            by_source[known[source_id].key] += number
            by_country[known[source_id].country] += number
            by_language[language] += number
    usable, left_out = parted(packs, topics)
    by_topic = _by_topic(connection, packs, query, usable) if by_source else {}
    spread = Facets(
        total=by_source.total(),
        sources=dict(by_source.most_common()),
        countries=dict(by_country.most_common()),
        languages=dict(by_language.most_common()),
        months=dict(sorted(by_month.items())),
        topics=dict(sorted(by_topic.items(), key=lambda counted: (-counted[1], counted[0]))),
        left_out=left_out,
    )
    return spread, days


def _grouped(connection: Connection, packs: Packs, query: str) -> tuple[CompoundSelect[Any], Mapping[str, Any]]:
    """How many match by source and language, and by day, in one statement: what does is asked once."""
    facts, number = version_facts.c, func.count().label("number")
    among, parameters = _among(connection, packs, query, facts.source_id, facts.language, facts.day)
    met = among.cte("met")
    grouped = union_all(
        select(met.c.source_id, met.c.language, null(), number).group_by(met.c.source_id, met.c.language),
        select(null(), null(), met.c.day, number).group_by(met.c.day),
    )
    return grouped, parameters


def _by_topic(connection: Connection, packs: Packs, query: str, topics: Sequence[Topic]) -> Mapping[str, int]:
    """How many meet each topic's query too, also those from before there was the topic; a topic of none is left out."""
    both = {topic.name: resolve(And((parse(query), parse(topic.query))), packs) for topic in topics}
    return +Counter({name: count(connection, each) for name, each in both.items()})


def histogram(
    connection: Connection, packs: Packs, query: str, step: Interval, until: date | None = None
) -> tuple[Bar, ...]:
    """How many statements that meet the query are of each step, from the first to the last that has any.

    With `until` they go on to the step of that day, or of the last one that the query asks for: silence is shown too.
    Counted by `facts.day_of`. Raises `QueryError`.
    """
    return bars(query, _of_each_day(connection, any_met(connection, resolve(parse(query), packs))), step, until)


def bars(query: str, days: Mapping[date, int], step: Interval, until: date | None = None) -> tuple[Bar, ...]:
    """What `histogram` says, of how many statements that meet the query are of each day. Pure."""
    counted: Counter[date] = Counter()
    for day, number in days.items():
        counted[step.first(day)] += number
    until = min([until, *_last_days(parse(query))]) if until else None
    return _bars(counted, step, until)


def by_day(connection: Connection, packs: Packs, query: str, span: Days) -> Mapping[date, int]:
    """How many statements that meet the query are of each of these days; not of those that have none.

    Raises `QueryError`.
    """
    return _of_each_day(connection, span.among(any_met(connection, resolve(parse(query), packs))))


def _of_each_day(connection: Connection, candidates: Met) -> dict[date, int]:
    met, day = settled(connection, candidates), version_facts.c.day
    numbers = met.statements.select(day, func.count().label("number")).group_by(day)
    return {date.fromordinal(row.day): row.number for row in connection.execute(numbers, met.parameters)}


def _last_days(node: Node) -> Iterator[date]:
    """The days after which no statement can meet the query."""
    if isinstance(node, And):
        for part in node.parts:
            yield from _last_days(part)
    elif isinstance(node, Dated) and node.last is not None:
        yield node.last


def _bars(counted: Counter[date], step: Interval, until: date | None) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    first, last = min(counted, default=None), max([*counted, *([until] if until else [])], default=date.min)
    while first is not None and first <= last:
        bars.append(Bar(first, counted[first]))
        first = step.next(first)
    return tuple(bars)


def _among(
    connection: Connection, packs: Packs, query: str, *columns: ColumnElement[Any]
) -> tuple[Select[Any], Mapping[str, Any]]:
    """A select from the facts of the current versions that meet the query, and its parameters."""
    met = settled(connection, any_met(connection, resolve(parse(query), packs)))
    return met.statements.select(*columns), met.parameters
