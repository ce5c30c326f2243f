"""Where one is signed in, and the tokens of one's programs: seen on the page of settings, and ended here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import sessions, tokens
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.settings import Opened, with_opened
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError
from storage.types import Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/settings/sessions/{number}/end")
async def end(request: Request, desk: CurrentDesk, visitor: Reader, number: Number) -> Response:
    """Sign out at one browser. Raises `NotFoundError`."""
    await form_of(request)
    await sessions.end(desk.database, visitor.id, number)
    return RedirectResponse("/settings#sign-ins", 303)


@router.post("/settings/sessions/others")
async def end_others(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Sign out everywhere but here."""
    await form_of(request)
    await sessions.end_others(desk.database, visitor.id, visitor.secret)
    return RedirectResponse("/settings#sign-ins", 303)


@router.post("/settings/tokens")
async def add(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Make a token. It is shown once, so that this answers with a page."""
    form = await form_of(request)
    name, days = str(form.get("name", "")), str(form.get("days", ""))
    scopes = {scope for scope in Scope if form.get(scope.value) == "yes"}
    typed = {"name": name, "days": days, **dict.fromkeys(map(str, scopes), "yes")}
    try:
        made = await tokens.add(desk.database, visitor.id, visitor.actor, name, scopes, _days(days))
    except InvalidInputError as error:
        return await with_opened(request, desk, visitor, Opened("token", error, typed))
    return await with_opened(request, desk, visitor, Opened(token=made))


def _days(typed: str) -> int:
    """How many days were typed; 0, which no token holds, where that is no such number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


@router.post("/settings/tokens/revoke")
async def revoke(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """End a token at once. Raises `NotFoundError`."""
    name = str((await form_of(request)).get("name", ""))
    await tokens.revoke(desk.database, visitor.id, visitor.actor, name)
    return RedirectResponse("/settings#tokens", 303)
