"""What one has read and keeps: marks, notes, and the collections that one may read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import items, kept
from presswatch.web.defence import form_of, own_path
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Number = Annotated[int, Path(ge=1, le=2**53)]
EACH = 50


@router.get("/kept")
async def kept_page(request: Request, desk: CurrentDesk, visitor: Reader, before: str = "") -> Response:
    """What one keeps, and the collections that one may read."""
    return await _kept(request, desk, visitor, before)


async def _kept(
    request: Request, desk: Desk, visitor: Visitor, before: str = "", *, name: str = "", mistake: str = ""
) -> Response:
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = await kept.listing(desk.database, visitor.id, EACH, start)
    return page(
        request,
        visitor,
        "kept.html",
        status=422 if mistake else 200,
        kept=found,
        collections=await kept.collections(desk.database, visitor.id),
        next_before=found[-1].id if len(found) == EACH else 0,
        name=name,
        mistake=mistake,
    )


@router.post("/collections")
async def make(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Make a collection."""
    name = str((await form_of(request)).get("name", ""))
    try:
        made = await kept.make_collection(desk.database, visitor.id, name)
    except InvalidInputError as error:
        return await _kept(request, desk, visitor, name=name, mistake=f"{error}: {error.mend}")
    return RedirectResponse(f"/collections/{made.id}", 303)


@router.get("/statements/{item}/keep")
async def keep_page(request: Request, desk: CurrentDesk, visitor: Reader, item: Number) -> Response:
    """Where one says why one keeps a statement."""
    own = await kept.own(desk.database, visitor.id, item)
    note = own.kept.note if own.kept else ""
    return await _keep(request, desk, visitor, item, note, own.holding)


async def _keep(
    request: Request, desk: Desk, visitor: Visitor, item: int, note: str, holding: frozenset[int], mistake: str = ""
) -> Response:
    shown = await items.show(desk.database, item)
    own = await kept.own(desk.database, visitor.id, item)
    told = {"shown": shown, "own": own, "note": note, "holding": holding, "mistake": mistake}
    return page(request, visitor, "keep.html", status=422 if mistake else 200, **told)


@router.post("/statements/{item}/keep")
async def keep(request: Request, desk: CurrentDesk, visitor: Reader, item: Number) -> Response:
    """Keep it, or change its note and its collections."""
    form = await form_of(request)
    note = str(form.get("note", ""))
    within = frozenset(int(each) for each in map(str, form.getlist("within")) if each.isascii() and each.isdigit())
    try:
        await kept.keep(desk.database, visitor.id, item, note, sorted(within))
    except InvalidInputError as error:
        return await _keep(request, desk, visitor, item, note, within, f"{error}: {error.mend}")
    return RedirectResponse(f"/statements/{item}", 303)


@router.post("/statements/{item}/let-go")
async def let_go(request: Request, desk: CurrentDesk, visitor: Reader, item: Number) -> Response:
    """Keep it no longer."""
    form = await form_of(request)
    await kept.let_go(desk.database, visitor.id, item)
    return RedirectResponse(own_path(str(form.get("next", "/kept"))), 303)


@router.post("/read")
async def read(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Mark statements as read, or as unread."""
    form = await form_of(request)
    numbers = [int(each) for each in str(form.get("items", "")).split(",") if each.isascii() and each.isdigit()]
    act = kept.unmark if form.get("unread") else kept.mark
    await act(desk.database, visitor.id, [number for number in numbers[:500] if number < 2**53])
    return RedirectResponse(own_path(str(form.get("next", "/"))), 303)
