"""Mistakes of our own: the operator is told of each kind in each place, once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from storage.events import MistakeMade
from storage.operator.notices import GATHERING, Mistakes, number_of_the_day
from storage.tables import notices


def record(connection: Connection, made: Sequence[tuple[MistakeMade, datetime]]) -> None:
    """Note mistakes for the operator, each with when it was made; they wait a while for others, and leave together."""
    for mistake, at in made:
        of_its_kind = (notices.c.reason == Mistakes.MISTAKE) & notices.c.detail.startswith(
            f"{mistake.where}: {mistake.kind}:", autoescape=True
        )
        if number_of_the_day(connection, of_its_kind, at):
            continue
        connection.execute(
            insert(notices).values(
                began=True,
                reason=Mistakes.MISTAKE,
                detail=f"{mistake.where}: {mistake.detail}",
                created_at=at,
                due_at=at + GATHERING,
                attempts=0,
                last_error="",
            )
        )
