"""Whom the desk watches, the worst first: how each section is, since when, and what to do about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import sources
from presswatch.actions.sources import ListedSource
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import GRANTED, Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.types import REMEDIES

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Editor = Annotated[Visitor, needs(Permission.EDIT)]


@router.get("/sources")
async def sources_page(request: Request, desk: CurrentDesk, visitor: Reader, every: bool = False) -> Response:
    """What is polled, or every section that is known."""
    known = await sources.listing(desk.database)
    polled = [each for each in known if each.source.enabled]
    return page(
        request,
        visitor,
        "sources.html",
        shown=sorted(known if every else polled, key=_worst_first),
        every=every,
        polled=len(polled),
        known=len(known),
        troubled=sum(not each.source.reason.healthy for each in polled),
        packs=await sources.packs(desk.database),
        remedies=REMEDIES,
        edits=Permission.EDIT in GRANTED[visitor.role],
    )


def _worst_first(listed: ListedSource) -> tuple[bool, bool, bool, str]:
    source = listed.source
    return not source.enabled, source.reason.healthy, source.reason.readable, source.key


@router.get("/sources/{key:path}")
async def source_page(request: Request, desk: CurrentDesk, visitor: Reader, key: str) -> Response:
    """One section, and its last polls."""
    shown = await sources.show(desk.database, key)
    edits = Permission.EDIT in GRANTED[visitor.role]
    return page(request, visitor, "source.html", shown=shown, remedies=REMEDIES, edits=edits)


@router.post("/sources")
async def switch(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Watch a section, or a pack of them, from now on or no longer."""
    form = await form_of(request)
    key, pack, enabled = str(form.get("key", "")), str(form.get("pack", "")), form.get("enabled") == "yes"
    if pack:
        await sources.switch_pack(desk.database, pack, enabled)
        return RedirectResponse("/sources", 303)
    source = await sources.switch(desk.database, key, enabled, desk.browser)
    return RedirectResponse(f"/sources/{source.key}", 303)
