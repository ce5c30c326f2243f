"""Channels: made, tried, given another address, removed; and through which one presswatch tells of itself."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import alerts, channels, subscriptions
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.subscriptions import Opened, number_of, with_opened
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import DeliveryError, InvalidInputError, NotFoundError
from storage.types import AlertState

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Governor = Annotated[Visitor, needs(Permission.GOVERN)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

PATIENCE = 20.0
"""Seconds that a test gets while somebody looks on."""


@router.post("/channels")
async def add(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Make a channel. Its address is not shown again, also not where it is refused."""
    form = await form_of(request)
    name, address = (str(form.get(field, "")).strip() for field in ("name", "address"))
    try:
        if not name:
            raise InvalidInputError("a channel needs a name", mend="give it one, such as desk mail")
        made = await channels.add(desk.database, visitor.id, name, address, desk.policy)
    except InvalidInputError as error:
        taken = {each.channel.name for each in await channels.in_use(desk.database, visitor.id)}
        field = "name" if name in taken | {""} else "address"
        return await with_opened(request, desk, visitor, Opened("channel", 0, {"name": name}, {field: error}))
    return RedirectResponse(f"/subscriptions#c{made.id}", 303)


@router.post("/channels/{number}/address")
async def readdress(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Give it another address."""
    address = str((await form_of(request)).get("address", "")).strip()
    channel = await channels.numbered(desk.database, visitor.id, number)
    try:
        await channels.readdress(desk.database, visitor.id, channel.name, address, desk.policy)
    except InvalidInputError as error:
        return await with_opened(request, desk, visitor, Opened("address", number, {}, {"address": error}))
    return RedirectResponse(f"/subscriptions#c{number}", 303)


@router.post("/channels/{number}/test")
async def test(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Send a real message; the answer stands in the channel's row."""
    await form_of(request)
    channel = await channels.numbered(desk.database, visitor.id, number)
    with suppress(DeliveryError):  # it is kept, and stands in the row
        await channels.test(desk.database, visitor.id, channel.name, sys.stdout, deadline=PATIENCE)
    return RedirectResponse(f"/subscriptions#c{number}", 303)


@router.get("/channels/{number}/remove")
async def removing(request: Request, desk: CurrentDesk, visitor: Reader, number: Number) -> Response:
    """What ends with the channel, before it ends."""
    await channels.numbered(desk.database, visitor.id, number)
    used = next(each for each in await channels.in_use(desk.database, visitor.id) if each.channel.id == number)
    return page(request, visitor, "channel_remove.html", used=used)


@router.post("/channels/{number}/remove")
async def remove(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """End the channel and its subscriptions."""
    await form_of(request)
    channel = await channels.numbered(desk.database, visitor.id, number)
    await channels.remove(desk.database, visitor.id, channel.name)
    return RedirectResponse("/subscriptions", 303)


@router.post("/channels/operator")
async def operator(request: Request, desk: CurrentDesk, visitor: Governor) -> Response:
    """Tell of what fails through this channel; of nothing, where none is named."""
    name = str((await form_of(request)).get("channel", ""))
    try:
        await channels.set_operator(desk.database, visitor.id, name or None)
    except (InvalidInputError, NotFoundError) as error:
        return await with_opened(request, desk, visitor, Opened("operator", 0, {}, {"channel": error}))
    return RedirectResponse("/subscriptions#itself", 303)


@router.post("/channels/proof")
async def proof(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Prove the whole chain to a channel every so many minutes."""
    form = await form_of(request)
    name, minutes = str(form.get("channel", "")), str(form.get("minutes", ""))
    try:
        await subscriptions.subscribe_canary(desk.database, visitor.id, name, desk.policy, number_of(minutes))
    except (InvalidInputError, NotFoundError) as error:
        field = "channel" if isinstance(error, NotFoundError) else "minutes"
        return await with_opened(request, desk, visitor, Opened("proof", 0, {"minutes": minutes}, {field: error}))
    return RedirectResponse("/subscriptions#itself", 303)


@router.post("/alerts/{number}/again")
async def again(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Send an alert now, whatever became of it."""
    state = str((await form_of(request)).get("state", ""))
    await alerts.again(desk.database, visitor.id, number)
    return RedirectResponse(f"/subscriptions{f'?state={state}' if state in list(AlertState) else ''}#log", 303)
