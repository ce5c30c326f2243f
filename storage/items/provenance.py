"""Questions about what the rows prove of a statement: where it was seen, what read it, whether it is listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.items import withdrawals
from storage.items.withdrawals import StateChange
from storage.tables import items, polls, published_of, sightings, sources, versions
from storage.types import Published, Reason


@dataclass(frozen=True, slots=True)
class SeenIn:
    """A section that a statement was seen in, and how its entry stood there."""

    source_key: str
    source_name: str
    title: str
    published: Published
    first_seen_at: datetime
    listed: bool
    """Whether it stood in the listing when that was last read."""
    next_attempt_at: datetime | None
    """When its page is fetched again; None: that was done."""


@dataclass(frozen=True, slots=True)
class ReadBy:
    """The poll that found a version."""

    poll_id: int
    started_at: datetime
    reason: Reason
    new_items: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of a statement beside its text."""

    seen_in: tuple[SeenIn, ...]
    read_by: ReadBy | None
    revisits: int
    """How often it was read again."""
    next_revisit_at: datetime | None
    states: tuple[StateChange, ...]
    """When it was found gone, and back."""


def provenance(connection: Connection, item_id: int, version_id: int) -> Provenance:
    """Where an item was seen, which poll found a version of it, and when it is read again."""
    seen = connection.execute(
        select(sightings, sources.c.key.label("source_key"), sources.c.name.label("source_name"))
        .join(sources, sources.c.id == sightings.c.source_id)
        .where(sightings.c.item_id == item_id)
        .order_by(sightings.c.id)
    ).all()
    poll = connection.execute(
        select(polls).join(versions, versions.c.poll_id == polls.c.id).where(versions.c.id == version_id)
    ).first()
    read = connection.execute(select(items.c.revisits, items.c.next_revisit_at).where(items.c.id == item_id)).one()
    return Provenance(
        tuple(
            SeenIn(
                row.source_key,
                row.source_name,
                row.title,
                published_of(row),
                row.first_seen_at,
                row.listed,
                row.next_attempt_at,
            )
            for row in seen
        ),
        ReadBy(poll.id, poll.started_at, Reason(poll.reason), poll.new_items) if poll else None,
        read.revisits,
        read.next_revisit_at,
        withdrawals.history(connection, item_id),
    )


def neighbours(connection: Connection, item_id: int) -> tuple[int | None, int | None]:
    """The items that were stored before and after this one."""
    before = connection.scalar(select(func.max(items.c.id)).where(items.c.id < item_id))
    after = connection.scalar(select(func.min(items.c.id)).where(items.c.id > item_id))
    return before, after
