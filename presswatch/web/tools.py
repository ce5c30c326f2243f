"""The history as tools for programs with a language model: the Model Context Protocol over HTTP, with a token.

One address, one request for each message, and nothing kept between two of them. Where the extra `mcp` is missing, it
says so.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.types import Message, Receive, Scope, Send

from presswatch import mcp
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Forbidden, Permission, needs
from presswatch.web.visitor import TOOLS, Visitor
from storage.types import Scope as TokenScope

router = APIRouter()


@router.post(TOOLS, include_in_schema=False)
async def ask(
    request: Request,
    visitor: Annotated[Visitor, needs(Permission.READ, TokenScope.READ)],
    desk: Annotated[Desk, Depends(desk_of)],
) -> Response:
    """Answer a message of a client's, in the name of the token's user. Raises `SettingsError` without the extra."""
    request.app.state.programs.count(visitor)
    if request.headers.get("Origin", desk.address) != desk.address:  # a page of somebody else's (the protocol asks it)
        raise Forbidden
    mcp.require()
    return _Answer(desk, visitor.id, await request.body())


class _Answer(Response):
    """What the protocol answers to a message. Its body was read before, within the bounds of every body."""

    def __init__(self, desk: Desk, owner: int, sent: bytes) -> None:
        super().__init__()
        self._desk = desk
        self._owner = owner
        self._sent = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read: list[Message] = [{"type": "http.request", "body": self._sent, "more_body": False}]

        async def received() -> Message:
            return read.pop() if read else await receive()

        for module in ("presswatch.mcp.server", "presswatch.mcp.streams"):  # heavy, and this is the loop that polls
            await asyncio.to_thread(import_module, module)
        from presswatch.mcp.server import server
        from presswatch.mcp.streams import over_http

        await over_http(server(self._desk.database, self._owner), scope, received, send)
