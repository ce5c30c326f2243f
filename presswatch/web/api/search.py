"""The history: which statements meet a query, and how they are spread."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from presswatch import representations
from presswatch.actions import history
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import Asked, Limit, OfTopic, Reader, Start, TheDesk
from presswatch.web.api.asking import router as routes_of
from storage.search.intervals import Interval
from storage.search.search import Order

router = routes_of("search")


@router.get("/search", response_model=shapes.FoundPage)
async def search(
    request: Request,
    visitor: Reader,
    desk: TheDesk,
    query: Asked = "",
    topic: OfTopic = "",
    order: Order = Order.NEWEST,
    start: Start = "",
    limit: Limit = 20,
) -> Response:
    """The statements that meet a query, or a topic's: the last stored first, or the best of the newest 2,000.

    Paging neither repeats nor leaves out a statement while others arrive.
    """
    wanted = await history.query_of(desk.database, visitor.id, query, topic)
    page = await history.search(desk.database, wanted, limit=limit, order=order, start=start)
    return listed(request, **representations.search_page(page))


@router.get("/search/facets", response_model=shapes.Facets)
async def facets(request: Request, visitor: Reader, desk: TheDesk, query: Asked = "", topic: OfTopic = "") -> Response:
    """How many of all statements that meet a query are of each source, country, language, month and topic."""
    wanted = await history.query_of(desk.database, visitor.id, query, topic)
    return answer(request, representations.facets(await history.spread(desk.database, visitor.id, wanted)))


@router.get("/search/histogram", response_model=shapes.Histogram)
async def histogram(
    request: Request,
    visitor: Reader,
    desk: TheDesk,
    query: Asked = "",
    topic: OfTopic = "",
    by: Interval = Interval.MONTH,
) -> Response:
    """How many statements meet a query in each day, week or month, until today."""
    wanted = await history.query_of(desk.database, visitor.id, query, topic)
    bars = await history.trend(desk.database, wanted, by)
    return answer(request, representations.histogram(by, bars))


@router.get("/coverage", response_model=shapes.Coverage)
async def coverage(
    request: Request,
    visitor: Reader,
    desk: TheDesk,
    days: Annotated[int, Query(ge=1, le=366, description="Until today.")] = 7,
    topic: OfTopic = "",
) -> Response:
    """How much each enabled source said on each of one's topics, or on one: who has not spoken has 0."""
    covered = await history.covered(desk.database, visitor.id, days, topic)
    return answer(request, representations.coverage(covered.days, covered.rows, covered.left_out))
