"""What a source's listing has shown so far, as far as it is compared with what it shows now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.identity import base_of
from storage.tables import sightings, versions


@dataclass(frozen=True, slots=True)
class KnownEntries:
    """What a source's listing has shown so far."""

    keys: frozenset[str]
    """The identities of the addresses of its newest entries."""
    titled: float
    dated: float
    """The share of them with a title, with a date."""
    languages: tuple[str, ...]
    """Of its newest statements."""


def shown(connection: Connection, source_id: int, *, limit: int = 1000, statements: int = 20) -> KnownEntries:
    """What the source's newest sightings and statements were like."""
    newest = sightings.c.id.desc()
    rows = connection.execute(
        select(sightings.c.key, sightings.c.title, sightings.c.published_day)
        .where(sightings.c.source_id == source_id)
        .order_by(newest)
        .limit(limit)
    ).all()
    languages = connection.execute(
        select(versions.c.language)
        .join(sightings, sightings.c.item_id == versions.c.item_id)
        .where(sightings.c.source_id == source_id, versions.c.language != "")
        .order_by(newest)
        .limit(statements)
    ).scalars()
    count = max(len(rows), 1)
    return KnownEntries(
        frozenset(base_of(row.key) for row in rows),
        sum(bool(row.title) for row in rows) / count,
        sum(row.published_day is not None for row in rows) / count,
        tuple(languages),
    )
