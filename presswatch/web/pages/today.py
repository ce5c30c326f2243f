"""Today: what is new, by topic, by country or by time, and the bar that says that more has come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import health
from presswatch.actions import today as days
from presswatch.actions.first_steps import first_steps
from presswatch.actions.today import View
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError
from storage.types import Role

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]


@router.get("/")
async def today(
    request: Request, desk: CurrentDesk, visitor: Reader, day: str = "", by: str = "", before: str = ""
) -> Response:
    """A day: the present one, or the one that is named."""
    wished = View(visitor.wishes.today)
    view = View(by) if by in list(View) else wished
    shown = await days.today(
        desk.database, visitor.id, visitor.wishes.zone, desk.clock(), day=_day(day), view=view, before=_number(before)
    )
    now = desk.clock().astimezone(ZoneInfo(visitor.wishes.zone))
    return page(
        request,
        visitor,
        "today.html",
        today=shown,
        views=View,
        wished=wished,
        steps=await first_steps(desk.database, visitor.id) if visitor.role is Role.OWNER else None,
        present_hour=now.hour,
        here=f"{request.url.path}?{request.url.query}" if request.url.query else "/",
        unread=[line.item.id for group in shown.groups for line in group.lines if not line.is_read],
        prev=shown.day - timedelta(days=1),
        next=shown.day + timedelta(days=1) if shown.is_over else None,
    )


@router.get("/today/new")
async def new(
    request: Request,
    desk: CurrentDesk,
    visitor: Reader,
    after: str = "",
    since: str = "",
    version: str = "",
    troubled: str = "",
) -> Response:
    """How many statements came in after an item, what was edited after a version or withdrawn since, and how many
    sources are in trouble if they are not as many as the page says: a part of the page.

    Nothing (204) while there is none.
    """
    at = _instant(since)
    number, changed = await days.newer(desk.database, desk.clock(), _number(after), _number(version), at)
    troubles = await health.troubles(desk.database)
    others = troubles if troubled and _number(troubled) != troubles else None
    if not number and not changed and others is None:
        return Response(status_code=204)
    return page(request, visitor, "parts/news.html", number=number, changed=changed, since=at, troubles_now=others)


@router.get("/today/rows")
async def rows(request: Request, desk: CurrentDesk, visitor: Reader, after: str = "", since: str = "") -> Response:
    """These statements, for who asked to be shown them; and from where the next question goes on."""
    lines, newest = await days.newer_lines(desk.database, visitor.id, desk.clock(), _number(after))
    return page(request, visitor, "parts/fresh.html", lines=lines, newest=newest, since=_instant(since))


def _day(words: str) -> date | None:
    try:
        found = date.fromisoformat(words) if words else None
    except ValueError:
        found = date.min
    if found is not None and not 1990 <= found.year <= 9000:
        raise InvalidInputError(f"there is no day {words!r} here", mend="write it as year-month-day: 2026-11-28")
    return found


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 16 else 0


def _instant(words: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    return found if found.tzinfo and 1990 <= found.year <= 9000 else None
