"""How a client reaches the tools: over standard input and output, or over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def over_stdio(served: Server[Any]) -> None:
    """Answer what comes in as lines of JSON, until the input ends; nothing else is printed."""
    async with stdio_server() as (read, write):
        await served.run(read, write, served.create_initialization_options())


async def over_http(served: Server[Any], scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request (ASGI), with JSON. Nothing is kept between two: whoever asks shows his token again."""
    requests = StreamableHTTPSessionManager(served, json_response=True, stateless=True)
    async with requests.run():
        await requests.handle_request(scope, receive, send)
