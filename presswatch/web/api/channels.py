"""Channels: where alerts go. Their addresses go in and never come out; what is secret in them is masked."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import channels, subscriptions
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import ROOT, Follower, Governor, Name, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.visitor import Visitor

router = routes_of("channels")

ChannelName = Annotated[str, Field(min_length=1, max_length=200, examples=["desk"])]


class NewChannel(Sent):
    """A channel to be saved."""

    name: ChannelName
    address: Annotated[str, Field(max_length=2000, examples=["mailtos://USER:PASSWORD@SERVER?to=desk@example.org"])]
    signed: Annotated[bool, Field(description="Sign what a JSON web hook gets, by a new secret.")] = False


class NewAddress(Sent):
    """Where a channel's alerts go from now on."""

    address: Annotated[str, Field(max_length=2000, examples=["mailtos://USER:PASSWORD@SERVER?to=night@example.org"])]


class Proof(Sent):
    """How often the whole chain is proved."""

    minutes: Annotated[int, Field(examples=[60])]


class NewOperator(Sent):
    """The channel through which the operator is told; null: none."""

    channel: ChannelName | None


@router.get("/channels", response_model=shapes.Page[shapes.Channel])
async def every(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """One's own channels, the oldest first, and what the last delivery came to."""
    found = await channels.listing(desk.database, visitor.id)
    return listed(request, [representations.channel(each.name, each.address, each.health) for each in found])


@router.post("/channels", status_code=201, response_model=shapes.MadeChannel)
async def add(request: Request, visitor: Follower, desk: TheDesk, sent: NewChannel) -> Response:
    """Save a channel. Nothing is sent to it before it is tested or told of something."""
    asked, secret = (desk.database, visitor.id, sent.name, sent.address, desk.policy), None
    if sent.signed:
        channel, secret = await channels.add_signed(*asked)
    else:
        channel = await channels.add(*asked)
    at = f"{ROOT}/channels/{quote(channel.name, safe='')}"
    return made(request, await _channel(desk, visitor, channel.name) | {"secret": secret}, at)


@router.post("/channels/{name:path}/test", response_model=shapes.Tested)
async def test(request: Request, visitor: Follower, desk: TheDesk, name: Name) -> Response:
    """Send a real message, and say what the other side answered."""
    said = await channels.test(desk.database, visitor.id, name, sys.stdout)
    return answer(request, {"channel": name, "answer": said})


@router.get("/channels/{name:path}", response_model=shapes.Channel)
async def show(request: Request, visitor: Reader, desk: TheDesk, name: Name) -> Response:
    """One channel, without the secrets of its address."""
    return answer(request, await _channel(desk, visitor, name))


@router.patch("/channels/{name:path}", response_model=shapes.Channel)
async def readdress(request: Request, visitor: Follower, desk: TheDesk, name: Name, sent: NewAddress) -> Response:
    """Give a channel another address: what waits for it goes there."""
    async with as_seen(request, partial(_channel, desk, visitor, name)):
        await channels.readdress(desk.database, visitor.id, name, sent.address, desk.policy)
    return answer(request, await _channel(desk, visitor, name))


@router.put("/channels/{name:path}/canary", response_model=shapes.Subscription)
async def prove(request: Request, visitor: Follower, desk: TheDesk, name: Name, sent: Proof) -> Response:
    """Prove the whole chain to a channel every so many minutes: by a subscription, which ends as others do."""
    await channels.show(desk.database, visitor.id, name)
    made = await subscriptions.subscribe_canary(desk.database, visitor.id, name, desk.policy, sent.minutes)
    shown = await subscriptions.show(desk.database, visitor.id, made.id)
    return answer(request, representations.subscription(shown.subscription, shown.waiting, shown.next_at))


@router.delete("/channels/{name:path}", status_code=204)
async def remove(request: Request, visitor: Follower, desk: TheDesk, name: Name) -> Response:
    """End a channel and its subscriptions; alerts that wait for it are not sent."""
    async with as_seen(request, partial(_channel, desk, visitor, name)):
        await channels.remove(desk.database, visitor.id, name)
    return gone()


@router.get("/operator", response_model=shapes.Operator)
async def operator(request: Request, visitor: Governor, desk: TheDesk) -> Response:
    """Through which of one's own channels the operator is told of what fails."""
    return answer(request, await _operator(desk, visitor))


@router.put("/operator", response_model=shapes.Operator)
async def set_operator(request: Request, visitor: Governor, desk: TheDesk, sent: NewOperator) -> Response:
    """Tell the operator through this channel from now on."""
    async with as_seen(request, partial(_operator, desk, visitor)):
        await channels.set_operator(desk.database, visitor.id, sent.channel)
    return answer(request, await _operator(desk, visitor))


async def _operator(desk: Desk, visitor: Visitor) -> JSON:
    channel = await channels.operator(desk.database, visitor.id)
    return {"channel": channel.name if channel else None}


async def _channel(desk: Desk, visitor: Visitor, name: str) -> JSON:
    shown = await channels.show(desk.database, visitor.id, name)
    return representations.channel(shown.name, shown.address, shown.health)
