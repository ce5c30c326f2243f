"""Hostile sites without an end, each made of its number: what was made by hand, mutated and put together anew.

A body is taken from the tables, damaged, packed, and sent in a frame that may be damaged too, at any place where a
crawl asks. The same number makes the same site, on every machine.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random

import brotli

from storage.types import Reason
from tests.crawler import faulty
from tests.crawler.faulty import Fault, Site, Talk
from tests.hostile.answer import HTML, JSON, SOUND, XML, Answer, Paths, Row, as_bytes, at_article, at_listing, healthy
from tests.hostile.articles import ARTICLES
from tests.hostile.data import DATA
from tests.hostile.feeds import FEEDS
from tests.hostile.lists import LISTS
from tests.hostile.robots import ROBOTS

LARGEST = 30_000
"""Bytes of a body of the tables that is taken: what is large is large by hand."""
REPEATED = 200
"""Times that a piece of one is repeated at most."""

TOKENS = (
    *(
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
        b"&b;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<script>",
    ),
    *(
        b"</body></html>",
        b"<base href='http://['>",
        b"<div>" * 300,
        b"<item>",
        b"</item>",
        b"<entry/>",
        b"<p",
        b'"',
        b"'",
    ),
    *(
        b"\xed\xa0\xbd",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"\x1b[2J",
        b"&#55357;",
        b"&#0;",
        b"\\ud83d",
        b"\\u0000",
        b"\xc0\x80",
    ),
    *(
        b"9" * 400,
        b"1e999",
        b"NaN",
        b"-1",
        b"99999-99-99",
        b"2026-02-30T25:61:61+99:99",
        b"[" * 500,
        b'{"a":' * 300,
        b"]}",
    ),
    *(
        b"http://a..b/",
        b"http://[::1",
        b"javascript:alert(1)",
        b"//10.0.0.1/",
        b"http://127.0.0.1:1/",
        b"\\",
        b"%00",
        b"%zz",
    ),
    *(
        "\u202e".encode(),
        "\u0301".encode() * 500,
        b"<svg><g>",
        b"<iframe src=/>",
        b"<plaintext>",
        b"{{7*7}}",
        b"$(id)",
        b"\r\n\r\n",
    ),
)
KINDS = (
    *(HTML, XML, JSON, "", "text/plain", "text/html; charset=utf-16", "text/html; charset=klingon", "application/pdf"),
    *(
        "image/png",
        "application/xml",
        "application/octet-stream",
        "text/html; charset=koi8-r",
        "application/gzip",
        ";;=",
    ),
)
STATUSES = (*(200,) * 20, 203, 204, 206, 301, 304, 400, 403, 404, 410, 429, 451, 500, 503, 520, 999)
HEADERS = (
    *("Retry-After: 1", "Retry-After: soon", 'ETag: "a', "Last-Modified: never", "Set-Cookie: a=b", "Location: /news"),
    *("Location: http://[", "Location: file:///etc/passwd", "Location: http://10.0.0.1/", "Content-Encoding: gzip"),
    *(
        "Content-Encoding: br",
        "Refresh: 0; url=/",
        "X-Long: " + "x" * 5_000,
        "Link: <>; rel=next",
        "X\x01: \x02",
        "Vary: *",
    ),
)


def _flipped(body: bytearray, random: Random) -> None:
    for _ in range(random.randint(1, 1 + len(body) // 200)):
        body[random.randrange(len(body))] = random.randrange(256)


def _cut(body: bytearray, random: Random) -> None:
    del body[random.randrange(len(body)) :]


def _without_a_piece(body: bytearray, random: Random) -> None:
    start, end = _piece(body, random)
    del body[start:end]


def _with_a_piece_again(body: bytearray, random: Random) -> None:
    start, end = _piece(body, random)
    body[start:start] = body[start:end] * random.randint(1, REPEATED if end - start < 100 else 3)


def _with_pieces_exchanged(body: bytearray, random: Random) -> None:
    (start, end), at = _piece(body, random), random.randrange(len(body))
    piece = body[start:end]
    del body[start:end]
    body[at:at] = piece


def _with_a_token(body: bytearray, random: Random) -> None:
    at = random.randrange(len(body))
    body[at:at] = random.choice(TOKENS)


def _with_other_figures(body: bytearray, random: Random) -> None:
    for at, byte in enumerate(body):
        if chr(byte).isdigit() and random.random() < 0.2:
            body[at] = random.choice(b"0123456789-.")


def _with_another_s_middle(body: bytearray, random: Random) -> None:
    other = random.choice(_bodies())
    start, end = _piece(body, random)
    body[start:end] = other[len(other) // 3 : 2 * len(other) // 3]


def _in_another_encoding(body: bytearray, random: Random) -> None:
    encoding = random.choice(("utf-16", "utf-16-be", "utf-32", "utf-7", "cp037", "utf-8-sig"))
    body[:] = body.decode("utf-8", "replace").encode(encoding, "replace")


def _piece(body: bytearray, random: Random) -> tuple[int, int]:
    start = random.randrange(len(body))
    return start, min(len(body), start + random.choice((1, 5, 30, 200, 2_000)))


MUTATIONS: tuple[Callable[[bytearray, Random], None], ...] = (
    *(_flipped, _cut, _without_a_piece, _with_a_piece_again, _with_pieces_exchanged, _with_a_token, _with_a_token),
    *(_with_a_token, _with_other_figures, _with_another_s_middle, _in_another_encoding),
)

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, mtime=0),
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=1),
}


@cache
def _bodies() -> Sequence[bytes]:
    """The bodies of the tables that are not too large to be taken a thousand times."""
    found = []
    for row in (*LISTS.values(), *FEEDS.values(), *DATA.values(), *ARTICLES.values(), *ROBOTS.values()):
        faults = [
            row.robots,
            row.pages,
            *((*row.pages.named.values(), row.pages.other) if isinstance(row.pages, Paths) else ()),
        ]
        found += [as_bytes(one.body) for one in faults if isinstance(one, Answer)]
    return list(dict.fromkeys(body for body in found if 0 < len(body) <= LARGEST))


@dataclass(frozen=True, slots=True)
class Made:
    """What is sent: in these pieces, with so many seconds after each; cut off at the end by a reset, or kept open."""

    pieces: Sequence[bytes]
    seconds: float
    end: str

    def __call__(self, talk: Talk) -> None:
        for piece in self.pieces:
            talk.send(piece)
            if self.seconds and not talk.wait(self.seconds):
                return
        if self.end == "reset":
            talk.reset()
        elif self.end == "silence":
            faulty.silence(talk)


def _body(random: Random) -> bytes:
    body = bytearray(random.choice(_bodies()))
    for _ in range(random.choice((0, 1, 1, 2, 3, 8))):
        if body:
            random.choice(MUTATIONS)(body, random)
    return bytes(body)


def _answer(random: Random) -> Made:
    """An answer of a mutated body, in a frame that is whole three times of four."""
    body, headers = _body(random), random.sample(HEADERS, random.choice((0, 0, 0, 1, 3)))
    if random.random() < 0.2:
        name = random.choice(list(PACKINGS))
        packed = bytearray(PACKINGS[name](body))
        if random.random() < 0.4:
            random.choice((_flipped, _cut))(packed, random)
        body, headers = bytes(packed), [*headers, f"Content-Encoding: {name}"]
    head = f"HTTP/1.1 {random.choice(STATUSES)} So\r\nContent-Type: {random.choice((HTML, HTML, *KINDS))}\r\n"
    head += "".join(f"{line}\r\n" for line in headers)
    is_whole = random.random() < 0.75
    if random.random() < 0.25:
        size = random.choice((1, 7, 100, 5_000)) if len(body) < 3_000 else random.choice((1_000, 5_000))
        framed = b"".join(
            b"%x\r\n%s\r\n" % (len(body[at : at + size]), body[at : at + size]) for at in range(0, len(body), size)
        )
        whole = f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode() + framed + b"0\r\n\r\n"
    else:
        length = len(body) if is_whole else random.choice((0, 1, len(body) // 2, len(body) + 1, 10**12))
        whole = f"{head}Content-Length: {length}\r\nConnection: close\r\n\r\n".encode() + body
    if not is_whole:
        damaged = bytearray(whole)
        random.choice((_flipped, _cut, _without_a_piece, _with_a_token))(damaged, random)
        whole = bytes(damaged)
    return _sent(whole, random)


def _sent(whole: bytes, random: Random) -> Made:
    end = random.choices(("", "reset", "silence"), (95, 4, 1))[0]
    if random.random() < 0.1 and whole:
        size = -(-len(whole) // random.randint(2, 10))
        return Made([whole[at : at + size] for at in range(0, len(whole), size)], 0.02, end)
    return Made([whole], 0.0, end)


def _moved(random: Random) -> Fault:
    """A redirect, and the answer that it leads to."""
    status = random.choice((301, 302, 303, 307, 308))
    place = random.choice(("/there", "/there", "there", "?", "//[", "/there#x", "/" + "x" * 3_000))
    move = Answer("", status=f"HTTP/1.1 {status} Moved", headers=(f"Location: {place}",))
    return Paths({"/news": move}, _answer(random))


_ANY = frozenset(Reason) - {Reason.INTERRUPTED, Reason.STORAGE, Reason.NO_BROWSER}
_PLACES: dict[str, int] = {"listing": 45, "article": 30, "robots": 8, "move": 7, "everywhere": 10}


def generated(number: int) -> Row:
    """The site of that number, and what a poll of it may end with."""
    random = Random(number)
    match random.choices(list(_PLACES), list(_PLACES.values()))[0]:
        case "listing":
            return Row(at_listing(_answer(random)), _ANY)
        case "article":
            return Row(at_article(_answer(random)), frozenset({Reason.OK}))
        case "robots":
            return Row(healthy, _ANY, robots=_answer(random))
        case "move":
            return Row(_moved(random), _ANY)
        case _:
            pages = Paths({"/news": SOUND if random.random() < 0.3 else _answer(random)}, _answer(random))
            return Row(pages, _ANY, robots=_answer(random))


def generated_sites(first: int, count: int) -> list[Site]:
    """The sites of so many numbers."""
    return [generated(number).site for number in range(first, first + count)]
