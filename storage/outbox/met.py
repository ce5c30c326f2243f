"""Questions about which topics of an owner statements met: on a day, and one version for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.codec import from_json
from storage.items.days import Period, versions_within
from storage.tables import items, matches, topics, versions
from storage.types import Hit


@dataclass(frozen=True, slots=True)
class Met:
    """A statement met a topic, by its name. `hits` are of its current version; empty where only an older one met it."""

    item_id: int
    story_id: int
    topic: str
    hits: tuple[Hit, ...]


def met(connection: Connection, owner: int, period: Period) -> tuple[Met, ...]:
    """Which of the owner's topics the versions of the period met, the oldest first; first polls are left out.

    A topic whose query was changed since is the same topic: its name is.
    """
    theirs = matches.c.topic_id.in_(select(topics.c.id).where(topics.c.owner_id == owner))
    rows = connection.execute(
        select(matches.c.hits, topics.c.name, versions.c.current, items.c.id, items.c.story_id)
        .join(topics, topics.c.id == matches.c.topic_id)
        .join(versions, versions.c.id == matches.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .where(versions_within(connection, period), theirs, items.c.silent.is_(False))
        .order_by(matches.c.id)
    )
    found: dict[tuple[int, str], Met] = {}
    for row in rows:
        hits = tuple(from_json(Hit, hit) for hit in row.hits) if row.current else ()
        key = row.id, row.name
        if key not in found or hits:
            found[key] = Met(row.id, row.story_id or row.id, row.name, hits)
    return tuple(found.values())


def met_by(connection: Connection, owner: int, version_id: int) -> dict[str, tuple[Hit, ...]]:
    """The owner's topics that a version met, by name, and where."""
    rows = connection.execute(
        select(topics.c.name, matches.c.hits)
        .join(topics, topics.c.id == matches.c.topic_id)
        .where(matches.c.version_id == version_id, topics.c.owner_id == owner)
        .order_by(matches.c.id)
    )
    return {row.name: tuple(from_json(Hit, hit) for hit in row.hits) for row in rows}


def topics_of(connection: Connection, owner: int, version_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of the owner's topics that these versions met, by the version; of topics that are removed, none."""
    rows = connection.execute(
        select(matches.c.version_id, topics.c.name)
        .join(topics, topics.c.id == matches.c.topic_id)
        .where(matches.c.version_id.in_(list(version_ids)), topics.c.owner_id == owner, topics.c.removed_at.is_(None))
        .order_by(topics.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.version_id] = (*found.get(row.version_id, ()), row.name)
    return found
