"""What lies between the head and the text: chunks, compression, and time."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import brotli

from storage.types import Reason
from tests.crawler import faulty
from tests.crawler.faulty import Fault, Talk
from tests.hostile.answer import LISTING, Answer, Raw, Row, rows

PAGE = LISTING.encode()
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A whole answer in these chunks."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks if chunk)
    return _HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + body + end


def _in_chunks(body: bytes, end: bytes = b"") -> Raw:
    return Raw(_HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + body + end)


def encoded(body: bytes | Callable[[], bytes], *names: str) -> Answer:
    """An answer that says it is compressed so."""
    return Answer(body, headers=tuple(f"Content-Encoding: {name}" for name in names))


def _deflated(body: bytes) -> bytes:
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    return raw.compress(body) + raw.flush()


def _two_bombs() -> bytes:
    return gzip.compress(faulty.bomb(), 9)


def _named() -> bytes:
    made = io.BytesIO()
    with gzip.GzipFile("n" * 60_000, "wb", fileobj=made) as file:
        file.write(PAGE)
    return made.getvalue()


def _archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../etc/passwd", PAGE)
        file.writestr("zeros", bytes(20_000_000))
    return made.getvalue()


def _tape() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as file:
        file.addfile(tarfile.TarInfo("/etc/passwd"))
    return made.getvalue()


def _drip(data: bytes, seconds: float, piece: int = 1, *, reset: bool = False) -> Fault:
    def answer(talk: Talk) -> None:
        for start in range(0, len(data), piece):
            talk.send(data[start : start + piece])
            if not talk.wait(seconds):
                return
        if reset:
            talk.reset()

    return answer


def _endless(piece: bytes, head: bytes = _HEAD + b"\r\n") -> Fault:
    def answer(talk: Talk) -> None:
        talk.send(head)
        while talk.wait(0):
            talk.send(piece)

    return answer


def _answers_and_stays(talk: Talk) -> None:
    talk.send(_HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
    faulty.silence(talk)


def _page_and_never_its_end(talk: Talk) -> None:
    talk.send(_HEAD + b"Content-Length: 100000\r\n\r\n" + PAGE)
    faulty.silence(talk)


def _resets_at_once(talk: Talk) -> None:
    talk.reset()


def _resets_in_the_head(talk: Talk) -> None:
    talk.send(_HEAD[:30])
    talk.reset()


def _resets_at_the_end(talk: Talk) -> None:
    talk.send(_HEAD + b"Content-Length: %d\r\n\r\n" % (len(PAGE) + 1) + PAGE)
    talk.reset()


_READ: dict[str, Fault] = {
    "chunks of one byte": Raw(chunked(*(PAGE[at : at + 1] for at in range(len(PAGE))))),
    "chunks within letters": Raw(chunked(*(PAGE[at : at + 7] for at in range(0, len(PAGE), 7)))),
    "a chunk's extension": _in_chunks(b"%x;name=value\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
    "a chunk of many noughts": _in_chunks(b"%08x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
    "trailers": Raw(chunked(PAGE, end=b"0\r\nX-Trailer: one\r\nContent-Length: 5\r\n\r\n")),
    "more after the last chunk": Raw(chunked(PAGE, end=b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nmore")),
    "a length beside chunks": Raw(chunked(PAGE).replace(b"Transfer", b"Content-Length: 5\r\nTransfer", 1)),
    "an end by closing": Answer(LISTING, length=None),
    "an answer, and then a second one": Raw((_HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE) * 2),
    "an answer that keeps the line open": _answers_and_stays,
    "a short drip": _drip(_HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE, 0.01, 64),
    "gzip": encoded(gzip.compress(PAGE), "gzip"),
    "gzip by its old name": encoded(gzip.compress(PAGE), "x-gzip"),
    "gzip in capitals": encoded(gzip.compress(PAGE), "GZIP"),
    "gzip twice": encoded(gzip.compress(gzip.compress(PAGE)), "gzip, gzip"),
    "gzip with a long name": encoded(_named, "gzip"),
    "gzip in two members": encoded(gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:]), "gzip"),
    "deflate": encoded(zlib.compress(PAGE), "deflate"),
    "deflate without a head": encoded(_deflated(PAGE), "deflate"),
    "brotli": encoded(brotli.compress(PAGE), "br"),
    "deflate, then brotli": encoded(brotli.compress(zlib.compress(PAGE)), "deflate, br"),
}
_CUT: dict[str, Fault] = {
    "a chunk that is longer than its body": _in_chunks(b"ffff\r\n" + PAGE),
    "a chunk of endless length": _in_chunks(b"f" * 200 + b"\r\n" + PAGE),
    "a chunk below zero": _in_chunks(b"-5\r\n" + PAGE),
    "a chunk in decimals": _in_chunks(b"0x%x\r\n" % len(PAGE) + PAGE),
    "a chunk without its end": _in_chunks(b"5\r\nhelloXX5\r\nworld\r\n0\r\n\r\n"),
    "chunks that do not end": Raw(chunked(PAGE, end=b"")),
    "a first chunk that is the last": _in_chunks(b"0\r\n\r\n", PAGE),
    "no chunk at all": _in_chunks(b""),
    "a length that is too long": Answer(LISTING, length="Content-Length: 100000"),
    "a reset at once": _resets_at_once,
    "a reset in the head": _resets_in_the_head,
    "a reset at the last byte": _resets_at_the_end,
    "a drip and a reset": _drip(_HEAD + b"Content-Length: 9999\r\n\r\n" + PAGE, 0.01, 100, reset=True),
}
_SPOILT: dict[str, Fault] = {
    "gzip that breaks off": encoded(gzip.compress(PAGE)[:-100], "gzip"),
    "gzip with a false sum": encoded(gzip.compress(PAGE)[:-8] + bytes(8), "gzip"),
    "gzip with a spoilt middle": encoded(gzip.compress(PAGE)[:60] + b"\xff" * 40 + gzip.compress(PAGE)[100:], "gzip"),
    "gzip of nothing": encoded(gzip.compress(b""), "gzip"),
    "gzip and no byte": encoded(b"", "gzip"),
    "gzip's first bytes": encoded(b"\x1f\x8b", "gzip"),
    "gzip that is a page": encoded(PAGE, "gzip"),
    "gzip that was not said": Answer(gzip.compress(PAGE)),
    "deflate that is a page": encoded(PAGE, "deflate"),
    "brotli that is a page": encoded(PAGE, "br"),
    "brotli that is gzip": encoded(gzip.compress(PAGE), "br"),
    "brotli that breaks off": encoded(brotli.compress(PAGE)[:-20], "br"),
    "zstandard that is a page": encoded(PAGE, "zstd"),
    "a compression that nobody knows": encoded(PAGE, "snappy"),
    "a compression of many names": encoded(PAGE, *["gzip"] * 50),
    "bzip2": Answer(bz2.compress(PAGE), kind="application/x-bzip2"),
    "xz": Answer(lzma.compress(PAGE), kind="application/x-xz"),
    "an archive": Answer(_archive, kind="application/zip"),
    "an archive that is called a page": Answer(_archive),
    "a tape": Answer(_tape, kind="application/gzip"),
}
_LARGE: dict[str, Fault] = {
    "a bomb of gzip": encoded(faulty.bomb, "gzip"),
    "a bomb in a bomb": encoded(_two_bombs, "gzip, gzip"),
    "a bomb of deflate": encoded(lambda: zlib.compress(bytes(60_000_000)), "deflate"),
    "a bomb of brotli": encoded(lambda: brotli.compress(bytes(60_000_000), quality=5), "br"),
    "a bomb without an end": encoded(lambda: faulty.bomb()[:-9], "gzip"),
    "endless statements": _endless(PAGE * 400),
    "endless blanks": _endless(b" " * 65_536),
    "endless NUL": _endless(bytes(65_536)),
    "endless chunks": _endless(b"10000\r\n" + b"x" * 65_536 + b"\r\n", _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
    "endless headers": faulty.huge_head,
    "six million bytes": Answer(lambda: PAGE * 20_000),
}
_SLOW: dict[str, Fault] = {
    "silence": faulty.silence,
    "a head that drips": faulty.slow_head,
    "a body that drips": faulty.slow_body,
    "chunks that drip": _drip(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 5_000, 0.1, 6),
    "a page, and never its end": _page_and_never_its_end,
}

FRAMING: dict[str, Row] = {
    **rows(_READ, Reason.OK, stored=0),
    **rows(_CUT, Reason.UNREACHABLE, Reason.EMPTY),
    **rows(_SPOILT, Reason.UNREACHABLE, Reason.UNREADABLE, Reason.EMPTY, Reason.OK),
    **rows(_LARGE, Reason.TOO_LARGE),
    **rows(_SLOW, Reason.TIMEOUT),
    **rows(
        {
            "an extension of a chunk that does not end": _endless(
                b"x" * 65_536, _HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;"
            )
        },
        Reason.TOO_LARGE,
        Reason.UNREACHABLE,
    ),
    **rows(
        {"trailers that do not end": _endless(b"X-Trailer: x\r\n" * 1_000, chunked(PAGE, end=b"0\r\n"))},
        Reason.TOO_LARGE,
        Reason.UNREACHABLE,
    ),
}
