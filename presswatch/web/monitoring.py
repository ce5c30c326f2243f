"""For programs that watch presswatch: does it live, does it do what it is for, how well.

https://kubernetes.io/docs/reference/using-api/health-checks/ has the names. Whether it lives and is ready anybody may
ask: the answers tell nothing of what is watched. What it counts an owner may read, or a program with his token for it;
that somebody asks from this machine is no permission, since behind a proxy everybody does.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse

from presswatch.actions import vitals
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs, open_to_all
from presswatch.web.visitor import METRICS
from storage.types import Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/healthz", dependencies=[open_to_all()])
async def lives() -> PlainTextResponse:
    """That the process lives and its loop turns."""
    return PlainTextResponse("lives\n")


@router.get("/readyz", dependencies=[open_to_all()])
async def ready(desk: CurrentDesk) -> PlainTextResponse:
    """Whether the database answers and the timetable is kept; else 503, with the reasons, one a line."""
    reasons = await vitals.not_ready(desk.database, desk.pulse)
    return PlainTextResponse("\n".join(reasons or ["ready"]) + "\n", 503 if reasons else 200)


@router.get(METRICS, dependencies=[needs(Permission.GOVERN, Scope.METRICS)])
async def metrics(request: Request, desk: CurrentDesk) -> Response:
    """What this process counts, for Prometheus."""
    seen = await vitals.look(desk.database, desk.metrics.totals, desk.clock)
    desk.metrics.note(seen, desk.database.size, dict(desk.pulse.ages()) if desk.pulse else {})
    said, kind = desk.metrics.written(request.headers.get("Accept", ""))
    return Response(said, media_type=kind)
