"""Topics: what one keeps asking, who is told, how often; a topic is paused, goes on, and is removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import aliases, topic_activity, topics
from presswatch.web import pause_form
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

FIRST_NAMES = ("NATO", "OSCE", "SCO", "EAEU", "CSTO")
"""Ready-made names that are shown beside the topics."""


@router.get("/topics")
async def every(request: Request, desk: CurrentDesk, visitor: Reader, pause: str = "") -> Response:
    """One's own topics; `pause` opens the form under one of them."""
    return await _listed(request, desk, visitor, int(pause) if pause.isascii() and pause.isdigit() else 0)


async def _listed(
    request: Request, desk: Desk, visitor: Visitor, pausing: int = 0, until: str = "", error: Exception | None = None
) -> Response:
    now, zone = desk.clock(), visitor.wishes.zone
    packs = (await aliases.listing(desk.database)).every
    return page(
        request,
        visitor,
        "topics.html",
        status=422 if error else 200,
        topics=await topic_activity.overview(desk.database, visitor.id, zone, now),
        pausing=pausing,
        until=until or pause_form.offered(now, zone),
        mistake=error,
        packs=[each for name in FIRST_NAMES for each in packs if each.pack.name == name],
        names=len(packs),
    )


@router.post("/topics/{number}/pause")
async def pause(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Tell nobody until that day begins."""
    until = str((await form_of(request)).get("until", ""))
    try:
        await topics.pause(desk.database, visitor.id, number, pause_form.begins(until, visitor.wishes.zone))
    except InvalidInputError as error:
        return await _listed(request, desk, visitor, number, until, error)
    return RedirectResponse("/topics", 303)


@router.post("/topics/{number}/go-on")
async def go_on(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Tell again, of what comes from now on."""
    await form_of(request)
    await topics.go_on(desk.database, visitor.id, number)
    return RedirectResponse("/topics", 303)


@router.get("/topics/{number}/remove")
async def removing(request: Request, desk: CurrentDesk, visitor: Reader, number: Number) -> Response:
    """What ends with the topic, before it ends."""
    topic = await topics.numbered(desk.database, visitor.id, number)
    shown = await topics.show(desk.database, visitor.id, topic.name)
    return page(request, visitor, "topic_remove.html", topic=topic, channels=shown.channels)


@router.post("/topics/{number}/remove")
async def remove(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """End the topic and its subscriptions."""
    await form_of(request)
    topic = await topics.numbered(desk.database, visitor.id, number)
    await topics.remove(desk.database, visitor.id, topic.name)
    return RedirectResponse("/topics", 303)
