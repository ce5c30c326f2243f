"""Sections of a ministry's site on loopback, in a process of its own: as fast as a site can be.

The sections lie on many hosts (127.0.0.2 and on, which Linux has without asking), so that a crawl which asks each host
one thing at a time still has many under way. The markup is that of the catalogue's first ministry; the pages are
rendered before the first request.
"""

from __future__ import annotations

import asyncio
import html
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection

from storage.clock import now
from storage.types import ArticleSelectors, ListingSelectors, Shape, SourceSpec
from tests.bench.texts import LANGUAGES, statement

PAGE_SIZE = 40_000
"""Bytes; a ministry's page without its pictures."""

MOST_ARTICLES = 10_000
"""Of a section: what tells the statements of two apart."""

ETAG = '"as-ever"'

TODAY = f"{now():%d.%m.%Y}"
"""The day of every statement: a section whose newest one is older has fallen silent."""


@dataclass(frozen=True, slots=True)
class Section:
    """A listing and its articles. `number` decides the words."""

    address: str
    number: int
    articles: tuple[str, ...]

    def spec(self) -> SourceSpec:
        """The section as a source that may be asked at any pace and is due again at once."""
        return SourceSpec(
            key=f"bench/{self.number}",
            name=f"Section {self.number}",
            address=self.address,
            languages=LANGUAGES,
            zone="Europe/Minsk",
            shape=Shape.HTML,
            listing=ListingSelectors(entry="div.tabs__item", date=".date"),
            article=ArticleSelectors(
                title="h1", date="span.date._big", content="section.content-page", stop=".content-page__social"
            ),
            interval=0,
            delay=0.0,
        )


@contextmanager
def site(articles: Sequence[int], *, sections: int = 1, etags: bool, delay: float = 0) -> Iterator[tuple[Section, ...]]:
    """Serve a host for each number, with that many articles in each of its `sections`, which all show the same ones.

    `etags` says whether listings answer 304, `delay` after how many seconds each answer leaves. Neighbours in the
    result are of different hosts.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, articles, sections, etags, delay), daemon=True)
    process.start()
    try:
        theirs.close()  # else `recv` would wait for ever where the process cannot start
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


# -- in the server process -------------------------------------------------------------------------------------------


def _serve(pipe: Connection, articles: Sequence[int], sections: int, etags: bool, delay: float) -> None:
    asyncio.run(_serve_for_ever(pipe, articles, sections, etags, delay))


async def _serve_for_ever(pipe: Connection, articles: Sequence[int], sections: int, etags: bool, delay: float) -> None:
    loop = asyncio.get_running_loop()
    hosts = []
    for number, count in enumerate(articles):
        name = f"127.0.{number // 250}.{number % 250 + 2}"
        paths, answers = _answers(number, count, sections, etags)
        served = partial(_Protocol, answers, delay)
        server = await loop.create_server(served, name, 0)
        port = server.sockets[0].getsockname()[1]
        hosts.append([f"http://{name}:{port}{path}" for path in paths])
    pipe.send(
        tuple(
            Section(addresses[section], section * len(hosts) + number, tuple(addresses[sections:]))
            for section in range(sections)
            for number, addresses in enumerate(hosts)
        )
    )
    await asyncio.Event().wait()


def _answers(number: int, articles: int, sections: int, etags: bool) -> tuple[list[str], dict[str, bytes]]:
    """The paths of a host's sections, then of their articles, and the whole answer to each path."""
    first = number * MOST_ARTICLES
    paths = {f"/press/{index}.html": index for index in range(first, first + articles)}
    rows = "".join(
        f'<div class="tabs__item"><span class="date">{TODAY}</span><a href="{path}">{statement(index).title}</a></div>'
        for path, index in paths.items()
    )
    language = LANGUAGES[number % 2]
    listing = _answer(_page(language, "News", f"<h1>News</h1>{rows}"), f"ETag: {ETAG}\r\n" if etags else "")
    listings = [f"/press/section{section}/" for section in range(sections)]
    robots = b"User-agent: *\nDisallow: /cgi-bin/\n"
    return [*listings, *paths], {
        **dict.fromkeys(listings, listing),
        **{path: _answer(_article(index)) for path, index in paths.items()},
        "/robots.txt": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(robots), robots),
    }


def _article(index: int) -> str:
    shown = statement(index)
    text = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in shown.body.split("\n\n"))
    inner = (
        f'<h1>{shown.title}</h1><span class="date _big">{TODAY}</span>{text}'
        '<a href="/print/">print</a><div class="content-page__social">share</div>'
    )
    return _page(shown.language, shown.title, inner)


def _page(language: str, heading: str, inner: str) -> str:
    """The frame around every page; a script fills it to the size of a real one."""
    items = "".join(f'<li><a href="/section{number}/">Section {number} of the site</a></li>' for number in range(40))
    page = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="windows-1251"><title>{heading} - Ministry of '
        f'Examples</title><script>/*FILL*/</script></head><body><header><ul class="menu">{items}</ul></header>'
        f'<section class="content-page">{inner}</section><footer><h3>Other sites</h3><ul>{items}</ul></footer>'
        "</body></html>"
    )
    return page.replace("/*FILL*/", "var filler = 1;\n" * ((PAGE_SIZE - len(page)) // 16))


def _answer(page: str, headers: str = "") -> bytes:
    body = page.encode("windows-1251", "xmlcharrefreplace")
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("ascii") + body


_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_NOT_MODIFIED = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode("ascii")


class _Protocol(asyncio.Protocol):
    """Just enough of HTTP/1.1: GET without a body, on connections that stay open."""

    def __init__(self, answers: dict[str, bytes], delay: float) -> None:
        self._answers = answers
        self._delay = delay
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1].decode("latin-1")
            known = ETAG.encode() in request and b"\r\nif-none-match:" in request.lower()
            answer = _NOT_MODIFIED if known else self._answers.get(path, _NOT_FOUND)
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._transport.write, answer)
            else:
                self._transport.write(answer)
