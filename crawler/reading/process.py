"""Reading and extraction in processes of their own, behind bounded queues.

Extraction inside the crawl's process cuts the crawl to a quarter, and threads make it worse; and a page can be made so
that a parser crashes, never ends or fills the memory. Here the loop stays free, such a page costs one process and gets
the reason code `unreadable`, and no source waits for another one longer than for its share.

1. Most pages are read by the common readers, who serve whoever has used least CPU. 2. Suspects are large pages, and the
pages of a source whose last page cost its reader: each is read in a process of its own, beside the common ones. 3. A
page that is too much for a common reader is a suspect at once; one that is too much for its own is unreadable.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlsplit

from crawler.reading.fair_queue import FairQueue
from crawler.reading.reader import Asked, Limits, Lost, Reader, TooSlow
from storage.errors import UnreadableError
from storage.types import Article, Listing, Page, Published, Reason, SearchForm, SourceSpec

if TYPE_CHECKING:
    from crawler.reading.saved import Kind, Read
    from crawler.reading.site_metadata import SiteMetadata

R = TypeVar("R")

CAPACITY = 64
"""Pages on their way through the common readers, and as many through those of suspects; who brings one more waits."""

DEADLINE = 20.0
"""Seconds of CPU until a page is given up. A page takes about 30 ms, the longest files some seconds."""

SHORT_DEADLINE = 3.0
"""Seconds of CPU until a page is too much for a common reader: so long it may keep others waiting."""

LARGE = 1_000_000
"""Bytes. A larger page is read apart at once."""

MEMORY = 768 * 1024 * 1024
"""Bytes that a reader may have beside those of its libraries."""

PATIENCE = 90.0
"""Seconds on the clock until a reader is given up: a page cannot make it wait, but something may be amiss."""


def readers_here() -> int:
    """How many readers this machine has room for: the crawl has one core."""
    return max(1, len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) - 1)


class ReadingProcess:
    """The reader processes; `readers` is how many read the common pages."""

    def __init__(
        self,
        *,
        readers: int | None = None,
        capacity: int = CAPACITY,
        deadline: float = DEADLINE,
        patience: float = PATIENCE,
        memory: int = MEMORY,
    ) -> None:
        self._deadline = deadline
        short = Limits(min(SHORT_DEADLINE, deadline), memory, patience)
        self._common = _Readers(readers or readers_here(), capacity, short)
        self._apart = _Readers(1, capacity, Limits(deadline, memory, patience), pages=1)
        self._suspects: set[str] = set()
        """Whose last page cost its reader."""

    async def start(self) -> None:
        """Start a process and let it import its libraries, so that the first page does not wait for that."""
        with suppress(Lost):
            await self._common.read("", os.getpid)

    async def listing(self, page: Page, spec: SourceSpec) -> Listing:
        """`crawler.listing.read_listing` in a reader process. Raises `UnreadableError`."""
        return await self._read_page(_read_listing, page, spec)

    async def article(self, page: Page, spec: SourceSpec, title: str, published: Published) -> Article:
        """`crawler.article.read_article` in a reader process. Raises `UnreadableError`."""
        return await self._read_page(_read_article, page, spec, title, published)

    async def page(self, page: Page, spec: SourceSpec, kind: Kind | None) -> Read:
        """`crawler.reading.saved.read_page` in a reader process. Raises `UnreadableError`."""
        return await self._read_page(_read_page, page, spec, kind)

    async def token(self, page: Page, form: SearchForm) -> str:
        """`crawler.reading.search_form.token_of` in a reader process. Raises `UnreadableError`."""
        return await self._read(_read_token, page, form, owner=_host(page), size=len(page.body))

    async def site_metadata(self, page: Page) -> SiteMetadata:
        """`crawler.reading.site_metadata.site_metadata` in a reader process. Raises `UnreadableError`."""
        return await self._read(_read_site_metadata, page, owner=_host(page), size=len(page.body))

    def close(self) -> None:
        """End the processes without waiting for what they read; whoever waits for a page is cancelled."""
        self._common.close()
        self._apart.close()

    async def _read_page(self, function: Callable[..., R], page: Page, spec: SourceSpec, *args: object) -> R:
        return await self._read(function, page, spec, *args, owner=spec.key or _host(page), size=len(page.body))

    async def _read(self, function: Callable[..., R], *args: object, owner: str = "", size: int = 0) -> R:
        if size <= LARGE and owner not in self._suspects:
            try:
                value, _ = await self._common.read(owner, function, *args)
            except Lost:
                self._suspects.add(owner)
            else:
                return value
        return await self._read_apart(owner, function, *args)

    async def _read_apart(self, owner: str, function: Callable[..., R], *args: object) -> R:
        """In a process of its own, a page can only kill itself."""
        try:
            value, cost = await self._apart.read(owner, function, *args)
        except TooSlow:
            detail = f"reading takes more than {self._deadline:.0f} seconds"
            raise UnreadableError(Reason.UNREADABLE, detail) from None
        except Lost:
            raise UnreadableError(Reason.UNREADABLE, "the page crashes its reader") from None
        if cost < SHORT_DEADLINE / 2:
            self._suspects.discard(owner)
        return value


def _host(page: Page) -> str:
    try:
        return urlsplit(page.address).hostname or ""
    except ValueError:
        return ""


class _Readers:
    """Readers that are alike, and the queue that they share. They are started when there is something to read."""

    def __init__(self, most: int, capacity: int, limits: Limits, pages: int | None = None) -> None:
        self.slots = asyncio.Semaphore(capacity)
        self._most = most
        self._limits = limits
        self._pages = pages
        self._queue: FairQueue[Asked] = FairQueue()
        self._changed = threading.Condition()
        """Guards what the readers' threads see: the queue, and the two after this."""
        self._idle: set[Reader] = set()
        """Those that have nothing to read."""
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readers: set[Reader] = set()
        self._open: set[Asked] = set()

    async def read(self, owner: str, function: Callable[..., R], *args: object) -> tuple[R, float]:
        """Call the function in one of the readers; return its result and the seconds of CPU it took.

        Raises `Lost`, and what the function raises.
        """
        async with self.slots:
            if self._closed:
                raise asyncio.CancelledError
            asked = Asked(owner, function, args)
            self._open.add(asked)
            try:
                with self._changed:
                    self._queue.put(owner, asked)
                    self._changed.notify()
                self._grow()
                return cast("R", await asked.answer), asked.cost
            finally:
                self._open.discard(asked)

    def close(self) -> None:
        """End the readers for good."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for reader in self._readers:
            reader.kill()
        for asked in self._open:
            asked.answer.cancel()

    def _grow(self) -> None:
        """Start another reader where more waits than readers do."""
        if not self._closed and len(self._readers) < self._most and len(self._queue) > len(self._idle):
            self._loop = asyncio.get_running_loop()
            with self._changed:
                reader = Reader(self, self._limits, self._pages)
                self._readers.add(reader)
                self._idle.add(reader)

    # -- what the readers' threads call ------------------------------------------------------------------------------

    def take(self, reader: Reader, wait: bool) -> Asked | None:
        with self._changed:
            while (asked := self._next(reader, wait)) is not None and asked.answer.done():
                pass  # who asked has gone
            return asked

    def _next(self, reader: Reader, wait: bool) -> Asked | None:
        if wait:
            self._idle.add(reader)
            self._changed.wait_for(lambda: self._closed or len(self._queue) > 0)
            self._idle.discard(reader)
        elif len(self._queue) <= len(self._idle) or len(self._readers) < self._most:  # it is for those that have none
            return None
        return None if self._closed else self._queue.take()

    def put_back(self, asked: Asked) -> None:
        with self._changed:
            self._queue.put(asked.owner, asked)
            self._changed.notify()

    def charge(self, asked: Asked) -> None:
        with self._changed:
            self._queue.charge(asked.owner, asked.cost)

    def left(self, reader: Reader) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._left, reader)

    def _left(self, reader: Reader) -> None:
        with self._changed:
            self._readers.discard(reader)
            self._idle.discard(reader)
        self._grow()


# -- in the reader processes -----------------------------------------------------------------------------------------


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
