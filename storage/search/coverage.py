"""Who has not commented: how much each source said on each topic, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from storage.tables import matches, sources, topics, version_facts
from storage.types import Reason


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


def commented(connection: Connection, since: date, until: date) -> tuple[Commented, ...]:
    """One for each enabled source and each topic, by `facts.day_of`, from `since` to `until`, both included."""
    counted: dict[tuple[str, str], dict[date, int]] = {}
    rows = connection.execute(
        select(sources.c.key, topics.c.name, version_facts.c.day, func.count().label("number"))
        .join(version_facts, version_facts.c.source_id == sources.c.id)
        .join(matches, matches.c.version_id == version_facts.c.id)
        .join(topics, topics.c.id == matches.c.topic_id)
        .where(version_facts.c.current, topics.c.removed_at.is_(None))
        .where(version_facts.c.day.between(since.toordinal(), until.toordinal()))
        .group_by(sources.c.key, topics.c.name, version_facts.c.day)
        .order_by(version_facts.c.day)
    )
    for row in rows:
        counted.setdefault((row.key, row.name), {})[date.fromordinal(row.day)] = row.number
    watched = connection.execute(
        select(sources.c.key, sources.c.reason, sources.c.last_poll_at)
        .where(sources.c.enabled, sources.c.removed_at.is_(None))
        .order_by(sources.c.key)
    ).all()
    names = connection.scalars(select(topics.c.name).where(topics.c.removed_at.is_(None)).order_by(topics.c.id)).all()
    return tuple(
        Commented(row.key, name, counted.get((row.key, name), {}), _unread(row.reason, row.last_poll_at))
        for row in watched
        for name in names
    )


def _unread(reason: str, last_poll_at: datetime | None) -> str:
    if last_poll_at is None:
        return "not polled yet"
    return "" if Reason(reason).readable else reason
