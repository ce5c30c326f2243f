"""The narrow rows that searches filter by and charts are counted from: one a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from storage.tables import version_facts
from storage.types import Published


@dataclass(frozen=True, slots=True)
class Facts:
    """What a version is filtered and counted by."""

    version_id: int
    item_id: int
    number: int
    source_id: int
    """Of its item."""
    published: Published
    language: str
    seen_at: datetime
    current: bool = True


def day_of(published: Published, seen_at: datetime) -> date:
    """The day under which a version is counted: the one that the ministry claims, in its own zone.

    Without a claim, and where the claim is in the future or long ago, the UTC day on which we saw the version.
    """
    return seen_at.date() if published.day is None or published.doubt(seen_at) else published.day


def record(connection: Connection, new: Iterable[Facts]) -> None:
    """Write the facts of new versions."""
    connection.execute(insert(version_facts), [_row(facts) for facts in new])


def supersede(connection: Connection, version_ids: Iterable[int]) -> None:
    """Note that these versions are no longer what their items say."""
    connection.execute(update(version_facts).where(version_facts.c.id.in_(version_ids)).values(current=False))


def _row(facts: Facts) -> dict[str, Any]:
    return {
        "id": facts.version_id,
        "item_id": facts.item_id,
        "number": facts.number,
        "source_id": facts.source_id,
        "day": day_of(facts.published, facts.seen_at).toordinal(),
        "published": facts.published.day.toordinal() if facts.published.day else None,
        "language": facts.language,
        "current": facts.current,
    }
