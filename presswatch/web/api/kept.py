"""What one has read and keeps, and the collections that one may read."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import kept
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import LARGEST, ROOT, Limit, Number, Reader, Sent, Start, TheDesk, before, next_of
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.visitor import Visitor

router = routes_of("kept")

RowNumber = Annotated[int, Field(ge=1, le=LARGEST)]


class Marks(Sent):
    """Statements that one has read, or no longer."""

    items: Annotated[tuple[RowNumber, ...], Field(max_length=1000, examples=[[52, 53]])]
    read: bool = True


class Keeping(Sent):
    """Why one keeps a statement, and in which of one's own collections; null: in those that it is in."""

    note: Annotated[str, Field(examples=["for the weekly review"])] = ""
    collections: Annotated[tuple[RowNumber, ...] | None, Field(max_length=1000, examples=[[2]])] = None


class NewCollection(Sent):
    """A collection to be made."""

    name: Annotated[str, Field(max_length=200, examples=["Border treaty"])]


class Sharing(Sent):
    """Whether the desk may read it."""

    shared: bool


@router.post("/read", response_model=shapes.Marked)
async def mark(request: Request, visitor: Reader, desk: TheDesk, sent: Marks) -> Response:
    """Mark statements as read as they are now, or as unread; an edit makes one unread by itself."""
    await (kept.mark if sent.read else kept.unmark)(desk.database, visitor.id, sent.items)
    return answer(request, {"items": list(sent.items), "read": sent.read})


@router.get("/kept", response_model=shapes.Page[shapes.Kept])
async def every(request: Request, visitor: Reader, desk: TheDesk, start: Start = "", limit: Limit = 50) -> Response:
    """What one keeps, the last one first."""
    found = await kept.listing(desk.database, visitor.id, limit, before(start))
    return listed(request, [representations.kept(each) for each in found], next_of([each.id for each in found], limit))


@router.get("/kept/{number}", response_model=shapes.Own)
async def show(request: Request, visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """What a statement is to one: whether one has read it as it is now, and keeps it."""
    return answer(request, await _own(desk, visitor, number))


@router.put("/kept/{number}", response_model=shapes.Own)
async def keep(request: Request, visitor: Reader, desk: TheDesk, number: Number, sent: Keeping) -> Response:
    """Keep a statement with a note, or change its note and its collections."""
    async with as_seen(request, partial(_own, desk, visitor, number)):
        await kept.keep(desk.database, visitor.id, number, sent.note, sent.collections)
    return answer(request, await _own(desk, visitor, number))


@router.delete("/kept/{number}", status_code=204)
async def let_go(request: Request, visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """Keep a statement no longer, in no collection either."""
    async with as_seen(request, partial(_own, desk, visitor, number)):
        await kept.let_go(desk.database, visitor.id, number)
    return gone()


@router.get("/collections", response_model=shapes.Page[shapes.Collection])
async def collections(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """The collections that one may read: one's own first, then those that others share."""
    found = await kept.collections(desk.database, visitor.id)
    return listed(request, [representations.collection(each, visitor.id) for each in found])


@router.post("/collections", status_code=201, response_model=shapes.Collection)
async def make(request: Request, visitor: Reader, desk: TheDesk, sent: NewCollection) -> Response:
    """Make a collection."""
    collection = await kept.make_collection(desk.database, visitor.id, sent.name)
    return made(request, representations.collection(collection, visitor.id), f"{ROOT}/collections/{collection.id}")


@router.get("/collections/{number}", response_model=shapes.Collection)
async def collection(request: Request, visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """One collection, without its statements."""
    return answer(request, await _collection(desk, visitor, number))


@router.get("/collections/{number}/items", response_model=shapes.Page[shapes.Kept])
async def content(
    request: Request, visitor: Reader, desk: TheDesk, number: Number, start: Start = "", limit: Limit = 50
) -> Response:
    """The statements of a collection with its owner's notes, the last one kept first."""
    _, found = await kept.collection(desk.database, visitor.id, number, limit, before(start))
    return listed(request, [representations.kept(each) for each in found], next_of([each.id for each in found], limit))


@router.patch("/collections/{number}", response_model=shapes.Collection)
async def share(request: Request, visitor: Reader, desk: TheDesk, number: Number, sent: Sharing) -> Response:
    """Let the desk read one's own collection, or oneself alone."""
    async with as_seen(request, partial(_collection, desk, visitor, number)):
        await kept.share(desk.database, visitor.id, number, sent.shared)
    return answer(request, await _collection(desk, visitor, number))


@router.delete("/collections/{number}", status_code=204)
async def remove(request: Request, visitor: Reader, desk: TheDesk, number: Number) -> Response:
    """Take one's own collection apart; what was in it stays kept."""
    async with as_seen(request, partial(_collection, desk, visitor, number)):
        await kept.remove_collection(desk.database, visitor.id, number)
    return gone()


async def _own(desk: Desk, visitor: Visitor, number: int) -> JSON:
    own = await kept.own(desk.database, visitor.id, number)
    return representations.own(number, own.is_read, own.kept, own.holding)


async def _collection(desk: Desk, visitor: Visitor, number: int) -> JSON:
    found, _ = await kept.collection(desk.database, visitor.id, number, limit=1)
    return representations.collection(found, visitor.id)
