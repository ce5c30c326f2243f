"""A day as the first page shows it: what is new, by topic, country or time, and what became of what was there."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response

from presswatch import representations
from presswatch.actions import today as days
from presswatch.actions.day_lines import Group, Line
from presswatch.actions.today import Changed, View
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer
from presswatch.web.api.asking import Reader, Start, TheDesk, before
from presswatch.web.api.asking import router as routes_of
from storage.errors import InvalidInputError

router = routes_of("items")

FIRST, LAST = date(1990, 1, 1), date(2999, 12, 31)
Day = Annotated[date | None, Query(description="In one's own zone; the present one if none is named.")]


@router.get("/today", response_model=shapes.Today)
async def today(
    request: Request, visitor: Reader, desk: TheDesk, day: Day = None, by: View = View.TOPIC, start: Start = ""
) -> Response:
    """A day: its statements by topic, country or time, what was edited or withdrawn, and what one was told.

    Of each group the last ones are shown; by time there are further pages.
    """
    if day and not FIRST <= day <= LAST:
        raise InvalidInputError(f"there is no day {day} here", mend="name one such as 2026-11-28")
    seen = await days.today(
        desk.database, visitor.id, visitor.wishes.zone, desk.clock(), day=day, view=by, before=before(start) or 0
    )
    told = {
        "day": seen.day,
        "over": seen.is_over,
        "statements": seen.statements,
        "ministries": seen.ministries,
        "silent": seen.silent,
        "hours": seen.hours,
        "edited": seen.edited,
        "withdrawn": seen.withdrawn,
        "groups": [_group(each) for each in seen.groups],
        "changed": [_changed(each) for each in seen.changed],
        "alerts": {"sent": seen.alerts.sent, "waiting": seen.alerts.waiting, "next_at": seen.alerts.next_at},
        "next": str(seen.next_before) if seen.next_before else None,
    }
    return answer(request, told)


def _group(group: Group) -> JSON:
    return {
        "name": group.name or None,
        "query": group.query or None,
        "stories": group.stories,
        "statements": group.statements,
        "data": [_line(each) for each in group.lines],
    }


def _line(line: Line) -> JSON:
    return representations.item(line.item) | {
        "hits": [asdict(each) for each in line.hits],
        "topics": list(line.topics),
        "also": [other.id for other in line.also],
        "read": line.is_read,
    }


def _changed(change: Changed) -> JSON:
    return representations.item(change.item) | {
        "at": change.at,
        "added": change.diff.added if change.diff else None,
        "removed": change.diff.removed if change.diff else None,
    }
