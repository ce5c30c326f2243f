"""The pages are served in the loop that polls and delivers: one process, no second way to the database."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from presswatch.actions.installation import decided
from presswatch.links import links_of
from presswatch.metrics import Metrics
from presswatch.settings import Settings
from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.directory import Directory, what_is_missing
from scheduler.timetable import Node
from storage.errors import SettingsError

LEAVING = 2
"""Seconds that answers under way have when the process stops."""

TURN = 0.001
"""Seconds that a thread may compute while the loop waits for its turn. Of Python's own 0.005 each of the threads that
write pages takes as much before the loop comes to read what arrived, and again before it sends
(https://github.com/python/cpython/issues/52194)."""

GARBAGE = 10_000
"""Objects after which Python looks for garbage, instead of 700. A full look stops all threads for a twentieth of a
second, and fifty readers brought one about every four seconds."""


class _Server(uvicorn.Server):
    """uvicorn, without signal handlers of its own: the loop has them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listening(where: str) -> socket.socket:
    """A socket that listens at `host:port`. Raises `SettingsError` where that cannot be."""
    host, _, port = where.rpartition(":")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        at = socket.create_server((host.strip("[]"), int(port)), family=family, backlog=512)
    except (OSError, ValueError, OverflowError) as error:
        said = error.strerror or str(error) if isinstance(error, OSError) else "expected HOST:PORT"
        raise SettingsError(
            f"the pages cannot be served at {where}: {said}",
            mend="set PRESSWATCH_LISTEN to another HOST:PORT, or to off",
        ) from error
    # Connections have it from here: asyncio sets it only where a socket names its protocol, which this one does not.
    # Without it a body waits until the other side has acknowledged the headers before it, for 40 ms.
    at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return at


@asynccontextmanager
async def desk_pages(settings: Settings, node: Node, metrics: Metrics) -> AsyncIterator[str]:
    """Serve the pages of these settings, to which messages lead from then on; gives their address.

    Raises `SettingsError`.
    """
    at = listening(settings.listen)
    host, port = at.getsockname()[:2]
    address = settings.address or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    crawl = node.crawl
    directory = Directory(settings.oidc, address) if settings.oidc and not what_is_missing(settings) else None
    desk = Desk(
        crawl.database,
        address,
        settings.policy,
        crawl,
        node.dispatch,
        settings.browser,
        node.pulse,
        metrics,
        decided=decided(settings),
        directory=directory,
    )
    node.dispatch.lead_to(links_of(address, crawl.database.keyring, is_public=bool(settings.address)))
    pages = application(desk)
    gc.freeze()  # hundreds of routes, over which each full collection would walk
    async with serving(pages, at, settings.proxies):
        try:
            yield address
        finally:
            await pages.state.backfills.stop_all()


@asynccontextmanager
async def serving(pages: FastAPI, at: socket.socket, proxies: str = "") -> AsyncIterator[None]:
    """Serve the pages on a listening socket meanwhile.

    Of `proxies`, as in the settings, it is believed for whom they ask; anybody else asks for himself.
    """
    config = uvicorn.Config(
        pages,
        log_config=None,  # requests name what people search for: they are nobody's
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=LEAVING,
    )
    server, turn, garbage = _Server(config), sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN)
    gc.set_threshold(GARBAGE, *garbage[1:])
    task = asyncio.create_task(server.serve(sockets=[at]))
    try:
        yield
    finally:
        pages.state.leaving.set()
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task
        sys.setswitchinterval(turn)
        gc.set_threshold(*garbage)
