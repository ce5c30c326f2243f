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
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, TypeVar

from storage.errors import UnreadableError
from storage.types import Article, Listing, Page, Published, Reason, SearchForm, SourceSpec

if TYPE_CHECKING:
    from crawler.reading.saved import Kind, Read
    from crawler.reading.site_metadata import SiteMetadata

R = TypeVar("R")

CAPACITY = 64
"""Pages on their way through the reader; who brings one more waits."""

DEADLINE = 20.0
"""Seconds until a page counts as one that hangs the reader. A page takes about 30 ms."""


class ReadingProcess:
    """The reader process. One worker: the crawl has the other core."""

    def __init__(self, *, capacity: int = CAPACITY, deadline: float = DEADLINE) -> None:
        self._slots = asyncio.Semaphore(capacity)
        self._deadline = deadline
        self._common = _Worker()
        self._apart = _Worker()
        self._alone = asyncio.Lock()
        self._suspects = 0

    async def start(self) -> None:
        """Start the process and let it import its libraries, so that the first page does not wait for that."""
        with suppress(BrokenProcessPool):
            await self._common.read(None, _warm_up)

    async def listing(self, page: Page, spec: SourceSpec) -> Listing:
        """`crawler.listing.read_listing` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_listing, page, spec)

    async def article(self, page: Page, spec: SourceSpec, title: str, published: Published) -> Article:
        """`crawler.article.read_article` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_article, page, spec, title, published)

    async def page(self, page: Page, spec: SourceSpec, kind: Kind | None) -> Read:
        """`crawler.reading.saved.read_page` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_page, page, spec, kind)

    async def token(self, page: Page, form: SearchForm) -> str:
        """`crawler.reading.search_form.token_of` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_token, page, form)

    async def site_metadata(self, page: Page) -> SiteMetadata:
        """`crawler.reading.site_metadata.site_metadata` in the reader process. Raises `UnreadableError`."""
        return await self._read(_read_site_metadata, page)

    def close(self) -> None:
        """End the process without waiting for what it reads; whoever waits for a page is cancelled."""
        self._common.close()
        self._apart.close()

    async def _read(self, function: Callable[..., R], *args: object) -> R:
        async with self._slots:
            with suppress(BrokenProcessPool, TimeoutError):
                return await self._common.read(self._deadline, function, *args)
            return await self._read_alone(function, *args)

    async def _read_alone(self, function: Callable[..., R], *args: object) -> R:
        """The reader died over this page or over one beside it. In a process apart, a page can only kill itself."""
        self._suspects += 1
        try:
            async with self._alone:
                return await self._apart.read(self._deadline, function, *args)
        except TimeoutError:
            detail = f"reading takes more than {self._deadline:.0f} seconds"
            raise UnreadableError(Reason.UNREADABLE, detail) from None
        except BrokenProcessPool:
            raise UnreadableError(Reason.UNREADABLE, "the page crashes its reader") from None
        finally:
            self._suspects -= 1
            if not self._suspects:
                self._apart.end()


class _Worker:
    """A worker process, started when there is something to read and replaced when it is lost."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._pid: Future[int] = Future()
        self._closed = False

    async def read(self, deadline: float | None, function: Callable[..., R], *args: object) -> R:
        """Run the function in the process, within `deadline` seconds once the process is there.

        Raises `BrokenProcessPool` where the process is lost, `TimeoutError` where the time is over, after ending it.
        """
        executor = self._started()
        try:
            if not self._pid.done():
                await asyncio.shield(asyncio.wrap_future(self._pid))
                if executor is not self._executor:
                    raise BrokenProcessPool("ended while it started")
            # Shielded: an executor that breaks while it holds a cancelled future forgets its other futures.
            page = asyncio.shield(asyncio.wrap_future(executor.submit(function, *args)))
            return await asyncio.wait_for(page, deadline)
        except (BrokenProcessPool, TimeoutError):
            if executor is self._executor:
                self.end()
            if self._closed:
                raise asyncio.CancelledError from None
            raise

    def end(self) -> None:
        """End the process; what it was to read fails with `BrokenProcessPool`."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        known = self._pid.done() and not self._pid.cancelled() and self._pid.exception() is None
        if known:
            with suppress(ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        executor.shutdown(wait=False, cancel_futures=not known)

    def close(self) -> None:
        """End the process for good; whoever waits for it is cancelled."""
        self._closed = True
        self.end()

    def _started(self) -> ProcessPoolExecutor:
        if self._closed:
            raise asyncio.CancelledError
        if self._executor is None:
            self._executor = ProcessPoolExecutor(1, mp_context=_context(), initializer=_initialise)
            with _interrupts_ignored():
                self._pid = self._executor.submit(os.getpid)
        return self._executor


def _context() -> BaseContext:
    """How a reader is started: forked from a process that has imported its libraries, so that one which is replaced is
    there at once. Forking this process itself, with its threads and its reactor, would not be safe."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.article", "crawler.listing"])
    return context


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


def _read_token(page: Page, form: SearchForm) -> str:
    from crawler.reading.search_form import token_of

    return token_of(page, form)


def _read_site_metadata(page: Page) -> SiteMetadata:
    from crawler.reading.site_metadata import site_metadata

    return site_metadata(page)


def _read_page(page: Page, spec: SourceSpec, kind: Kind | None) -> Read:
    from crawler.reading.saved import read_page

    return read_page(page, spec, kind)
