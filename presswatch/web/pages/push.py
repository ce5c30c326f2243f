"""The browser that looks at the page becomes a channel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from notify.channels.push_address import Browser
from presswatch.actions import push
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]


@router.post("/channels/push/key")
async def key(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """What the browser is to be asked with. No GET: the first time a key is made for it."""
    await form_of(request)
    return JSONResponse({"key": await push.key(desk.database)})


@router.post("/channels/push")
async def add(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Make a channel of what the browser said when it was asked."""
    form = await form_of(request)
    said = {name: str(form.get(name, "")) for name in ("endpoint", "p256dh", "auth", "key")}
    browser = Browser(said["endpoint"], said["p256dh"], said["auth"])
    made = await push.add(desk.database, visitor.id, browser, said["key"], desk.policy, desk.address)
    return RedirectResponse(f"/subscriptions#c{made.id}", 303)
