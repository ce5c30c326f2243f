"""Questions about sightings: what a listing showed, and what of it is still to be fetched.

A sighting is written before its article is fetched, so a crawl that dies loses nothing: the row is the queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.database import insert_new
from storage.identity import canonical, identity_key
from storage.tables import items, published_columns, published_of, sightings
from storage.types import ArticleDraft, Entry, Reason, Sighting, Source, Stored


def record_entries(
    connection: Connection, source: Source, entries: Sequence[Entry], *, silent: bool, now: datetime
) -> int:
    """Write a sighting for each entry not seen in this source before; return how many articles that leaves to fetch.

    An entry whose item is known from another section needs no fetching. An entry whose title changed has its item
    re-read at once: it is the cheapest sign of an edit.
    """
    by_key: dict[str, Entry] = {}
    for entry in entries:
        by_key.setdefault(identity_key(entry.address), entry)
    seen = _sightings_by_key(connection, source.id, by_key)
    unknown = [key for key in by_key if key not in seen]
    elsewhere = _item_ids_by_key(connection, unknown)
    insert_new(
        connection,
        sightings,
        [
            {
                "source_id": source.id,
                "key": key,
                "address": canonical(by_key[key].address),
                "title": by_key[key].title,
                "summary": by_key[key].summary,
                **published_columns(by_key[key].published),
                "position": position,
                "first_seen_at": now,
                "item_id": elsewhere.get(key),
                "silent": silent,
                "attempts": 0,
                "next_attempt_at": None if key in elsewhere else now,
                "reason": Reason.OK,
            }
            for position, key in enumerate(by_key)
            if key not in seen
        ],
        unique=("source_id", "key"),
    )
    for key, row in seen.items():
        if row.title != by_key[key].title:
            connection.execute(update(sightings).where(sightings.c.id == row.id).values(title=by_key[key].title))
            connection.execute(update(items).where(items.c.id == row.item_id).values(next_revisit_at=now))
    return len(unknown) - len(elsewhere)


def pending(connection: Connection, source_id: int, now: datetime, limit: int = 1000) -> tuple[Sighting, ...]:
    """The sightings of a source whose articles are to be fetched now, oldest statement first.

    A listing shows the newest on top, so the last position is the oldest: ids then ascend with time.
    """
    rows = connection.execute(
        select(sightings)
        .where(sightings.c.source_id == source_id, sightings.c.next_attempt_at <= now)
        .order_by(sightings.c.first_seen_at, sightings.c.position.desc())
        .limit(limit)
    )
    return tuple(
        Sighting(
            id=row.id,
            source_id=row.source_id,
            address=row.address,
            title=row.title,
            published=published_of(row),
            summary=row.summary,
            silent=row.silent,
            attempts=row.attempts,
            item_id=row.item_id,
        )
        for row in rows
    )


def postpone(connection: Connection, sighting_id: int, reason: Reason, next_attempt_at: datetime) -> None:
    """Note that an article could not be read and when to try again."""
    connection.execute(
        update(sightings)
        .where(sightings.c.id == sighting_id)
        .values(attempts=sightings.c.attempts + 1, reason=reason, next_attempt_at=next_attempt_at)
    )


def link(connection: Connection, drafts: Sequence[ArticleDraft], stored: Sequence[Stored]) -> None:
    """Say which items the drafts' sightings turned out to be; nothing is left to fetch for them."""
    rows = [
        {"sighting_id": draft.sighting_id, "to_item": result.item_id}
        for draft, result in zip(drafts, stored, strict=True)
        if draft.sighting_id is not None
    ]
    if rows:
        connection.execute(
            update(sightings)
            .where(sightings.c.id == bindparam("sighting_id"))
            .values(item_id=bindparam("to_item"), next_attempt_at=None, reason=Reason.OK),
            rows,
        )


def _sightings_by_key(connection: Connection, source_id: int, keys: Iterable[str]) -> dict[str, Any]:
    rows = connection.execute(
        select(sightings.c.key, sightings.c.id, sightings.c.title, sightings.c.item_id).where(
            sightings.c.source_id == source_id, sightings.c.key.in_(list(keys))
        )
    )
    return {row.key: row for row in rows}


def _item_ids_by_key(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    rows = connection.execute(select(items.c.key, items.c.id).where(items.c.key.in_(list(keys))))
    return {row.key: row.id for row in rows}
