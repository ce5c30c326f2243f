"""A statement: what it says, since when, in which versions, and why one sees it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from presswatch.actions import items
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]


@router.get("/statements/{item_id}")
async def statement(
    request: Request, item_id: int, desk: CurrentDesk, visitor: Reader, version: Annotated[int | None, Query()] = None
) -> HTMLResponse:
    """One statement, in its newest version if none is named."""
    shown = await items.show(desk.database, item_id, version)
    return page(request, visitor, "statement.html", shown=shown)
