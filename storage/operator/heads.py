"""The end of the evidence's chain: the operator's channel gets it once a day, so that somebody else has it too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from storage.operator.notices import Evidence, number_of_the_day
from storage.tables import notices


def record(connection: Connection, ends: str, at: datetime) -> bool:
    """Write a notice of where the chain ends, unless there was one within the day; returns whether there was none."""
    if number_of_the_day(connection, notices.c.reason == Evidence.HEAD, at):
        return False
    connection.execute(
        insert(notices).values(
            began=True, reason=Evidence.HEAD, detail=ends, created_at=at, due_at=at, attempts=0, last_error=""
        )
    )
    return True
