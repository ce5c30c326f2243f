"""What of the catalogue is watched together: packs, and countries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import sources
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import GRANTED, Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Editor = Annotated[Visitor, needs(Permission.EDIT)]


@router.get("/sources/packs")
async def packs(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """How many sections each pack and each country has, and how many of them are watched."""
    return page(
        request,
        visitor,
        "packs.html",
        packs=await sources.packs(desk.database),
        countries=await sources.countries(desk.database),
        edits=Permission.EDIT in GRANTED[visitor.role],
    )


@router.post("/sources/packs")
async def switch(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Watch a pack, or all of a country, from now on or no longer."""
    form = await form_of(request)
    pack, country, enabled = str(form.get("pack", "")), str(form.get("country", "")), form.get("enabled") == "yes"
    if pack:
        await sources.switch_pack(desk.database, pack, enabled)
        return RedirectResponse(f"/sources/packs#pack-{pack}", 303)
    await sources.switch_country(desk.database, country, enabled)
    return RedirectResponse(f"/sources/packs#country-{country}", 303)
