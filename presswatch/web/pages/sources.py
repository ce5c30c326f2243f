"""Whom the desk watches, the worst first: how each section is, since when, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from presswatch.actions import source_overview
from presswatch.actions.source_overview import Order, View, by_country, worst_first
from presswatch.web import look_form
from presswatch.web.desk import Desk, desk_of
from presswatch.web.looks import Look, Looks
from presswatch.web.pages.signing_in import zones
from presswatch.web.pages.subscriptions import number_of
from presswatch.web.policy import GRANTED, Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import PresswatchError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Opened:
    """The look that stands open on the page, what was typed there, and what is wrong with that."""

    look: Look | None = None
    typed: Mapping[str, str] = field(default_factory=lambda: look_form.typed({}, look_form.ASKED))
    mistakes: Mapping[str, PresswatchError] = field(default_factory=dict)
    refused: bool = False
    """Whether a form was sent that cannot be taken as it stands."""
    is_gone: bool = False
    """Whether the look is held no more."""


@router.get("/sources")
async def every(
    request: Request,
    desk: CurrentDesk,
    visitor: Reader,
    view: str = "",
    by: str = "",
    start: Start = 0,
    look: str = "",
    address: str = "",
) -> Response:
    """Those that are watched, those in trouble, or all that are known; and a look, for those who edit."""
    opened = Opened(typed=look_form.typed({"address": address}, look_form.ASKED))
    if look:
        opened = _opened(looks_of(request).find(visitor.id, number_of(look)))
    if look and request.headers.get("HX-Request"):
        return _step(request, visitor, opened)
    return await with_opened(request, desk, visitor, opened, view, by, start)


def _opened(look: Look | None) -> Opened:
    if look is None:
        return Opened(is_gone=True)
    said = look_form.asked_of(look.wanted)
    if look.proposal is not None:
        return Opened(look, said | look_form.whose_of(look.proposal.spec))
    return Opened(look, said, {"address": look.mistake} if look.mistake is not None else {})


def _step(request: Request, visitor: Visitor, opened: Opened) -> Response:
    """While somebody waits, what is asked now; then all of what came of it, in the place of the form."""
    if opened.look is not None and not opened.look.is_over:
        return page(request, visitor, "parts/look_step.html", opened=opened)
    answer = page(request, visitor, "parts/look.html", opened=opened, zones=zones())
    answer.headers.update({"HX-Retarget": "#look", "HX-Reswap": "outerHTML"})
    return answer


async def with_opened(
    request: Request, desk: Desk, visitor: Visitor, opened: Opened, view: str = "", by: str = "", start: int = 0
) -> Response:
    """The page with a look open on it; 422 where a form was refused."""
    chosen, order = chosen_of(view), order_of(by)
    now, zone = desk.clock(), visitor.wishes.zone
    return page(
        request,
        visitor,
        "sources.html",
        status=422 if opened.refused else 200,
        shown=await source_overview.overview(desk.database, zone, now, chosen, order, start),
        views=View,
        view=chosen,
        by_country=order is by_country,
        start=start,
        opened=opened,
        zones=zones(),
        edits=Permission.EDIT in GRANTED[visitor.role],
    )


def chosen_of(view: str) -> View:
    """The view that an address names."""
    return View(view) if view in list(View) else View.WATCHED


def order_of(by: str) -> Order:
    """The order that an address names."""
    return by_country if by == "country" else worst_first


def looks_of(request: Request) -> Looks:
    """The looks that are held."""
    held: Looks = request.app.state.looks
    return held
