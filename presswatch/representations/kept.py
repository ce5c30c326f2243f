"""What somebody keeps, in JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presswatch.representations.items import item
from presswatch.representations.values import JSON

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.items.kept import Collection, Kept


def kept(kept: Kept) -> JSON:
    """A statement that somebody keeps, and why."""
    return item(kept.item) | {"note": kept.note, "kept_at": kept.kept_at}


def own(item_id: int, is_read: bool, kept: Kept | None, collections: frozenset[int]) -> JSON:
    """What a statement is to somebody."""
    return {
        "item": item_id,
        "read": is_read,
        "note": kept.note if kept else None,
        "kept_at": kept.kept_at if kept else None,
        "collections": sorted(collections),
    }


def collection(collection: Collection, reader: int) -> JSON:
    """Kept statements under a name, as this user may read them."""
    return {
        "id": collection.id,
        "name": collection.name,
        "owner": collection.owner_name or None,
        "own": collection.owner_id == reader,
        "shared": collection.shared,
        "statements": collection.statements,
    }
