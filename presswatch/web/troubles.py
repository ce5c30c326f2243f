"""How many sources are in trouble stands beside *Sources* in the head of every page."""

from __future__ import annotations

from fastapi import Request

from presswatch.actions import health
from presswatch.web.desk import desk_at
from presswatch.web.visitor import visitor_of


async def noted(request: Request) -> None:
    """Note it for the head of this page: one question a page, none for a part of one or for who is not signed in."""
    if "HX-Request" not in request.headers and await visitor_of(request) is not None:
        request.state.troubled = await health.troubles(desk_at(request).database)


def of_page(request: Request) -> int:
    """What was noted."""
    return int(getattr(request.state, "troubled", 0))
