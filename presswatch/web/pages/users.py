"""Users, for an owner: invited by a link, given another role, removed; and the log of what was done to accounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import signing_in, users
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.settings import Opened, with_opened
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError
from storage.types import Role

router = APIRouter(prefix="/settings/users")

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Governor = Annotated[Visitor, needs(Permission.GOVERN)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
LOGGED = 50
"""Rows of a page of the log."""


@router.post("/invite")
async def invite(request: Request, desk: CurrentDesk, visitor: Governor) -> Response:
    """Make a link for somebody new. It is shown once, so that this answers with a page."""
    form = await form_of(request)
    role, mail = str(form.get("role", "")), str(form.get("mail", ""))
    try:
        if role not in list(Role):
            raise InvalidInputError(f"{role!r} is no role", mend=f"choose one of {', '.join(Role)}")
        link = await signing_in.invite(desk.database, Role(role), mail, by=visitor.actor)
    except InvalidInputError as error:
        return await with_opened(request, desk, visitor, Opened("invite", error, {"role": role, "mail": mail}))
    return await with_opened(request, desk, visitor, Opened(link=f"{desk.address}/begin/{link}", link_for=role))


@router.post("/invitations/{number}/withdraw")
async def withdraw(request: Request, desk: CurrentDesk, visitor: Governor, number: Number) -> Response:
    """Let a link for somebody new work no more."""
    await form_of(request)
    await users.withdraw(desk.database, visitor.actor, number)
    return RedirectResponse("/settings#users", 303)


@router.get("/log")
async def log(request: Request, desk: CurrentDesk, visitor: Governor, before: str = "") -> Response:
    """Who did what to which account, the newest first."""
    earlier = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    deeds = await users.audited(desk.database, LOGGED, earlier)
    further = deeds[-1].id if len(deeds) == LOGGED else 0
    return page(request, visitor, "users_log.html", deeds=deeds, further=further)


@router.post("/{number}/role")
async def set_role(request: Request, desk: CurrentDesk, visitor: Governor, number: Number) -> Response:
    """Give a user another role; it counts from his next request on. Raises `InvalidInputError` for the first owner."""
    role = str((await form_of(request)).get("role", ""))
    known = await users.numbered(desk.database, number)
    if role not in list(Role):
        raise InvalidInputError(f"{role!r} is no role", mend=f"choose one of {', '.join(Role)}")
    await users.set_role(desk.database, visitor.actor, known.user.name, Role(role))
    return RedirectResponse("/settings#users", 303)


@router.post("/{number}/link")
async def renew(request: Request, desk: CurrentDesk, visitor: Governor, number: Number) -> Response:
    """Make a link by which a user sets another passphrase. It is shown once, so that this answers with a page."""
    await form_of(request)
    name = (await users.numbered(desk.database, number)).user.name
    link = f"{desk.address}/begin/{await signing_in.renew(desk.database, name)}"
    return await with_opened(request, desk, visitor, Opened(link=link, link_for=name))


@router.get("/{number}/remove")
async def removing(request: Request, desk: CurrentDesk, visitor: Governor, number: Number) -> Response:
    """What ends with a user, before it ends. Raises `NotFoundError`."""
    return page(request, visitor, "user_remove.html", listed=await users.numbered(desk.database, number))


@router.post("/{number}/remove")
async def remove(request: Request, desk: CurrentDesk, visitor: Governor, number: Number) -> Response:
    """End a user and what he owns. Raises `NotFoundError`, `InvalidInputError` for the first owner."""
    await form_of(request)
    name = (await users.numbered(desk.database, number)).user.name
    await users.remove(desk.database, visitor.actor, name)
    return RedirectResponse("/settings#users", 303)
