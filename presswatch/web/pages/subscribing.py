"""A channel is told of a topic, told otherwise, or told no longer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import channels, subscriptions
from presswatch.web import pause_form, rhythm_form
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.subscriptions import Opened, with_opened
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, NotFoundError, PresswatchError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

CONSOLE = "console"
"""A channel that is made when it is first named."""


@router.post("/subscriptions")
async def subscribe(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Tell a channel of a topic from now on."""
    form = await form_of(request)
    said = rhythm_form.typed(form, visitor.wishes.zone)
    topic, channel = (str(form.get(name, "")) for name in ("topic", "channel"))
    wrong: dict[str, PresswatchError] = dict(rhythm_form.mistakes(said))
    if not wrong:
        try:
            told = await subscriptions.subscribe(
                desk.database, visitor.id, topic, channel, desk.policy, rhythm_form.wanted(said)
            )
            return RedirectResponse(f"/subscriptions#s{told.id}", 303)
        except (NotFoundError, InvalidInputError) as error:
            known = {each.channel.name for each in await channels.in_use(desk.database, visitor.id)}
            wrong["topic" if channel in known | {CONSOLE} else "channel"] = error
    said |= {"topic": topic, "channel": channel if "://" not in channel else ""}
    return await with_opened(request, desk, visitor, Opened("new", typed=said, mistakes=wrong))


@router.post("/subscriptions/{number}")
async def change(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Change when its alerts may leave."""
    said = rhythm_form.typed(await form_of(request), visitor.wishes.zone)
    await subscriptions.show(desk.database, visitor.id, number)
    if wrong := rhythm_form.mistakes(said):
        return await with_opened(request, desk, visitor, Opened("change", number, said, wrong))
    await subscriptions.change(desk.database, visitor.id, number, rhythm_form.wanted(said))
    return RedirectResponse(f"/subscriptions#s{number}", 303)


@router.post("/subscriptions/{number}/pause")
async def pause(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Tell it of nothing that is seen before that day begins."""
    until = str((await form_of(request)).get("until", ""))
    known = (await subscriptions.show(desk.database, visitor.id, number)).subscription
    try:
        await subscriptions.pause(desk.database, visitor.id, number, pause_form.begins(until, visitor.wishes.zone))
    except InvalidInputError as error:
        typed = {**rhythm_form.fields_of(known.rhythm, visitor.wishes.zone, known.events), "until": until}
        return await with_opened(request, desk, visitor, Opened("change", number, typed, {"until": error}))
    return RedirectResponse(f"/subscriptions#s{number}", 303)


@router.post("/subscriptions/{number}/go-on")
async def go_on(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Tell it again, of what comes from now on."""
    await form_of(request)
    await subscriptions.go_on(desk.database, visitor.id, number)
    return RedirectResponse(f"/subscriptions#s{number}", 303)


@router.post("/subscriptions/{number}/end")
async def end(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Tell it no longer; what was found before is still sent."""
    await form_of(request)
    await subscriptions.end(desk.database, visitor.id, number)
    return RedirectResponse("/subscriptions", 303)
