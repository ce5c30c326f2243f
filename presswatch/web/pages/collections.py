"""A collection of kept statements: a page, a file, a feed; shared with the desk by its owner."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import kept
from presswatch.formats.kinds import FeedFormat, Format
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import NotFoundError
from storage.types import Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Number = Annotated[int, Path(ge=1, le=2**53)]

EACH = 50
FILES: Mapping[Format, str] = MappingProxyType(
    {
        Format.CSV: "text/csv; charset=utf-8",
        Format.NDJSON: "application/x-ndjson",
        Format.JSON: "application/json",
        Format.MARKDOWN: "text/markdown; charset=utf-8",
    }
)
FEEDS: Mapping[FeedFormat, str] = MappingProxyType(
    {
        FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
        FeedFormat.RSS: "application/rss+xml; charset=utf-8",
        FeedFormat.JSON: "application/feed+json",
    }
)


@router.get("/collections/{number}")
async def collection(
    request: Request, desk: CurrentDesk, visitor: Reader, number: Number, before: str = ""
) -> Response:
    """A collection of one's own, or one that is shared."""
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    shown, found = await kept.collection(desk.database, visitor.id, number, EACH, start)
    onward = found[-1].id if len(found) == EACH else 0
    return page(
        request,
        visitor,
        "collection.html",
        collection=shown,
        kept=found,
        next_before=onward,
        files=Format,
        feeds=FeedFormat,
    )


@router.post("/collections/{number}/share")
async def share(request: Request, desk: CurrentDesk, visitor: Reader, number: Number) -> Response:
    """Let the desk read it, or its owner alone."""
    form = await form_of(request)
    await kept.share(desk.database, visitor.id, number, form.get("shared") == "yes")
    return RedirectResponse(f"/collections/{number}", 303)


@router.get("/collections/{number}/remove")
async def remove_page(request: Request, desk: CurrentDesk, visitor: Reader, number: Number) -> Response:
    """What is lost with it."""
    shown, _ = await kept.collection(desk.database, visitor.id, number, limit=1)
    if shown.owner_id != visitor.id:
        raise NotFoundError("this collection is another one's", mend="its owner can remove it")
    return page(request, visitor, "collection_remove.html", collection=shown)


@router.post("/collections/{number}/remove")
async def remove(request: Request, desk: CurrentDesk, visitor: Reader, number: Number) -> Response:
    """Take it apart."""
    await form_of(request)
    await kept.remove_collection(desk.database, visitor.id, number)
    return RedirectResponse("/kept", 303)


@router.get("/collections/{number}/export.{kind}")
async def export(desk: CurrentDesk, visitor: Reader, number: Number, kind: Format) -> Response:
    """The collection as a file."""
    written = await kept.export_collection(desk.database, visitor.id, number, kind)
    name = f"attachment; filename=collection-{number}.{kind}"
    return Response(written, media_type=FILES[kind], headers={"Content-Disposition": name})


@router.get("/collections/{number}/feed.{kind}")
async def feed(
    desk: CurrentDesk,
    visitor: Annotated[Visitor, needs(Permission.READ, Scope.FEEDS)],
    number: Number,
    kind: FeedFormat,
) -> Response:
    """The collection as a feed."""
    return Response(await kept.collection_feed(desk.database, visitor.id, number, kind), media_type=FEEDS[kind])
