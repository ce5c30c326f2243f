"""The editor of a topic: left what one decides, right what it would do."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from presswatch.actions import topics
from presswatch.actions.topics import ChangedMeanwhileError
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.editor import editor, tried_out, values_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, QueryError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/topics/new")
async def new(request: Request, desk: CurrentDesk, visitor: Reader, name: str = "", query: str = "") -> Response:
    """An editor for a new topic, with a query that may come from elsewhere."""
    return await editor(request, desk, visitor, None, name, query)


@router.post("/topics/new")
async def add(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Save a new topic."""
    form = await form_of(request)
    name, query = _written(form)
    try:
        topic = await topics.add(desk.database, visitor.id, name, query)
    except (InvalidInputError, QueryError) as error:
        return await editor(request, desk, visitor, None, name, query, error)
    return RedirectResponse(f"/topics/{topic.id}", 303)


@router.post("/topics/try")
async def leads_to_trial(request: Request, visitor: Reader) -> Response:
    """To the editor with what was written, at an address that can be sent to a colleague. Nothing is saved."""
    form = await form_of(request)
    name, query = _written(form)
    return RedirectResponse(f"/topics/{_number(form) or 'new'}?{urlencode({'name': name, 'query': query})}", 303)


@router.get("/topics/trial")
async def trial(
    request: Request, desk: CurrentDesk, visitor: Reader, query: str = "", number: str = "", name: str = ""
) -> Response:
    """The right side alone, while one writes; where the query cannot be used, only why: the figures stay."""
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    tried, mistake = await tried_out(desk, visitor, known, query)
    values = values_of(name, query, tried, mistake) | {"place": f"/topics/{known or 'new'}", "swapped": True}
    answer = page(request, visitor, "parts/trial_and_said.html", **values)
    if mistake:
        answer.headers["HX-Reswap"] = "none"
    return answer


@router.get("/topics/{number}")
async def edit(
    request: Request,
    desk: CurrentDesk,
    visitor: Reader,
    number: Number,
    name: str | None = None,
    query: str | None = None,
) -> Response:
    """A topic's editor. A number that it had leads to the one that it has."""
    topic = await topics.numbered(desk.database, visitor.id, number)
    if topic.id != number:
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/topics/{topic.id}{asked}", 303)
    return await editor(request, desk, visitor, topic, name or topic.name, topic.query if query is None else query)


@router.post("/topics/{number}")
async def save(request: Request, desk: CurrentDesk, visitor: Follower, number: Number) -> Response:
    """Give it another query or name, unless somebody else did meanwhile: then that is told first."""
    name, query = _written(await form_of(request))
    try:
        topic = await topics.save(desk.database, visitor.id, number, name, query)
    except ChangedMeanwhileError as error:
        return await editor(request, desk, visitor, error.topic, name, query, error)
    except (InvalidInputError, QueryError) as error:
        known = await topics.numbered(desk.database, visitor.id, number)
        return await editor(request, desk, visitor, known, name, query, error)
    return RedirectResponse(f"/topics/{topic.id}", 303)


def _written(form: FormData) -> tuple[str, str]:
    name, query = (str(form.get(field, "")) for field in ("name", "query"))
    return name.strip(), " ".join(query.split())


def _number(form: FormData) -> str:
    number = str(form.get("number", ""))
    return number if number.isascii() and number.isdigit() else ""
