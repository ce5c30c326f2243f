"""What was found as a file, sent while it is written."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from presswatch.actions import exports, searches
from presswatch.formats.kinds import Format
from presswatch.web.asked import AskedFor
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor
from storage.database import Database

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

TYPES: Mapping[str, str] = MappingProxyType(
    {
        Format.CSV: "text/csv; charset=utf-8",
        Format.NDJSON: "application/x-ndjson",
        Format.JSON: "application/json",
        Format.MARKDOWN: "text/markdown; charset=utf-8",
    }
)
PIECE = 64 * 1024
"""Bytes that are written, read and sent at once."""


@router.get("/search/export.{kind}")
async def export(desk: CurrentDesk, visitor: Reader, wanted: AskedFor, kind: Format) -> Response:
    """All that was found, as a file. Raises `QueryError`."""
    query = await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    name = f"presswatch-{desk.clock():%Y-%m-%d}.{kind.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces(desk.database, query, kind), media_type=TYPES[kind], headers=headers)


async def pieces(database: Database, query: str, kind: Format) -> AsyncIterator[bytes]:
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

        exporting = asyncio.create_task(exports.export(database, query, kind, write))
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
