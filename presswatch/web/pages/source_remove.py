"""A section of the desk's own is removed: what is lost with it is said before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import sources
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Editor = Annotated[Visitor, needs(Permission.EDIT)]


@router.get("/sources/remove")
async def ask(request: Request, desk: CurrentDesk, visitor: Editor, key: str = "") -> Response:
    """Ask whether it is to be removed."""
    return page(request, visitor, "source_remove.html", shown=await sources.show(desk.database, key))


@router.post("/sources/remove")
async def remove(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Watch it no longer and free its key."""
    await sources.remove(desk.database, str((await form_of(request)).get("key", "")))
    return RedirectResponse("/sources", 303)
