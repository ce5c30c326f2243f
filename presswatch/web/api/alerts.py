"""Alerts, the deliveries that carried them, and the notices to the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import alerts, deliveries, notices
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import LARGEST, Follower, Limit, Number, Reader, Sent, Start, TheDesk, before, next_of
from presswatch.web.api.asking import router as routes_of
from storage.types import AlertState

router = routes_of("alerts")


AlertNumber = Annotated[int, Field(ge=1, le=LARGEST)]


class ToRetry(Sent):
    """Numbers of alerts; none is all that failed or are dead."""

    alerts: Annotated[
        tuple[Annotated[int, Field(ge=1, le=LARGEST)], ...], Field(max_length=1000, examples=[[7, 8]])
    ] = ()


@router.get("/alerts", response_model=shapes.Page[shapes.Alert])
async def every(
    request: Request,
    visitor: Reader,
    desk: TheDesk,
    state: AlertState | None = None,
    start: Start = "",
    limit: Limit = 50,
) -> Response:
    """One's own alerts, the newest first, of one state or all."""
    found = await alerts.listing(desk.database, visitor.id, state, limit, before(start))
    shown = [representations.alert(each.alert, each.why, each.last_answer) for each in found]
    return listed(request, shown, next_of([each.alert.id for each in found], limit))


@router.post("/alerts/retry", response_model=shapes.Revived)
async def retry(request: Request, visitor: Follower, desk: TheDesk, sent: ToRetry) -> Response:
    """Send failed or dead alerts again. They may arrive twice; their key is the same."""
    return answer(request, {"alerts": await alerts.retry(desk.database, visitor.id, sent.alerts)})


@router.post("/alerts/{number}/again", response_model=shapes.Revived)
async def again(request: Request, visitor: Follower, desk: TheDesk, number: Number) -> Response:
    """Send an alert now, whatever became of it. It may arrive twice; its key is the same."""
    await alerts.again(desk.database, visitor.id, number)
    return answer(request, {"alerts": 1})


@router.get("/alerts/{number}/deliveries", response_model=shapes.Page[shapes.Delivery])
async def attempts(request: Request, visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """Each attempt to send one of one's own alerts, the newest first."""
    found = await alerts.attempts(desk.database, visitor.id, number)
    return listed(request, [representations.delivery(each) for each in found])


@router.get("/deliveries", response_model=shapes.Page[shapes.Delivery])
async def log(request: Request, visitor: Reader, desk: TheDesk, start: Start = "", limit: Limit = 50) -> Response:
    """Each attempt to send to one's own channels, the newest first, and what the other side answered."""
    found = await deliveries.listing(desk.database, visitor.id, limit, before(start))
    return listed(
        request, [representations.delivery(each) for each in found], next_of([each.id for each in found], limit)
    )


@router.get("/notices", response_model=shapes.Page[shapes.Notice])
async def told(request: Request, visitor: Reader, desk: TheDesk, start: Start = "", limit: Limit = 50) -> Response:
    """What there was to tell the operator, the newest first: of sources, of our own, and of one's own channels."""
    found = await notices.listing(desk.database, visitor.id, limit, before(start))
    return listed(
        request, [representations.notice(each) for each in found], next_of([each.id for each in found], limit)
    )
