"""Who has not commented: how much each source said on each topic, day by day. Asked of the history, not of the alerts:
what was said before there was the topic counts too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from storage.query.aliases import Packs
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.days import Days, days
from storage.search.hits import any_met
from storage.search.verification import settled
from storage.tables import sources, version_facts
from storage.types import Reason, Topic

_WATCHED = (sources.c.enabled, sources.c.removed_at.is_(None))


@dataclass(frozen=True, slots=True)
class Commented:
    """How many statements of a source met a topic on each of the days; a day without any has none."""

    source: str
    topic: str
    days: dict[date, int]
    unread: str = ""
    """Why it is not known what the source says: it has not been polled yet, or the reason code of its fault."""

    @property
    def total(self) -> int:
        return sum(self.days.values())


def commented(
    connection: Connection, packs: Packs, topics: Sequence[Topic], since: date, until: date
) -> tuple[Commented, ...]:
    """One for each enabled source and each of the topics, by `facts.day_of`, from `since` to `until`, both included.

    Counted is what meets the topic's query as it is now, in its current version. Raises `QueryError`.
    """
    watched = connection.execute(
        select(sources.c.id, sources.c.key, sources.c.reason, sources.c.last_poll_at)
        .where(*_WATCHED)
        .order_by(sources.c.key)
    ).all()
    span = days(connection, since, until)
    counted = {topic.id: _counted(connection, packs, topic.query, span) for topic in topics}
    return tuple(
        Commented(row.key, topic.name, counted[topic.id].get(row.id, {}), _unread(row.reason, row.last_poll_at))
        for row in watched
        for topic in topics
    )


def _counted(connection: Connection, packs: Packs, query: str, span: Days) -> Mapping[int, dict[date, int]]:
    """How many statements meet a query, by source and day."""
    facts = version_facts.c
    met = settled(connection, span.among(any_met(connection, resolve(parse(query), packs))))
    numbers = met.statements.select(facts.source_id, facts.day, func.count().label("number"))
    counted: dict[int, dict[date, int]] = {}
    for row in connection.execute(numbers.group_by(facts.source_id, facts.day).order_by(facts.day), met.parameters):
        counted.setdefault(row.source_id, {})[date.fromordinal(row.day)] = row.number
    return counted


def last_days(connection: Connection, packs: Packs, query: str, until: date) -> dict[str, date]:
    """When each enabled source said last, by `facts.day_of` and until that day, what meets a query; without those that
    never did. Raises `QueryError`."""
    facts = version_facts.c
    met = settled(connection, any_met(connection, resolve(parse(query), packs)).where(facts.day <= until.toordinal()))
    last = met.statements.select(facts.source_id, func.max(facts.day).label("day")).group_by(facts.source_id)
    keys = {row.id: row.key for row in connection.execute(select(sources.c.id, sources.c.key).where(*_WATCHED))}
    rows = connection.execute(last, met.parameters)
    return {keys[row.source_id]: date.fromordinal(row.day) for row in rows if row.source_id in keys}


def _unread(reason: str, last_poll_at: datetime | None) -> str:
    if last_poll_at is None:
        return "not polled yet"
    return "" if Reason(reason).readable else reason
