"""Readers of a desk's pages: each asks, reads what came, and asks for another, over a connection that stays open."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random, choice

from tests.bench.desk import Opened

THINKING = (1.0, 3.0)
"""Seconds that somebody looks at a page before he asks for the next, at least and at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """Something that is asked for. Of what is `long`, such as an export, the first piece is waited for."""

    name: str
    path: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: its status, seconds until it was there, and bytes on the wire with its headers."""

    status: int
    seconds: float
    wire: int
    body: bytes


class Reader:
    """One connection to the desk."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._token = choice(opened.tokens)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, page: Page) -> Answer:
        """Ask as a browser does that follows a link of ours; the API as a program does."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._opened.port)
        reader, writer = self._streams
        started = time.perf_counter()
        writer.write(self._request(page.path))
        head = await reader.readuntil(b"\r\n\r\n")
        headers = _headers(head)
        pieces: list[bytes] = []
        first = 0.0
        async for piece in _pieces(reader, headers):
            first = first or time.perf_counter() - started
            pieces.append(piece)
        whole = time.perf_counter() - started
        packed = b"".join(pieces)
        body = gzip.decompress(packed) if headers.get("content-encoding") == "gzip" else packed
        status = int(head.split(b" ", 2)[1])
        return Answer(status, first if page.long and first else whole, len(head) + len(packed), body)

    def _request(self, path: str) -> bytes:
        mine = f"Authorization: Bearer {self._token}" if path.startswith(("/api/", "/metrics")) else ""
        mine = mine or f"Cookie: {self._opened.cookie}\r\nSec-Fetch-Site: same-origin"
        return (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept: text/html\r\n{mine}\r\n\r\n"
        ).encode()

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            await self._streams[1].wait_closed()


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


async def _pieces(reader: asyncio.StreamReader, headers: Mapping[str, str]):  # type: ignore[no-untyped-def]
    """The body as it comes (RFC 9112, 6.3 and 7.1)."""
    if headers.get("transfer-encoding") != "chunked":
        yield await reader.readexactly(int(headers.get("content-length", "0")))
        return
    while length := int(await reader.readline(), 16):
        yield await reader.readexactly(length)
        await reader.readline()
    await reader.readline()


async def one_after_the_other(opened: Opened, pages: Sequence[Page]) -> list[Answer]:
    """Ask for each when the one before is there."""
    reader = Reader(opened)
    try:
        return [await reader.ask(page) for page in pages]
    finally:
        await reader.close()


async def at_once(opened: Opened, pages: Sequence[Page], readers: int, seconds: float) -> list[tuple[Page, Answer]]:
    """So many people read for so long; what each got. Which page comes next is the same at every run."""
    end = time.perf_counter() + seconds
    each = await asyncio.gather(*(_reads(opened, pages, Random(number), end) for number in range(readers)))
    return [one for answers in each for one in answers]


async def _reads(opened: Opened, pages: Sequence[Page], random: Random, end: float) -> Iterable[tuple[Page, Answer]]:
    reader, got = Reader(opened), []
    try:
        await asyncio.sleep(random.uniform(0, THINKING[1]))
        while time.perf_counter() < end:
            page = random.choice(pages)
            got.append((page, await reader.ask(page)))
            await asyncio.sleep(random.uniform(*THINKING))
    finally:
        await reader.close()
    return got
