"""What comes in, as it does: server-sent events of new statements and edits, for programs and for pages.

    id: 4711                          the version; sent back as Last-Event-ID, it goes on behind it
    event: statement                  or edit
    data: {"id": 812, ...}            as /api/v1/items has it, in one line

https://html.spec.whatwg.org/multipage/server-sent-events.html. A stream ends by itself after five minutes, or when the
process does, and whoever follows asks again, as browsers do: so nobody whose session or token has ended follows longer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from presswatch import representations
from presswatch.actions import news
from presswatch.web.api.asking import ROOT, Reader, TheDesk
from storage.types import Item

EVERY, LASTS = 2.0, 300.0
"""Seconds between two looks, and that a stream lasts."""
AGAIN = 3_000
"""Milliseconds after which a browser asks again."""

TOLD = {
    "responses": {
        "200": {
            "description": "A stream that goes on for five minutes",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'id: 4711\nevent: statement\ndata: {"id": 812, "title": "The bridge is open"}\n\n',
                }
            },
        }
    }
}
"""What OpenAPI 3.1 can say of it."""

router = APIRouter()

After = Annotated[
    str, Query(description="The version that was heard last, where no header can be sent.", examples=["4711"])
]


@router.get("/events", response_class=EventSourceResponse, include_in_schema=False)
@router.get(f"{ROOT}/events", response_class=EventSourceResponse, tags=["events"], openapi_extra=TOLD)
async def events(
    request: Request,
    _: Reader,
    desk: TheDesk,
    last_event_id: Annotated[str, Header(examples=["4711"])] = "",
    after: After = "",
) -> AsyncIterator[ServerSentEvent]:
    """New statements and edits from now on, or behind the version that was heard last."""
    heard = last_event_id or after
    known = int(heard) if heard.isascii() and heard.isdigit() and len(heard) < 19 else await news.newest(desk.database)
    yield ServerSentEvent(comment="from now on", retry=AGAIN)
    leaving: asyncio.Event = request.app.state.leaving
    end = asyncio.get_running_loop().time() + LASTS
    while asyncio.get_running_loop().time() < end and not leaving.is_set():
        for item in await news.since(desk.database, known):
            known = item.version.id
            yield _event(item)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(leaving.wait(), EVERY)


def _event(item: Item) -> ServerSentEvent:
    said = json.dumps(representations.item(item), default=representations.plain, ensure_ascii=False)
    kind = "edit" if item.version.number > 1 else "statement"
    return ServerSentEvent(raw_data=said, event=kind, id=str(item.version.id))
