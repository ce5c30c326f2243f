"""Sessions: in which browsers one is signed in. A program is in none of them: it asks with a token."""

from __future__ import annotations

from fastapi import Request, Response

from presswatch import representations
from presswatch.actions import sessions
from presswatch.web.api import shapes
from presswatch.web.api.answers import gone, listed
from presswatch.web.api.asking import Number, Reader, TheDesk
from presswatch.web.api.asking import router as routes_of

router = routes_of("sessions")


@router.get("/sessions", response_model=shapes.Page[shapes.Session])
async def every(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """Where one is signed in, the session used last first."""
    found = await sessions.listing(desk.database, visitor.id)
    return listed(request, [representations.session(each) for each in found])


@router.delete("/sessions", status_code=204)
async def end_all(visitor: Reader, desk: TheDesk) -> Response:
    """Sign oneself out in every browser. Tokens hold on."""
    await sessions.end_others(desk.database, visitor.id, visitor.secret)
    return gone()


@router.delete("/sessions/{number}", status_code=204)
async def end(visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """Sign oneself out in one browser."""
    await sessions.end(desk.database, visitor.id, number)
    return gone()
