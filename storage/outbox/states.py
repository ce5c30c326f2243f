"""Questions about statements that were withdrawn or came back: who is told of that.

A state without `told_at` waits. Its alerts are written in one transaction with that mark, as those of versions are.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from storage.outbox import candidates
from storage.outbox.alert_creation import DueTime, make_alerts
from storage.tables import item_states, versions


def untold(connection: Connection, limit: int = 200) -> tuple[int, ...]:
    """The ids of states that nobody was told of yet, the oldest first; not while a version of theirs still waits."""
    waits = exists().where(versions.c.item_id == item_states.c.item_id, versions.c.matched_at.is_(None))
    wanted = select(item_states.c.id).where(item_states.c.told_at.is_(None), ~waits).order_by(item_states.c.id)
    return tuple(connection.scalars(wanted.limit(limit)))


def tell(connection: Connection, state_ids: tuple[int, ...], now: datetime, leaves: DueTime) -> int:
    """Make the alerts of these states, for who was told of the statement and for who wants to be; return how many."""
    made = make_alerts(connection, candidates.state_changes(connection, state_ids), now, leaves)
    connection.execute(update(item_states).where(item_states.c.id.in_(state_ids)).values(told_at=now))
    return made
