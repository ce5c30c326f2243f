"""The pages on a port of this machine, from a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.server import listening, serving
from tests.patience import PATIENCE


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve a desk meanwhile on any free port; gives its address."""
    at = listening("127.0.0.1:0")
    ready, over = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with serving(application(desk), at):
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.Runner(loop_factory=lambda: loop).run(serve()), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the pages are not served"
    try:
        yield f"http://127.0.0.1:{at.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
