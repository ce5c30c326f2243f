"""Dead letters: the operator is told of each alert that is given up on, once.

Those of one channel are told together. A notice that nobody has been sent yet counts what dies meanwhile; the next one
waits for some hours, so that a channel that refuses all day costs few messages and no alert is left out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.operator.notices import DAILY, DAY, GATHERING, DeadLetters
from storage.tables import notices

PAUSE = DAY / DAILY
"""Between two notices about the same channel."""


def record(connection: Connection, channel_id: int, count: int, why: str, now: datetime) -> None:
    """Note that so many alerts of a channel are given up on, in the transaction that does so."""
    detail = f"the last one: {why}"
    newest = select(notices).where(notices.c.channel_id == channel_id).order_by(notices.c.id.desc()).limit(1)
    before = connection.execute(newest).first()
    if before is not None and before.sent_at is None and before.attempts == 0:
        counted = update(notices).where(notices.c.id == before.id)
        connection.execute(counted.values(letters=before.letters + count, detail=detail))
        return
    due_at = now + GATHERING if before is None else max(now + GATHERING, (before.sent_at or before.due_at) + PAUSE)
    connection.execute(
        insert(notices).values(
            channel_id=channel_id,
            letters=count,
            began=True,
            reason=DeadLetters.UNDELIVERABLE,
            detail=detail,
            created_at=now,
            due_at=due_at,
            attempts=0,
            last_error="",
        )
    )
