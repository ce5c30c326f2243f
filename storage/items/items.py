"""Questions about items: what is new, what changed, and what a statement said at which time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from storage.errors import NotFoundError
from storage.identity import identity_key
from storage.query.text import PUBLISHED, AnalysedText, analyse
from storage.sources.keys import anchor_of
from storage.tables import items, published_of, sources, versions
from storage.tables import sightings as sightings_table
from storage.types import (
    Item,
    Published,
    Version,
)

# -- storing ---------------------------------------------------------------------------------------------------------


# -- reading ---------------------------------------------------------------------------------------------------------


def get(connection: Connection, item_id: int) -> Item:
    """The item with its current version. Raises `NotFoundError`."""
    row = connection.execute(items_with_versions().where(items.c.id == item_id)).first()
    if row is None:
        raise NotFoundError(f"there is no statement {item_id}", mend="find its number with: presswatch search")
    return item_of(row)


def find(connection: Connection, address: str) -> Item | None:
    """The item at that address, however it is written, or None.

    Where several share it, the one at its anchor, else the one that has the address for itself, else the newest.
    Raises `ValueError` for what is no address of the web.
    """
    key = identity_key(address)
    anchor = anchor_of(address)
    at_anchor, behind = f"{key} #{anchor}" if anchor else key, items.c.key.between(f"{key} ", f"{key} \U0010ffff")
    first = case((items.c.key == at_anchor, 0), (items.c.key == key, 1), else_=2)
    wanted = items_with_versions().where((items.c.key == key) | behind).order_by(first, items.c.id.desc()).limit(1)
    row = connection.execute(wanted).first()
    return item_of(row) if row is not None else None


def get_many(connection: Connection, item_ids: Sequence[int]) -> tuple[Item, ...]:
    """The items with these ids, in their order; unknown ids are left out."""
    found = {
        row.item_id: item_of(row)
        for row in connection.execute(items_with_versions().where(items.c.id.in_(list(item_ids))))
    }
    return tuple(found[item_id] for item_id in item_ids if item_id in found)


def newest(connection: Connection, limit: int, before: int | None = None) -> tuple[Item, ...]:
    """The items that were stored last, the newest first; `before` is an item's id: only those stored before it."""
    last = select(items.c.id).order_by(items.c.id.desc()).limit(limit)
    last = last if before is None else last.where(items.c.id < before)
    # By themselves, or all statements of all sources are put together to be sorted.
    wanted = items_with_versions().where(items.c.id.in_(last)).order_by(items.c.id.desc())
    return tuple(map(item_of, connection.execute(wanted)))


def of_story(connection: Connection, story_id: int) -> tuple[Item, ...]:
    """The items of a story, the one that began it first. Raises `NotFoundError`."""
    wanted = items_with_versions().where((items.c.id == story_id) | (items.c.story_id == story_id))
    found = tuple(map(item_of, connection.execute(wanted.order_by(items.c.id))))
    if not found or found[0].story_id != found[0].id:
        raise NotFoundError(f"there is no story {story_id}", mend="find a statement's with: presswatch show")
    return found


def count(connection: Connection) -> int:
    """How many items there are."""
    return connection.scalar(select(func.count()).select_from(items)) or 0


def history(connection: Connection, item_id: int) -> tuple[Version, ...]:
    """All that an item has said, the first version first."""
    rows = connection.execute(select(versions).where(versions.c.item_id == item_id).order_by(versions.c.number))
    return tuple(Version(row.id, row.item_id, *_version_values(row)) for row in rows)


def sections(connection: Connection, item_id: int) -> tuple[str, ...]:
    """The keys of the sources that an item was seen in."""
    rows = connection.scalars(
        select(sources.c.key)
        .join(sightings_table, sightings_table.c.source_id == sources.c.id)
        .where(sightings_table.c.item_id == item_id)
        .order_by(sightings_table.c.id)
    )
    return tuple(rows)


def items_with_versions() -> Select[Any]:
    """A query for items with their current versions, as `item_of` reads them."""
    number_of_versions = (
        select(func.count())
        .where(versions.c.item_id == items.c.id)
        .correlate(items)
        .scalar_subquery()
        .label("versions")
    )
    return (
        select(
            items.c.id.label("item_id"),
            items.c.story_id,
            items.c.address,
            items.c.source_id,
            items.c.silent,
            items.c.first_seen_at,
            items.c.withdrawn_at,
            items.c.suspected_at,
            sources.c.key.label("source_key"),
            sources.c.name.label("source_name"),
            sources.c.organisation,
            sources.c.country,
            number_of_versions,
            *(column for column in versions.c if column.name not in ("item_id",)),
        )
        .join(sources, sources.c.id == items.c.source_id)
        .join(versions, (versions.c.item_id == items.c.id) & versions.c.current)
    )


def item_of(row: Row[Any]) -> Item:
    """The item that such a row holds."""
    return Item(
        id=row.item_id,
        story_id=row.story_id or row.item_id,
        address=row.address,
        source_id=row.source_id,
        source_key=row.source_key,
        source_name=row.source_name,
        organisation=row.organisation,
        country=row.country,
        silent=row.silent,
        first_seen_at=row.first_seen_at,
        version=Version(row.id, row.item_id, *_version_values(row)),
        versions=row.versions,
        withdrawn_at=row.withdrawn_at,
        suspected_at=row.suspected_at,
    )


STATE = case(
    (items.c.withdrawn_at.is_not(None), "withdrawn"), (items.c.suspected_at.is_not(None), "suspected"), else_=PUBLISHED
)
"""Whether an item stands at its address, as `state:` asks for it."""


def analysed(item: Item) -> AnalysedText:
    """The item's current version as queries see it."""
    said = item.version
    return analyse(
        said.title,
        said.body,
        said.language,
        source=item.source_key,
        country=item.country,
        day=said.published.day,
        state="withdrawn" if item.withdrawn_at else "suspected" if item.suspected_at else PUBLISHED,
    )


def _version_values(row: Row[Any]) -> tuple[int, str, str, str, Published, datetime, str, tuple[str, ...]]:
    cut = tuple(row.cut or ())
    return row.number, row.title, row.body, row.language, published_of(row), row.seen_at, row.fingerprint, cut
