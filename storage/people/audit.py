"""What was done to accounts: who, what, to whom, when. Rows are added, never changed, and hold no secret.

A row is written in the transaction of what it tells: neither is there without the other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.tables import audit, users
from storage.types import Actor, Audited, Deed, Face


def record(connection: Connection, by: Actor, deed: Deed, of: str, now: datetime, detail: str = "") -> None:
    """Write down what somebody did to the user of that name."""
    values = {"user_id": by.user_id, "face": by.face, "deed": deed, "of": of, "detail": detail, "at": now}
    connection.execute(insert(audit).values(**values))


def listing(connection: Connection, limit: int = 50, before: int | None = None) -> tuple[Audited, ...]:
    """What was done, the newest first; `before` is the id of a row: only what was done earlier."""
    asked = select(audit, users.c.name).outerjoin(users, users.c.id == audit.c.user_id)
    if before is not None:
        asked = asked.where(audit.c.id < before)
    rows = connection.execute(asked.order_by(audit.c.id.desc()).limit(limit))
    return tuple(
        Audited(row.id, row.at, row.name or "", Face(row.face), Deed(row.deed), row.of, row.detail) for row in rows
    )
