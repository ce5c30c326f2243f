"""Questions about statements that somebody keeps, with a note, and the collections that they share.

A kept statement is its owner's, and so is a collection. One that is shared is read by everybody, its owner's notes with
it, and changed by its owner alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, select, update

from storage.database import insert_new, insert_or_replace
from storage.errors import InvalidInputError, NotFoundError
from storage.items import items as items_store
from storage.tables import collected, collections, kept, users
from storage.types import Item

LONGEST_NOTE, LONGEST_NAME = 4_000, 100
"""Characters."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement that somebody keeps, and why."""

    id: int
    item: Item
    note: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Collection:
    """Kept statements under a name."""

    id: int
    owner_id: int
    owner_name: str
    name: str
    shared: bool
    statements: int


# -- statements ------------------------------------------------------------------------------------------------------


def keep(connection: Connection, owner: int, item_id: int, note: str, now: datetime) -> None:
    """Keep a statement, or give a kept one another note. Raises `NotFoundError`, `InvalidInputError`."""
    if len(note) > LONGEST_NOTE:
        raise InvalidInputError("this note is too long", mend=f"write {LONGEST_NOTE:,} characters at most")
    items_store.get(connection, item_id)
    known = find(connection, owner, item_id)
    row = {"owner_id": owner, "item_id": item_id, "note": note, "kept_at": known.kept_at if known else now}
    insert_or_replace(connection, kept, [row], unique=("owner_id", "item_id"))


def let_go(connection: Connection, owner: int, item_id: int) -> None:
    """Keep a statement no longer, in no collection either; the statement stays in the history."""
    mine = select(kept.c.id).where(kept.c.owner_id == owner, kept.c.item_id == item_id)
    connection.execute(delete(collected).where(collected.c.kept_id.in_(mine)))
    connection.execute(delete(kept).where(kept.c.owner_id == owner, kept.c.item_id == item_id))


def find(connection: Connection, owner: int, item_id: int) -> Kept | None:
    """The owner's kept statement, or None."""
    return next(iter(_those(connection, _KEPT.where(kept.c.owner_id == owner, kept.c.item_id == item_id))), None)


def every(connection: Connection, owner: int, limit: int, before: int | None = None) -> tuple[Kept, ...]:
    """What the owner keeps, the last one first; `before` is the id of a kept one: only those kept before it."""
    wanted = _KEPT.where(kept.c.owner_id == owner).order_by(kept.c.id.desc()).limit(limit)
    return _those(connection, wanted if before is None else wanted.where(kept.c.id < before))


def content(connection: Connection, collection: Collection, limit: int, before: int | None = None) -> tuple[Kept, ...]:
    """The statements of a collection, the last one kept first."""
    wanted = _KEPT.join(collected, collected.c.kept_id == kept.c.id)
    wanted = wanted.where(collected.c.collection_id == collection.id).order_by(kept.c.id.desc()).limit(limit)
    return _those(connection, wanted if before is None else wanted.where(kept.c.id < before))


_KEPT = select(kept.c.id, kept.c.item_id, kept.c.note, kept.c.kept_at)


def _those(connection: Connection, wanted: Select[Any]) -> tuple[Kept, ...]:
    rows = connection.execute(wanted).all()
    found = {item.id: item for item in items_store.get_many(connection, [row.item_id for row in rows])}
    return tuple(Kept(row.id, found[row.item_id], row.note, row.kept_at) for row in rows)


# -- collections -----------------------------------------------------------------------------------------------------


def make(connection: Connection, owner: int, name: str, now: datetime) -> Collection:
    """Make a collection of the owner's. Raises `InvalidInputError` for a name that is taken or none."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInputError("a collection needs a name", mend=f"write 1 to {LONGEST_NAME} characters")
    mine = select(collections.c.name).where(collections.c.owner_id == owner, collections.c.removed_at.is_(None))
    if name.casefold() in {each.casefold() for each in connection.scalars(mine)}:
        raise InvalidInputError(f"there is already a collection {name!r}", mend="choose another name")
    [made] = connection.execute(
        insert(collections).values(owner_id=owner, name=name, shared=False, created_at=now)
    ).inserted_primary_key  # type: ignore[misc]
    return visible(connection, owner, made)


def visible(connection: Connection, owner: int, collection_id: int) -> Collection:
    """A collection that the owner may read: his own, or one that is shared. Raises `NotFoundError`."""
    allowed = or_(collections.c.owner_id == owner, collections.c.shared)
    return _one(connection, (collections.c.id == collection_id) & allowed)


def own(connection: Connection, owner: int, collection_id: int) -> Collection:
    """A collection that the owner may change: his own. Raises `NotFoundError`."""
    return _one(connection, (collections.c.id == collection_id) & (collections.c.owner_id == owner))


def listing(connection: Connection, owner: int) -> tuple[Collection, ...]:
    """The collections that the owner may read, his own first."""
    allowed = or_(collections.c.owner_id == owner, collections.c.shared)
    found = map(_collection, connection.execute(_collections(allowed)))
    return tuple(sorted(found, key=lambda each: (each.owner_id != owner, each.name.casefold(), each.id)))


def holding(connection: Connection, owner: int, item_id: int) -> frozenset[int]:
    """The ids of the owner's collections that have this statement."""
    rows = select(collected.c.collection_id).join(kept, kept.c.id == collected.c.kept_id)
    return frozenset(connection.scalars(rows.where(kept.c.owner_id == owner, kept.c.item_id == item_id)))


def put(connection: Connection, collection: Collection, item_id: int) -> None:
    """Put a statement that the collection's owner keeps into it. Raises `NotFoundError` where he does not."""
    found = find(connection, collection.owner_id, item_id)
    if found is None:
        raise NotFoundError("only what is kept stands in a collection", mend="keep the statement first")
    row = {"collection_id": collection.id, "kept_id": found.id}
    insert_new(connection, collected, [row], unique=("collection_id", "kept_id"))


def take_out(connection: Connection, collection: Collection, item_id: int) -> None:
    """Take a statement out of a collection; it stays kept."""
    theirs = select(kept.c.id).where(kept.c.owner_id == collection.owner_id, kept.c.item_id == item_id)
    of = collected.c.collection_id == collection.id
    connection.execute(delete(collected).where(of, collected.c.kept_id.in_(theirs)))


def share(connection: Connection, collection: Collection, shared: bool) -> None:
    """Let everybody read a collection, or its owner alone."""
    connection.execute(update(collections).where(collections.c.id == collection.id).values(shared=shared))


def remove(connection: Connection, collection: Collection, now: datetime) -> None:
    """Take a collection apart; what was in it stays kept."""
    connection.execute(delete(collected).where(collected.c.collection_id == collection.id))
    connection.execute(update(collections).where(collections.c.id == collection.id).values(removed_at=now))


def _one(connection: Connection, which: ColumnElement[bool]) -> Collection:
    row = connection.execute(_collections(which)).first()
    if row is None:
        raise NotFoundError("there is no such collection", mend="it may be its owner's alone")
    return _collection(row)


def _collections(which: ColumnElement[bool]) -> Select[Any]:
    of = select(func.count()).where(collected.c.collection_id == collections.c.id).correlate(collections)
    return (
        select(collections, users.c.name.label("owner_name"), of.scalar_subquery().label("statements"))
        .outerjoin(users, users.c.id == collections.c.owner_id)
        .where(collections.c.removed_at.is_(None), which)
    )


def _collection(row: Row[Any]) -> Collection:
    return Collection(row.id, row.owner_id, row.owner_name or "", row.name, row.shared, row.statements)
