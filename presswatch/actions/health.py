"""What a person can see of how things stand, without anything being fetched or sent for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.database import Database
from storage.outbox import alerts
from storage.sources import sources
from storage.types import Source


@dataclass(frozen=True, slots=True)
class Health:
    """How many of the sources that are polled are in which state, those in trouble, and how far one's alerts are."""

    sources: dict[str, int]
    """By the word of their reason; `unread` are those that were never polled."""
    trouble: tuple[Source, ...]
    """Worst first: by how many polls failed one after the other."""
    alerts: dict[str, int]


async def look(database: Database, owner: int) -> Health:
    """How the sources stand, and the owner's alerts."""
    return await database.read_async(_look, owner)


async def troubles(database: Database) -> int:
    """How many sources are polled and not well."""
    return await database.read_async(sources.troubles)


def _look(connection: Connection, owner: int) -> Health:
    watched = [source for source in sources.every(connection) if source.enabled]
    counted = Counter(source.reason.value if source.last_poll_at else "unread" for source in watched)
    unwell = [source for source in watched if source.last_poll_at and not source.reason.healthy]
    worst_first = tuple(sorted(unwell, key=lambda source: (-source.failures, source.key)))
    return Health(dict(counted.most_common()), worst_first, alerts.count_by_state(connection, owner))
