"""Search: the query and its mistake, what it found, how that is spread, and by what it can be narrowed."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import aliases, searches, topics
from presswatch.actions.searches import Found, Mistake
from presswatch.web.asked import Asked, AskedFor, Typed
from presswatch.web.charts import chart, spans
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, NotFoundError, QueryError
from storage.search.facets import Facets

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

LIMIT = 25
FACETS = ("country", "topics", "language", "source")
"""By what one can narrow, as `Wanted` calls it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What there is to show: what was found, for which query and how fast; or why that is not what was typed."""

    asked: Asked
    found: Found | None = None
    milliseconds: int = 0
    mistake: Mistake | None = None
    of_choice: InvalidInputError | None = None
    """Why what was chosen beside the query cannot be."""


@router.get("/search")
async def search(
    request: Request, desk: CurrentDesk, visitor: Reader, asked: AskedFor, start: str = "", last: Typed = ""
) -> Response:
    """What meets a query. Of one that cannot be read, its mistake, and what the last readable one found."""
    if asked.wanted.is_nothing:
        saved = await topics.listing(desk.database, visitor.id)
        return page(request, visitor, "search_begin.html", topics=saved, asked=asked)
    today = visitor.day(desk.clock())
    answered = await _answer(desk, visitor, asked, start, last)
    days = answered.found.bars if answered.found else ()
    return page(
        request,
        visitor,
        "search.html",
        asked=asked,
        answered=answered,
        facets=[(field, _counted(answered.found.spread, field)) for field in FACETS] if answered.found else [],
        charts=[("broad", chart(spans(days, today, 24), 960)), ("narrow", chart(spans(days, today, 8), 360))],
    )


async def _answer(desk: Desk, visitor: Visitor, asked: Asked, start: str, last: str) -> Answered:
    began = perf_counter()
    try:
        found = await searches.find(
            desk.database,
            visitor.id,
            asked.wanted,
            visitor.day(desk.clock()),
            limit=LIMIT,
            order=asked.order,
            start=start,
        )
        return Answered(asked, found, round(1000 * (perf_counter() - began)))
    except InvalidInputError as error:
        return Answered(asked, of_choice=error)
    except QueryError as error:
        mistake = searches.mistake(desk.database.packs, asked.wanted.query)
        mistake = mistake or Mistake(asked.wanted.query, None, str(error), error.mend)
    if last and last != asked.wanted.query:
        readable = await _answer(desk, visitor, asked.asking(last), "", "")
        return Answered(readable.asked, readable.found, readable.milliseconds, mistake)
    return Answered(asked, mistake=mistake)


@router.get("/search/check")
async def check(request: Request, desk: CurrentDesk, visitor: Reader, q: Typed = "") -> Response:
    """What is wrong with a query while one types it, or what its aliases stand for: a part of the page."""
    packs = desk.database.packs
    mistake = searches.mistake(packs, q) if q.strip() else None
    return page(
        request,
        visitor,
        "parts/checked.html",
        mistake=mistake,
        packs=await aliases.named_in(desk.database, q),
        asked=None,
    )


@router.get("/search/all/{field}")
async def all_of(request: Request, desk: CurrentDesk, visitor: Reader, asked: AskedFor, field: str) -> Response:
    """Everything by which a search can be narrowed in one respect."""
    if field not in FACETS:
        raise NotFoundError("that is nothing by which a search can be narrowed")
    found = await searches.find(desk.database, visitor.id, asked.wanted, visitor.day(desk.clock()), limit=1)
    counted = _counted(found.spread, field)
    return page(request, visitor, "facet.html", asked=asked, field=field, counted=counted, names=found.source_names)


def _counted(spread: Facets, field: str) -> dict[str, int]:
    """How many there are of each, the most first. What is not known of a statement narrows nothing."""
    counted = {
        "country": spread.countries, "topics": spread.topics, "language": spread.languages, "source": spread.sources
    }  # fmt: skip
    return {value: number for value, number in counted[field].items() if value}
