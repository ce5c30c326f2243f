"""A section is added by its address: looked at, described, and only then watched."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import proposals
from presswatch.web import look_form
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.sources import Opened, looks_of, with_opened
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, PresswatchError, WatchedError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Editor = Annotated[Visitor, needs(Permission.EDIT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/sources/looks")
async def look(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Begin to look at a section. Nothing is stored."""
    said = look_form.typed(await form_of(request), look_form.ASKED)
    try:
        if not said["address"]:
            raise InvalidInputError("no address is given", mend="give the address as a browser shows it, with https://")
        begun = await looks_of(request).begin(desk, visitor.id, look_form.wanted(said))
    except PresswatchError as error:
        return await with_opened(request, desk, visitor, Opened(None, said, {"address": error}, refused=True))
    return RedirectResponse(f"/sources?look={begun.number}#look", 303)


@router.post("/sources/looks/{number}")
async def watch(request: Request, desk: CurrentDesk, visitor: Editor, number: Number) -> Response:
    """Watch from now on what was looked at, as it is described here."""
    said = look_form.typed(await form_of(request), look_form.WHOSE)
    held = looks_of(request).find(visitor.id, number)
    if held is None or held.proposal is None:
        return await with_opened(request, desk, visitor, Opened(is_gone=True, refused=True))
    opened = Opened(held, {**look_form.asked_of(held.wanted), **said}, look_form.mistakes(said), refused=True)
    if opened.mistakes:
        return await with_opened(request, desk, visitor, opened)
    try:
        source = await proposals.watch(desk.database, look_form.described(held.proposal, said))
    except InvalidInputError as error:
        place = "address" if isinstance(error, WatchedError) else "key"
        return await with_opened(request, desk, visitor, replace(opened, mistakes={place: error}))
    looks_of(request).drop(held)
    return RedirectResponse(f"/sources/{source.key}", 303)
