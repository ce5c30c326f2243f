"""Subscriptions and channels: who is told of what and when, where that goes, and every delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import alerts, channels, subscriptions, topics
from presswatch.actions.subscriptions import ListedSubscription
from presswatch.web import pause_form, rhythm_form
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.signing_in import zones
from presswatch.web.policy import GRANTED, Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import PresswatchError
from storage.types import WEEKDAYS, AlertState, Rhythm

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

LOGGED = 25
"""Deliveries that are shown at once."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands open on the page, what was typed into it, and what is wrong with that."""

    what: str = ""
    """`change`, `new`, `channel`, `address`, `operator` or `proof`."""
    number: int = 0
    typed: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mapping[str, PresswatchError] = field(default_factory=dict)


@router.get("/subscriptions")
async def every(
    request: Request,
    desk: CurrentDesk,
    visitor: Reader,
    change: str = "",
    new: str = "",
    topic: str = "",
    channel: str = "",
    address: str = "",
    operator: str = "",
    proof: str = "",
) -> Response:
    """All of it; one thing may stand open to be changed."""
    zone = visitor.wishes.zone
    opened = Opened()
    if number := number_of(change):
        known = (await subscriptions.show(desk.database, visitor.id, number)).subscription
        opened = Opened("change", number, rhythm_form.fields_of(known.rhythm, zone, known.events))
    elif new:
        opened = Opened("new", typed={"topic": topic, "channel": "", **rhythm_form.fields_of(Rhythm(), zone)})
    elif channel:
        opened = Opened("channel", typed={"name": ""})
    elif number := number_of(address):
        await channels.numbered(desk.database, visitor.id, number)
        opened = Opened("address", number)
    elif operator or proof:
        opened = Opened("operator" if operator else "proof", typed={"minutes": "60"})
    return await with_opened(request, desk, visitor, opened)


async def with_opened(request: Request, desk: Desk, visitor: Visitor, opened: Opened = Opened()) -> Response:
    """The page with something open on it; 422 where something in that is wrong."""
    asked = request.query_params
    state = AlertState(asked["state"]) if asked.get("state") in list(AlertState) else None
    told = await subscriptions.listing(desk.database, visitor.id)
    log = await alerts.listing(desk.database, visitor.id, state, LOGGED, number_of(asked.get("before", "")) or None)
    alert = number_of(asked.get("alert", ""))
    governs = Permission.GOVERN in GRANTED[visitor.role]
    return page(
        request,
        visitor,
        "subscriptions.html",
        status=422 if opened.mistakes else 200,
        told=[each for each in told if not each.subscription.canary],
        opened=opened,
        meaning=_meaning(desk, opened, told),
        until=pause_form.offered(desk.clock(), visitor.wishes.zone),
        zones=zones(),
        weekdays=WEEKDAYS,
        topics=[each.topic.name for each in await topics.listing(desk.database, visitor.id)],
        channels=await channels.in_use(desk.database, visitor.id),
        proofs=await subscriptions.proofs(desk.database, visitor.id),
        operator=await channels.operator(desk.database, visitor.id) if governs else None,
        governs=governs,
        log=log,
        before=log[-1].alert.id if len(log) == LOGGED else 0,
        state=state,
        counts=await alerts.counts(desk.database, visitor.id),
        looked_at=alert,
        attempts=await alerts.attempts(desk.database, visitor.id, alert) if alert else (),
    )


def number_of(words: str) -> int:
    """The number that an address names, or 0."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 19 else 0


def _meaning(desk: Desk, opened: Opened, told: tuple[ListedSubscription, ...]) -> subscriptions.Meaning | None:
    if opened.what not in ("change", "new") or opened.mistakes.keys() & set(rhythm_form.FIELDS):
        return None
    known = next((each for each in told if each.subscription.id == opened.number), None)
    return subscriptions.meaning(rhythm_form.wanted(opened.typed), desk.clock(), known)


@router.get("/subscriptions/meaning")
async def meaning(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """What a rhythm would do, in a sentence, while one chooses it."""
    said = rhythm_form.typed(request.query_params, visitor.wishes.zone)
    wrong = rhythm_form.mistakes(said)
    meant = None if wrong else subscriptions.meaning(rhythm_form.wanted(said), desk.clock())
    return page(request, visitor, "parts/meaning.html", meaning=meant, wrong=list(wrong.values()))
