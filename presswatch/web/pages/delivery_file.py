"""The log of what was announced, as a file for a sheet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from presswatch.actions import alerts
from presswatch.actions.alerts import ListedAlert
from presswatch.formats.files import sheet
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor
from storage.types import AlertState

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

MOST = 5_000
"""Rows of a file, the newest."""
COLUMNS = (
    "alert", "state", "topic", "channel", "statement", "title", "first_seen_at", "due_at", "sent_at", "attempts",
    "last_answer",
)  # fmt: skip


@router.get("/subscriptions/deliveries.csv")
async def log(desk: CurrentDesk, visitor: Reader, state: str = "") -> Response:
    """One's alerts of a state, or all, the newest first."""
    wanted = AlertState(state) if state in list(AlertState) else None
    found = await alerts.listing(desk.database, visitor.id, wanted, MOST)
    headers = {"Content-Disposition": 'attachment; filename="presswatch-deliveries.csv"'}
    text = sheet(COLUMNS, map(_row, found))
    return Response(text.encode(errors="replace"), 200, headers, "text/csv; charset=utf-8")


def _row(each: ListedAlert) -> tuple[object, ...]:
    alert = each.alert
    return (
        alert.id, alert.state.value, alert.topic.name, alert.channel.name, alert.item.id, alert.version.title,
        alert.item.first_seen_at, alert.due_at, alert.sent_at, alert.attempts, each.last_answer,
    )  # fmt: skip
