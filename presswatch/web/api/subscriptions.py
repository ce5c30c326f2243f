"""Subscriptions: which channel is told of which topic, and when."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import subscriptions
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import ROOT, Follower, Number, Pause, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.visitor import Visitor
from storage.people.rhythms import WantedRhythm

router = routes_of("subscriptions")


class NewRhythm(Sent):
    """When alerts may leave; null is left as it is."""

    rhythm: Annotated[str | None, Field(max_length=100, examples=["daily 08:00"])] = None
    zone: Annotated[str | None, Field(max_length=100, examples=["Europe/Minsk"])] = None
    quiet: Annotated[str | None, Field(max_length=100, examples=["22:00-07:00"], description="none ends them.")] = None
    cap: Annotated[int | None, Field(ge=0, le=10_000, description="Messages an hour; 0 is no limit.")] = None

    on: Annotated[
        str | None, Field(max_length=100, examples=["published edited"], description="Of what it is told: events.")
    ] = None

    @property
    def wanted(self) -> WantedRhythm:
        return WantedRhythm(self.rhythm, self.zone, self.quiet, self.cap, self.on)


class NewSubscription(NewRhythm):
    """A topic or an alias, and a channel's name or address; either is made where it is not there yet."""

    topic: Annotated[str, Field(max_length=200, examples=["CSTO"])]
    channel: Annotated[str, Field(max_length=2000, examples=["desk"])]


@router.get("/subscriptions", response_model=shapes.Page[shapes.Subscription])
async def every(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """One's own subscriptions, the oldest first."""
    found = await subscriptions.listing(desk.database, visitor.id)
    return listed(
        request, [representations.subscription(each.subscription, each.waiting, each.next_at) for each in found]
    )


@router.post("/subscriptions", status_code=201, response_model=shapes.Subscription)
async def subscribe(request: Request, visitor: Follower, desk: TheDesk, sent: NewSubscription) -> Response:
    """Tell a channel of a topic from now on; where it is told already, in this rhythm from now on."""
    told = await subscriptions.subscribe(desk.database, visitor.id, sent.topic, sent.channel, desk.policy, sent.wanted)
    return made(request, await _subscription(desk, visitor, told.id), f"{ROOT}/subscriptions/{told.id}")


@router.get("/subscriptions/{number}", response_model=shapes.Subscription)
async def show(request: Request, visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """One subscription, how many alerts wait, and when the next ones may leave."""
    return answer(request, await _subscription(desk, visitor, number))


@router.patch("/subscriptions/{number}", response_model=shapes.Subscription)
async def change(request: Request, visitor: Follower, desk: TheDesk, number: Number, sent: NewRhythm) -> Response:
    """Change the rhythm; what waits already leaves in the new one."""
    async with as_seen(request, partial(_subscription, desk, visitor, number)):
        known = (await subscriptions.show(desk.database, visitor.id, number)).subscription
        await subscriptions.subscribe(
            desk.database, visitor.id, known.topic_name, known.channel_name, desk.policy, sent.wanted
        )
    return answer(request, await _subscription(desk, visitor, number))


@router.put("/subscriptions/{number}/pause", response_model=shapes.Subscription)
async def pause(request: Request, visitor: Follower, desk: TheDesk, number: Number, sent: Pause) -> Response:
    """Tell the channel of nothing that is seen until then, also not later, or end that."""
    async with as_seen(request, partial(_subscription, desk, visitor, number)):
        if sent.until is None:
            await subscriptions.go_on(desk.database, visitor.id, number)
        else:
            await subscriptions.pause(desk.database, visitor.id, number, sent.until)
    return answer(request, await _subscription(desk, visitor, number))


@router.delete("/subscriptions/{number}", status_code=204)
async def unsubscribe(request: Request, visitor: Follower, desk: TheDesk, number: Number) -> Response:
    """Tell the channel of the topic no longer; what was found before is still sent."""
    async with as_seen(request, partial(_subscription, desk, visitor, number)):
        known = (await subscriptions.show(desk.database, visitor.id, number)).subscription
        await subscriptions.unsubscribe(desk.database, visitor.id, known.topic_name, known.channel_name)
    return gone()


async def _subscription(desk: Desk, visitor: Visitor, number: int) -> JSON:
    shown = await subscriptions.show(desk.database, visitor.id, number)
    return representations.subscription(shown.subscription, shown.waiting, shown.next_at)
