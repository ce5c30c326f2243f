"""Questions about what has come in: the statements behind a version, as somebody follows them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from storage.items.items import item_of, items_with_versions
from storage.tables import items, versions
from storage.types import Item


def since(connection: Connection, version_id: int, limit: int) -> tuple[Item, ...]:
    """The statements that were stored or edited after a version, in the order of their current versions.

    First polls and the past are left out, unless what they brought was edited since.
    """
    rows = connection.execute(
        items_with_versions()
        .where(versions.c.id > version_id, items.c.silent.is_(False) | (versions.c.number > 1))
        .order_by(versions.c.id)
        .limit(limit)
    )
    return tuple(map(item_of, rows))


def newest(connection: Connection) -> int:
    """The id of the version that was stored last; 0 where there is none."""
    return connection.scalar(select(func.coalesce(func.max(versions.c.id), 0))) or 0
