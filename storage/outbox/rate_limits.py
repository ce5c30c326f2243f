"""How much services may still be sent, for all processes: rows, about which `notify.channels.rate_limits` decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.database import dialect_of, insert_or_replace
from storage.tables import buckets

_LEVELS = select(buckets).where(buckets.c.name.in_(bindparam("names", expanding=True)))


def levels(connection: Connection, names: Collection[str]) -> dict[str, datetime]:
    """When the named buckets will be full again; those that are full already may be missing.

    They are this transaction's alone until it ends.
    """
    dialect_of(connection).hold(connection, names)
    rows = connection.execute(_LEVELS, {"names": list(names)})
    return {row.name: row.full_at for row in rows}


def set_levels(connection: Connection, full_at: Mapping[str, datetime]) -> None:
    """Note when buckets will be full again."""
    rows = [{"name": name, "full_at": at} for name, at in full_at.items()]
    insert_or_replace(connection, buckets, rows, unique=("name",))
