"""What a person can do with statements for himself and the desk: mark them as read, keep and collect them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from presswatch.formats import feeds
from presswatch.formats.files import exported
from presswatch.formats.kinds import FeedFormat, Format
from storage.clock import now
from storage.database import Database
from storage.items import items, kept, reads
from storage.items.kept import Collection, Kept
from storage.search.search import SearchHit

LARGEST = 10_000
"""Statements of a collection that are exported."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a statement is to a person."""

    is_read: bool
    kept: Kept | None
    collections: tuple[Collection, ...]
    """His own."""
    holding: frozenset[int]
    """The ids of those that have it."""


async def mark(database: Database, owner: int, item_ids: Sequence[int]) -> None:
    """Note that the owner has read these statements as they are now."""
    await database.write_async(reads.mark, owner, item_ids, now())


async def unmark(database: Database, owner: int, item_ids: Sequence[int]) -> None:
    """Forget that he has."""
    await database.write_async(reads.unmark, owner, item_ids)


async def keep(database: Database, owner: int, item_id: int, note: str, within: Sequence[int] | None = None) -> None:
    """Keep a statement with a note, in these of the owner's collections and no others, or in those that it is in.

    Raises `NotFoundError`, `InvalidInputError`.
    """

    def change(connection: Connection) -> None:
        kept.keep(connection, owner, item_id, note.replace("\r\n", "\n").strip(), now())
        chosen = kept.holding(connection, owner, item_id) if within is None else frozenset(within)
        for each in kept.listing(connection, owner):
            if each.owner_id == owner:
                (kept.put if each.id in chosen else kept.take_out)(connection, each, item_id)

    await database.write_async(change)


async def let_go(database: Database, owner: int, item_id: int) -> None:
    """Keep a statement no longer."""
    await database.write_async(kept.let_go, owner, item_id)


async def listing(database: Database, owner: int, limit: int = 50, before: int | None = None) -> tuple[Kept, ...]:
    """What the owner keeps, the last one first."""
    return await database.read_async(kept.every, owner, limit, before)


async def own(database: Database, owner: int, item_id: int) -> Own:
    """What a statement is to the owner. Raises `NotFoundError`."""
    return await database.read_async(_own, owner, item_id)


def _own(connection: Connection, owner: int, item_id: int) -> Own:
    items.get(connection, item_id)
    mine = tuple(each for each in kept.listing(connection, owner) if each.owner_id == owner)
    read = item_id in reads.read(connection, owner, [item_id])
    return Own(read, kept.find(connection, owner, item_id), mine, kept.holding(connection, owner, item_id))


async def collections(database: Database, owner: int) -> tuple[Collection, ...]:
    """The collections that the owner may read, his own first."""
    return await database.read_async(kept.listing, owner)


async def collection(
    database: Database, owner: int, collection_id: int, limit: int = 50, before: int | None = None
) -> tuple[Collection, tuple[Kept, ...]]:
    """A collection that the owner may read, and its statements. Raises `NotFoundError`."""

    def found(connection: Connection) -> tuple[Collection, tuple[Kept, ...]]:
        one = kept.visible(connection, owner, collection_id)
        return one, kept.content(connection, one, limit, before)

    return await database.read_async(found)


async def make_collection(database: Database, owner: int, name: str) -> Collection:
    """Make a collection. Raises `InvalidInputError`."""
    return await database.write_async(kept.make, owner, name, now())


async def share(database: Database, owner: int, collection_id: int, shared: bool) -> None:
    """Let the desk read the owner's collection, or him alone. Raises `NotFoundError`."""

    def change(connection: Connection) -> None:
        kept.share(connection, kept.own(connection, owner, collection_id), shared)

    await database.write_async(change)


async def remove_collection(database: Database, owner: int, collection_id: int) -> None:
    """Take the owner's collection apart; what was in it stays kept. Raises `NotFoundError`."""

    def change(connection: Connection) -> None:
        kept.remove(connection, kept.own(connection, owner, collection_id), now())

    await database.write_async(change)


async def export_collection(database: Database, owner: int, collection_id: int, as_: Format) -> str:
    """A collection as a file. Raises `NotFoundError`."""
    _, found = await collection(database, owner, collection_id, LARGEST)
    return "".join(exported(_hits(found), as_))


async def collection_feed(database: Database, owner: int, collection_id: int, as_: FeedFormat) -> str:
    """The last statements of a collection as a feed. Raises `NotFoundError`."""
    one, found = await collection(database, owner, collection_id)
    return feeds.feed(one.name, f"collection {one.id}", _hits(found), as_)


def _hits(found: Sequence[Kept]) -> list[SearchHit]:
    return [SearchHit(each.item, ()) for each in found]
