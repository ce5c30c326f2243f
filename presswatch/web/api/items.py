"""Statements: what they say and said, and why they meet a topic."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from presswatch import representations
from presswatch.actions import evidence, history, items, statements
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import LARGEST, Asked, Limit, Number, OfTopic, Reader, Start, TheDesk, before, next_of
from presswatch.web.api.asking import router as routes_of

router = routes_of("items")


@router.get("/items", response_model=shapes.Page[shapes.Item])
async def newest(request: Request, _: Reader, desk: TheDesk, start: Start = "", limit: Limit = 50) -> Response:
    """The statements that were stored last, the newest first."""
    found = await items.newest(desk.database, limit, before(start))
    return listed(request, [representations.item(each) for each in found], next_of([each.id for each in found], limit))


@router.get("/items/{number}", response_model=shapes.WholeItem)
async def show(
    request: Request, _: Reader, desk: TheDesk, number: Number, version: Annotated[int, Query(ge=0, le=LARGEST)] = 0
) -> Response:
    """One statement, with the text of its newest version, or of the one that is named."""
    shown = await items.show(desk.database, number, version or None)
    return answer(
        request, representations.shown_item(shown.item, shown.version, shown.versions, shown.sections, shown.states)
    )


@router.get("/items/{number}/versions", response_model=shapes.Page[shapes.Version])
async def versions(request: Request, _: Reader, desk: TheDesk, number: Number) -> Response:
    """What a statement said, the first version first."""
    shown = await items.show(desk.database, number)
    return listed(request, [representations.version_of_item(each) for each in shown.versions])


@router.get("/items/{number}/evidence", response_model=shapes.Page[shapes.Record])
async def proof(request: Request, _: Reader, desk: TheDesk, number: Number) -> Response:
    """What proves that a statement said so, record by record. `/statements/{number}/evidence.zip` has them."""
    found = await evidence.records(desk.database, number)
    return listed(request, [representations.record(each) for each in found])


VersionNumber = Annotated[int, Query(ge=1, le=LARGEST)]


@router.get("/items/{number}/diff", response_model=shapes.Diff)
async def diff(
    request: Request,
    _: Reader,
    desk: TheDesk,
    number: Number,
    before: VersionNumber = 1,
    after: VersionNumber = 2,
) -> Response:
    """What the later of two versions says otherwise, word by word."""
    shown = await statements.difference(desk.database, number, before, after)
    return answer(request, representations.diff(shown.before, shown.after, shown.diff))


@router.get("/items/{number}/why", response_model=shapes.Verdict)
async def why(
    request: Request, visitor: Reader, desk: TheDesk, number: Number, query: Asked = "", topic: OfTopic = ""
) -> Response:
    """Why a statement meets a query or a topic, or why not, clause by clause; and what became of it."""
    if topic:
        await history.query_of(desk.database, visitor.id, query, topic)
    told = await items.why(desk.database, visitor.id, number, topic or query)
    return answer(request, representations.verdict(told.item.id, told.query, told.outcome, told.explanation))


@router.get("/stories/{number}", response_model=shapes.Page[shapes.Item])
async def story(request: Request, _: Reader, desk: TheDesk, number: Number) -> Response:
    """The statements that say the same thing: editions, reposts. The first one that was seen comes first."""
    found = await items.of_story(desk.database, number)
    return listed(request, [representations.item(each) for each in found])
