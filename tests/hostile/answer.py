"""An answer byte by byte, a site of such answers, and what a crawl may say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from storage.types import Reason
from tests.crawler.faulty import Fault, Site, Talk, not_there

HTML = "text/html; charset=utf-8"
XML = "application/rss+xml"
JSON = "application/json"

Body = bytes | str | Callable[[], bytes | str]
"""What stands below a head; large ones are made when they are asked for."""

STATEMENTS = 3
"""In each listing."""


def as_bytes(body: Body) -> bytes:
    made = body if isinstance(body, bytes | str) else body()
    return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for a request, in one piece. `length` is the line of that header, or None for none."""

    body: Body
    kind: str = HTML
    headers: tuple[bytes | str, ...] = ()
    status: bytes | str = "HTTP/1.1 200 OK"
    length: str | None = ""

    @property
    def head(self) -> bytes:
        """All lines above the body, without those on the length and the end of the connection."""
        lines = (self.status, *((f"Content-Type: {self.kind}",) if self.kind else ()), *self.headers)
        return b"\r\n".join(line if isinstance(line, bytes) else line.encode("utf-8") for line in lines)

    def __call__(self, talk: Talk) -> None:
        body = as_bytes(self.body)
        length = f"Content-Length: {len(body)}" if self.length == "" else self.length
        talk.send(self.head + (f"\r\n{length}" if length else "").encode() + b"\r\nConnection: close\r\n\r\n" + body)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that need be no HTTP."""

    data: Body

    def __call__(self, talk: Talk) -> None:
        talk.send(as_bytes(self.data))


@dataclass(frozen=True, slots=True)
class Paths:
    """An answer for each path that is named, and one for all others."""

    named: Mapping[str, Fault]
    other: Fault

    def __call__(self, talk: Talk) -> None:
        self.named.get(talk.path, self.other)(talk)


@dataclass(frozen=True, slots=True)
class Row:
    """A hostile site, the reason codes that a poll of it may end with, and how many statements it then has stored."""

    pages: Fault
    reasons: frozenset[Reason]
    stored: int | None = None
    robots: Fault = not_there

    @property
    def site(self) -> Site:
        return Site(self.pages, self.robots)


def listing(title: str = "The minister opened the bridge number {}") -> str:
    """A section of a few statements."""
    rows = "".join(
        f'<p>{day} November 2026 <a href="/news/{day}">{title.format(day)}</a></p>'
        for day in range(10, 10 + STATEMENTS)
    )
    return f"<html><head><title>News</title></head><body><h1>News</h1>{rows}</body></html>"


def article(number: object = 10, *, head: str = "", inner: str = "") -> str:
    """A statement."""
    text = (
        f"<p>The minister said on Monday that the bridge number {number}, which took three years to build, is open.</p>"
    )
    title = f"The minister opened the bridge number {number}"
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{text * 4}{inner}</article>"
        "</body></html>"
    )


def healthy(talk: Talk) -> None:
    """A section and its statements."""
    body = listing() if talk.path == "/news" else article(talk.path.rpartition("/")[2])
    Answer(body)(talk)


LISTING = listing()
SOUND = Answer(LISTING)
MISSING = Answer("no such page", status="HTTP/1.1 404 Not Found")


def at_listing(answer: Fault) -> Fault:
    """A site whose section answers so; its articles, if any are found, are not there."""
    return Paths({"/news": answer}, MISSING)


def at_article(answer: Fault) -> Fault:
    """A site whose statements answer so."""
    return Paths({"/news": SOUND}, answer)


def rows(answers: Mapping[str, Fault], *reasons: Reason, stored: int | None = None) -> dict[str, Row]:
    """Sites whose section answers so."""
    return {name: Row(at_listing(answer), frozenset(reasons), stored) for name, answer in answers.items()}


def article_rows(answers: Mapping[str, Fault], stored: int | None = None) -> dict[str, Row]:
    """Sites whose statements answer so: whatever they answer, the section is well."""
    return {name: Row(at_article(answer), frozenset({Reason.OK}), stored) for name, answer in answers.items()}


def robots_rows(answers: Mapping[str, Fault], *reasons: Reason) -> dict[str, Row]:
    """Sound sites with such a robots.txt."""
    return {name: Row(healthy, frozenset(reasons), robots=answer) for name, answer in answers.items()}
