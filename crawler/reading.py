"""Reading and extraction in a process of their own, behind a bounded queue.

Extraction inside the crawl's process cuts the crawl to a quarter, and threads make it worse; and a page can be made
so that a parser crashes or never ends. Here the loop stays free, a page that hangs or crashes the reader costs one
reader and gets the reason code `unreadable`, and its neighbours are read again.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import TypeVar

from storage.errors import UnreadableError
from storage.types import Article, Listing, Page, Published, Reason, SourceSpec

R = TypeVar("R")

CAPACITY = 64
"""Pages on their way through the reader; who brings one more waits."""

DEADLINE = 20.0
"""Seconds until a page counts as one that hangs the reader. A page takes about 30 ms."""


class ReadingProcess:
    """The reader process. One worker: the crawl has the other core."""

    def __init__(self, *, capacity: int = CAPACITY, deadline: float = DEADLINE) -> None:
        self._places = asyncio.Semaphore(capacity)
        self._alone = asyncio.Lock()
        self._deadline = deadline
        self._executor: ProcessPoolExecutor | None = None
        self._pid: int | None = None

    async def start(self) -> None:
        """Start the process and let it import its libraries, so that the first page does not wait for that."""
        with suppress(BrokenProcessPool):
            self._pid = await asyncio.wrap_future(self._pool().submit(_warm_up))

    async def listing(self, page: Page, spec: SourceSpec) -> Listing:
        """`crawler.listing.read_listing` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_listing, page, spec)

    async def article(self, page: Page, spec: SourceSpec, title: str, published: Published) -> Article:
        """`crawler.article.read_article` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_article, page, spec, title, published)

    def close(self) -> None:
        """End the process without waiting for what it reads."""
        self._kill()

    async def _read(self, function: Callable[..., R], *args: object) -> R:
        async with self._places:
            with suppress(BrokenProcessPool, TimeoutError):
                return await self._submit(function, *args)
            # The reader died over this page or over one beside it. Alone, a page can only kill itself.
            async with self._alone:
                try:
                    return await self._submit(function, *args)
                except TimeoutError:
                    raise UnreadableError(
                        Reason.UNREADABLE, f"reading takes more than {self._deadline:.0f} seconds"
                    ) from None
                except BrokenProcessPool:
                    raise UnreadableError(Reason.UNREADABLE, "the page crashes its reader") from None

    async def _submit(self, function: Callable[..., R], *args: object) -> R:
        pool = self._pool()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(pool.submit(function, *args)), self._deadline)
        except (BrokenProcessPool, TimeoutError):
            if pool is self._executor:
                self._kill()
            raise

    def _pool(self) -> ProcessPoolExecutor:
        if self._executor is None:
            context = multiprocessing.get_context("spawn")  # forking a process with threads and a reactor is not safe
            self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=_initialise)
            with _interrupts_ignored():
                self._executor.submit(os.getpid).add_done_callback(self._note_pid)
        return self._executor

    def _note_pid(self, future: object) -> None:
        with suppress(BrokenProcessPool, Exception):
            self._pid = future.result()  # type: ignore[attr-defined]

    def _kill(self) -> None:
        executor, pid = self._executor, self._pid
        self._executor = self._pid = None
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl-C on a terminal goes to all processes; a child that is started while it is ignored goes on ignoring it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# -- in the reader process -------------------------------------------------------------------------------------------


def _initialise() -> None:
    """End with the parent, however it ends: a killed parent closes no pipe that this process waits on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        wait([parent.sentinel])
        os._exit(0)

    threading.Thread(target=follow, daemon=True, name="follow-parent").start()


def _warm_up() -> int:
    import crawler.article
    import crawler.listing  # noqa: F401

    return os.getpid()


def _read_listing(page: Page, spec: SourceSpec) -> Listing:
    from crawler.listing import read_listing

    return read_listing(page, spec)


def _read_article(page: Page, spec: SourceSpec, title: str, published: Published) -> Article:
    from crawler.article import read_article

    return read_article(page, spec, title, published)
