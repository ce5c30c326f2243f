"""What one sees taken along: as a file, or as a feed that a reader asks for with a private token."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from presswatch.actions import exports, searches, tokens
from presswatch.formats.kinds import FeedFormat, Format
from presswatch.web.api.answers import tagged
from presswatch.web.asked import Asked, AskedFor
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import FEEDS, Visitor
from storage.errors import InvalidInputError
from storage.types import Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Subscribed = Annotated[Visitor, needs(Permission.READ, Scope.FEEDS)]

TYPES: Mapping[str, str] = MappingProxyType(
    {
        Format.CSV: "text/csv; charset=utf-8",
        Format.NDJSON: "application/x-ndjson",
        Format.JSON: "application/json",
        Format.MARKDOWN: "text/markdown; charset=utf-8",
    }
)
FEED_TYPES: Mapping[str, str] = MappingProxyType(
    {
        FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
        FeedFormat.RSS: "application/rss+xml; charset=utf-8",
        FeedFormat.JSON: "application/feed+json",
    }
)
DAYS = 365
"""For so long the token of a feed holds."""
PIECE = 64 * 1024
"""Bytes that are written, read and sent at once."""


@router.get("/search/export.{as_}")
async def export(desk: CurrentDesk, visitor: Reader, wanted: AskedFor, as_: Format) -> Response:
    """All that was found, as a file. Raises `QueryError`."""
    query = await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    name = f"presswatch-{desk.clock():%Y-%m-%d}.{as_.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_pieces(desk, query, as_), media_type=TYPES[as_], headers=headers)


async def _pieces(desk: Desk, query: str, as_: Format) -> AsyncIterator[bytes]:
    """What an export writes, sent while it writes on.

    It goes through a file without a name: a reader who is slow keeps nobody from the database.
    """
    loop, written, waiting = asyncio.get_running_loop(), asyncio.Event(), bytearray()
    with tempfile.TemporaryFile(buffering=0) as file:

        def write(text: str) -> None:
            waiting.extend(text.encode(errors="replace"))
            if len(waiting) >= PIECE:
                flush()

        def flush() -> None:
            file.write(bytes(waiting))
            waiting.clear()
            loop.call_soon_threadsafe(written.set)

        exporting = asyncio.create_task(exports.export(desk.database, query, as_, write))
        exporting.add_done_callback(lambda _: written.set())
        sent = 0
        try:
            while True:
                is_done = exporting.done()
                if is_done and waiting:
                    flush()
                while piece := os.pread(file.fileno(), PIECE, sent):
                    sent += len(piece)
                    yield piece
                if is_done:
                    break
                written.clear()
                if not exporting.done():
                    await written.wait()
            await exporting  # what went wrong meanwhile ends the answer before its time
        finally:
            exporting.cancel()
            await asyncio.wait({exporting})


@router.get(FEEDS + "{as_}")
async def feed(request: Request, desk: CurrentDesk, visitor: Subscribed, wanted: AskedFor, as_: FeedFormat) -> Response:
    """The newest statements that meet a query, or that nothing is new (304). Raises `QueryError`."""
    if visitor.token is not None:
        request.app.state.programs.count(visitor)
    query = await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    title = " · ".join(filter(None, ("presswatch", *wanted.wanted.topics, wanted.wanted.query)))
    written = await exports.feed(desk.database, query, title, as_)
    return tagged(request, written.encode(errors="replace"), FEED_TYPES[as_])


@router.get("/search/feed.{as_}")
async def feed_page(
    request: Request, desk: CurrentDesk, visitor: Follower, wanted: AskedFor, as_: FeedFormat
) -> Response:
    """Where a feed gets its address. Raises `QueryError`."""
    await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    name = _name(wanted, as_)
    return page(request, visitor, "feed.html", asked=wanted, as_=as_, name=name, mistake="", address="", days=DAYS)


@router.post("/search/feed.{as_}")
async def feed_address(
    request: Request, desk: CurrentDesk, visitor: Follower, wanted: AskedFor, as_: FeedFormat
) -> Response:
    """Make a token for one feed. Its address is shown once, so that this answers with a page."""
    form = await form_of(request)
    name = str(form.get("name", ""))
    await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    told: dict[str, Any] = {"asked": wanted, "as_": as_, "name": name, "days": DAYS}
    try:
        made = await tokens.add(desk.database, visitor.id, visitor.actor, name, {Scope.FEEDS}, DAYS)
    except InvalidInputError as error:
        return page(request, visitor, "feed.html", status=422, mistake=f"{error}: {error.mend}", address="", **told)
    address = desk.address + wanted.at(f"{FEEDS}{as_.value}", token=made.secret)
    return page(request, visitor, "feed.html", mistake="", address=address, **told)


def _name(wanted: Asked, as_: FeedFormat) -> str:
    """What a feed's token is called, if nobody says otherwise."""
    said = " ".join((*wanted.wanted.topics, wanted.wanted.query)) or "all that was chosen"
    return f"{as_.value}: {''.join(sign for sign in said if sign.isprintable())}"[:80]
