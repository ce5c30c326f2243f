"""Questions about claims of versions: which process asks the topics about them, where several do so side by side."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select, delete, or_, select

from storage.database import dialect_of, passing_by
from storage.leases import MATCH_LEASE
from storage.tables import match_claims, versions

_claims = match_claims.c


def of_others(owner: str, now: datetime) -> Select[tuple[int]]:
    """The versions that others than this owner ask about now."""
    return select(_claims.version_id).where(_claims.lease_owner != owner, _claims.lease_until >= now)


def claim(connection: Connection, version_ids: Collection[int], owner: str, now: datetime) -> set[int]:
    """Claim versions to ask the topics about, for `Database.claim`; return those that nobody else asks or has asked.

    Nobody else gets them before `MATCH_LEASE` is over.
    """
    waiting = select(versions.c.id).where(versions.c.id.in_(version_ids), versions.c.matched_at.is_(None))
    rows = [
        {"version_id": version_id, "lease_owner": owner, "lease_until": now + MATCH_LEASE}
        for version_id in connection.scalars(passing_by(waiting.order_by(versions.c.id)))
    ]
    if not rows:
        return set()
    statement = dialect_of(connection).insert(match_claims).values(rows)
    free = or_(_claims.lease_owner == owner, _claims.lease_until < now)
    held = {name: statement.excluded[name] for name in ("lease_owner", "lease_until")}
    claimed = statement.on_conflict_do_update(index_elements=["version_id"], set_=held, where=free)
    return set(connection.scalars(claimed.returning(_claims.version_id)))


def end(connection: Connection, version_ids: Collection[int]) -> None:
    """Nobody asks about these versions any more."""
    connection.execute(delete(match_claims).where(_claims.version_id.in_(version_ids)))
