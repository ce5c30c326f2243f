"""A proxy on loopback for the browser: it connects where the guard allows it, and nowhere else.

A browser opens its own sockets, which no hook of this process sees. Through a proxy every connection of a page is ours:
the name is resolved here, and only an address that is permitted is connected to. What goes over it is not read: https
stays between the browser and the site. One connection serves one request, so that none is carried to another host.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

from storage.connection_guard import AddressPolicy
from storage.errors import AddressRefusedError

HEAD = 64 * 1024
"""Bytes of a request's head that are read at most."""

CONNECTING = 15.0
"""Seconds until a connection counts as one that does not come."""

MOST = 20 * 1024 * 1024
"""Bytes that one connection brings at most."""

PIECE = 64 * 1024
REMEMBERED = 1000


class GuardingProxy:
    """Serves on a free port of loopback until it is closed."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._refused: dict[str, float] = {}
        self._policy = policy
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Serve; return the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """End all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving, timeout=1.0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # the browser sees that the connection is gone, and says so
        except asyncio.CancelledError:
            pass
        finally:
            self._serving.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.partition("\r\n")[0].split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"https://{target}" if tunnel else target)
        if not parts.hostname or (not tunnel and parts.scheme != "http"):
            raise ValueError(f"a request to nowhere: {target!r}")
        port = parts.port or (443 if tunnel else 80)
        there, out = await self._connected(parts.hostname, port)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                out.write(_as_origin(head, parts.path or "/", parts.query).encode("latin-1"))
            await _until_one_ends(_carry(reader, out), _carry(there, writer))
        finally:
            out.close()

    async def _connected(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to one of the host's addresses that are permitted. Raises `OSError`, `TimeoutError`."""
        async with asyncio.timeout(CONNECTING):
            loop = asyncio.get_running_loop()
            try:
                self._policy.check_host(host, port)
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                addresses = [str(one[4][0]) for one in found if self._policy.permits(str(one[4][0]), port)]
                if not addresses:
                    raise AddressRefusedError(f"{host} is not to be connected to")
            except AddressRefusedError as error:
                self._note_refused(host)
                raise OSError(str(error)) from error
            return await asyncio.open_connection(addresses[0], port, limit=PIECE)

    def refused_since(self, began: float) -> str:
        """A host that was not connected to since then (seconds, monotonic), or nothing."""
        return next((host for host, at in reversed(self._refused.items()) if at >= began), "")

    def _note_refused(self, host: str) -> None:
        if len(self._refused) >= REMEMBERED:  # a page can name any number of them
            self._refused.clear()
        self._refused[host] = time.monotonic()


def _as_origin(head: str, path: str, query: str) -> str:
    """The head of a request to a proxy, as the site itself takes it (RFC 9112, 3.2), for this one request alone."""
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    method, _, version = first.split(" ", 2)
    kept = [line for line in lines if line.partition(":")[0].lower() not in ("connection", "proxy-connection")]
    target = f"{path}?{query}" if query else path
    return "\r\n".join([f"{method} {target} {version}", *kept, "Connection: close", "", ""])


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    carried = 0
    while carried < MOST and (piece := await reader.read(PIECE)):
        carried += len(piece)
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        with contextlib.suppress(OSError):
            writer.write_eof()


async def _until_one_ends(to_the_site: Coroutine[Any, Any, None], from_the_site: Coroutine[Any, Any, None]) -> None:
    """Carry both ways until the site has said all, or the connection breaks."""
    asking = asyncio.create_task(to_the_site)
    try:
        await from_the_site
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
