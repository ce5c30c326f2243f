"""Users: who asks, and for an owner, who may sign in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import signing_in, users
from presswatch.actions.today import View
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import ROOT, Governor, Limit, Name, Number, Reader, Sent, Start, TheDesk, before, next_of
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.visitor import Visitor
from storage.types import Role

router = routes_of("users")


class NewRole(Sent):
    """What somebody may do."""

    role: Role


class NewInvitation(NewRole):
    """What somebody new may do, and the address that he has in the directory, if he comes in by that."""

    mail: Annotated[str, Field(max_length=254, examples=["ann@example.org"])] = ""


class Wishes(Sent):
    """How one wants the pages. An empty theme or language is what the browser asks for."""

    zone: Annotated[str | None, Field(max_length=100, examples=["Europe/Minsk"])] = None
    theme: Literal["", "light", "dark"] | None = None
    language: Literal["", "en", "ru"] | None = None
    keys: Annotated[bool | None, Field(description="Whether single keys do something.")] = None
    today: Annotated[View | None, Field(description="How the first page opens.")] = None
    live: Annotated[bool | None, Field(description="Whether it says by itself that there is something new.")] = None


@router.get("/me", response_model=shapes.Me)
async def me(request: Request, visitor: Reader) -> Response:
    """As whom the program asks, and for what."""
    return answer(request, await _oneself(visitor))


@router.patch("/me", response_model=shapes.Me)
async def prefer(request: Request, visitor: Reader, desk: TheDesk, sent: Wishes) -> Response:
    """Show oneself the pages so from now on; what is null stays."""
    told = {name: value for name, value in sent.model_dump().items() if value is not None}
    async with as_seen(request, partial(_oneself, visitor)):
        wishes = replace(visitor.wishes, **told)
        await signing_in.prefer(desk.database, visitor.user, wishes)
    return answer(request, representations.oneself(replace(visitor.user, preferences=wishes), visitor.token))


@router.get("/users", response_model=shapes.Page[shapes.User])
async def every(request: Request, _: Governor, desk: TheDesk) -> Response:
    """The users, the oldest first, and how much they own."""
    found = await users.listing(desk.database)
    return listed(request, [representations.user(each.user, each.owned, each.seen_at) for each in found])


@router.post("/invitations", status_code=201, response_model=shapes.Invitation)
async def invite(request: Request, visitor: Governor, desk: TheDesk, sent: NewInvitation) -> Response:
    """Make a link by which somebody gets an account. It works once, for two days, and is shown this once."""
    link = f"{desk.address}/begin/{await signing_in.invite(desk.database, sent.role, sent.mail, by=visitor.actor)}"
    return made(request, {"role": sent.role, "link": link}, f"{ROOT}/users")


@router.get("/invitations", response_model=shapes.Page[shapes.OpenInvitation])
async def invitations(request: Request, _: Governor, desk: TheDesk) -> Response:
    """The invitations that nobody has used yet, the newest first, without their links."""
    found = await users.invitations_open(desk.database)
    return listed(request, [representations.invitation(each) for each in found])


@router.delete("/invitations/{number}", status_code=204)
async def withdraw(visitor: Governor, desk: TheDesk, number: Number) -> Response:
    """Let an invitation work no more. One that was used or has ended is as good as withdrawn."""
    await users.withdraw(desk.database, visitor.actor, number)
    return gone()


@router.post("/users/{name:path}/link", status_code=201, response_model=shapes.Invitation)
async def renew(request: Request, _: Governor, desk: TheDesk, name: Name) -> Response:
    """Make a link by which a user sets another passphrase. It works once, for two days, and is shown this once."""
    user = await users.named(desk.database, name)
    link = f"{desk.address}/begin/{await signing_in.renew(desk.database, name)}"
    return made(request, {"role": user.role, "link": link}, f"{ROOT}/users")


@router.get("/users/{name:path}", response_model=shapes.User)
async def show(request: Request, _: Governor, desk: TheDesk, name: Name) -> Response:
    """One user, and how much he owns."""
    return answer(request, await _user(desk, name))


@router.patch("/users/{name:path}", response_model=shapes.User)
async def set_role(request: Request, visitor: Governor, desk: TheDesk, name: Name, sent: NewRole) -> Response:
    """Give a user another role; it counts from his next request on."""
    async with as_seen(request, partial(_user, desk, name)):
        await users.set_role(desk.database, visitor.actor, name, sent.role)
    return answer(request, await _user(desk, name))


@router.delete("/users/{name:path}", status_code=204)
async def remove(request: Request, visitor: Governor, desk: TheDesk, name: Name) -> Response:
    """End a user with his sessions, tokens, topics, channels and subscriptions."""
    async with as_seen(request, partial(_user, desk, name)):
        await users.remove(desk.database, visitor.actor, name)
    return gone()


@router.get("/audit", response_model=shapes.Page[shapes.Audited])
async def audit(request: Request, _: Governor, desk: TheDesk, start: Start = "", limit: Limit = 50) -> Response:
    """What was done to accounts, the newest first."""
    done = await users.audited(desk.database, limit, before(start))
    return listed(request, [representations.audited(each) for each in done], next_of([each.id for each in done], limit))


async def _oneself(visitor: Visitor) -> JSON:
    return representations.oneself(visitor.user, visitor.token)


async def _user(desk: Desk, name: str) -> JSON:
    shown = await users.show(desk.database, name)
    return representations.user(shown.user, shown.owned, shown.seen_at)
