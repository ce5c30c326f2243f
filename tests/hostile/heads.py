"""Status lines and headers."""

from __future__ import annotations

from storage.types import Reason
from tests.crawler.faulty import Fault, Talk
from tests.hostile.answer import LISTING, Answer, Raw, Row, rows

_STATUSES = {
    Reason.OK: (200, 203),
    Reason.BLOCKED: (
        *(201, 202, 204, 205, 206, 207, 226, 299),
        *(400, 401, 402, 403, 405, 406, 407, 408, 409, 411, 418, 421, 426, 428, 431, 451, 499),
    ),
    Reason.GONE: (404, 410),
    Reason.THROTTLED: (429,),
    Reason.REDIRECTS: (300, 305, 306),
    Reason.SERVER_ERROR: (304, 500, 501, 502, 503, 504, 505, 508, 511, 520, 525, 598, 600, 999),
}
_OK = "HTTP/1.1 200 OK"


def _by_status(status: int) -> Answer:
    body = "" if status in (204, 205, 304) else LISTING
    return Answer(body, status=f"HTTP/1.1 {status} So")


def _line(line: str | bytes) -> Answer:
    return Answer(LISTING, status=line)


def _header(*lines: str | bytes) -> Answer:
    return Answer(LISTING, headers=lines)


def _waits(status: str, value: str) -> Answer:
    return Answer("later", status=f"HTTP/1.1 {status} Later", headers=(f"Retry-After: {value}",))


def _hints(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" * 1_000)
    Answer(LISTING)(talk)


def _continues(talk: Talk) -> None:
    while talk.wait(0.05):
        talk.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 10)


def _endless_line(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 ")
    while talk.wait(0):
        talk.send(b"O" * 65_536)


_READ: dict[str, Fault] = {
    "a byte order mark first": _line(b"\xef\xbb\xbfHTTP/1.1 200 OK"),
    "lower case": _line("http/1.1 200 ok"),
    "a version to come": _line("HTTP/1.9 200 OK"),
    "a status without words": _line("HTTP/1.1 200"),
    "a status with a long word": _line("HTTP/1.1 200 " + "OK" * 2_000),
    "a status with foreign letters": _line("HTTP/1.1 200 Всё хорошо".encode("koi8-r")),
    "a status with NUL": _line(b"HTTP/1.1 200 O\0K"),
    "a thousand early hints": _hints,
    "a cookie": _header("Set-Cookie: a=b; Path=/; Max-Age=99999999999999999999"),
    "a thousand cookies": _header(*(f"Set-Cookie: c{number}={'x' * 50}" for number in range(1_000))),
    "a cookie with NUL": _header(b"Set-Cookie: a\0b=\xff\xfe; Domain=..; Expires=Thu, 99 Foo 99999"),
    "a cookie for all": _header("Set-Cookie: a=b; Domain=com"),
    "a folded header": _header("X-Folded: one", " two", "\tthree"),
    "a header twice": _header("Content-Type: application/pdf", "Content-Type: text/html"),
    "control characters in a header": _header(b"X-Odd: a\x01\x02\x1b[31m\x7f"),
    "letters of eight bits in a header": _header("X-Odd: " + "é" * 100),
    "a thousand headers": _header(*(f"X-{number}: {number}" for number in range(1_000))),
    "a header of ten thousand bytes": _header("X-Long: " + "x" * 10_000),
    "an etag of ten thousand bytes": _header(f'ETag: "{"e" * 10_000}"'),
    "an etag with control characters": _header(b'ETag: "\x01\x02\xff"'),
    "an etag that is none": _header("ETag: W/W/"),
    "a last change that never was": _header("Last-Modified: Foo, 99 Bar 99999 99:99:99 XYZ"),
    "a last change in the year 1": _header("Last-Modified: Mon, 01 Jan 0001 00:00:00 GMT"),
    "a delay asked for with 200": _header("Retry-After: 0.00001"),
    "a refresh": _header("Refresh: 0; url=file:///etc/passwd"),
    "links in a header": _header("Link: <javascript:alert(1)>; rel=alternate, <>; rel=next, <http://[>; rel=canonical"),
    "no kind": Answer(LISTING, kind=""),
    "a kind that is none": Answer(LISTING, kind=";;;=;charset"),
    "a kind of ten thousand parameters": Answer(LISTING, kind="text/html" + ";a=b" * 2_000),
    "a kind with two charsets": Answer(LISTING, kind='text/html; charset="utf-8"; charset=klingon'),
    "a kind with a quotation that does not end": Answer(LISTING, kind='text/html; charset="utf-8'),
    "a kind for a table": Answer(LISTING, kind="text/csv"),
    "a kind for bytes": Answer(LISTING, kind="application/octet-stream"),
    "a kind for a feed": Answer(LISTING, kind="application/atom+xml"),
    "a kind for a script": Answer(LISTING, kind="application/json"),
    "an encoding that is none": _header("Content-Encoding: identity"),
    "an upgrade": _header("Upgrade: h2c, websocket", "Connection: Upgrade"),
    "an alternative service": _header('Alt-Svc: h3=":443"; ma=99999999999', "Strict-Transport-Security: max-age=1e9"),
    "a security policy of ten thousand bytes": _header("Content-Security-Policy: " + "default-src 'none'; " * 500),
    "a length twice": Answer(LISTING, length=f"Content-Length: {len(LISTING)}\r\nContent-Length: {len(LISTING)}"),
}
"""What a patient client reads all the same."""

_NO_HTTP: dict[str, Fault] = {
    "nothing": Raw(b""),
    "one byte": Raw(b"H"),
    "HTTP 0.9": Raw(LISTING),
    "the web's neighbour": Raw(b"ICY 200 OK\r\nicy-name: radio\r\n\r\n" + bytes(100)),
    "a shell": Raw(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
    "a mail server": Raw(b"220 mail.ministry.example ESMTP\r\n500 5.5.1 unrecognized command\r\n"),
    "a file server": Raw(b"220 ready\r\n530 Please login\r\n"),
    "a key store": Raw(b"-ERR wrong number of arguments for 'get' command\r\n"),
    "a TLS alert": Raw(b"\x15\x03\x01\x00\x02\x02\x50"),
    "HTTP 2": Raw(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\xff\xff\xff\0\x05\0\xff\xff\xff"),
    "a blank line first": Raw(b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + LISTING.encode()),
    "a status that is no number": _line("HTTP/1.1 OK 200"),
    "a status of none": _line("HTTP/1.1  "),
    "a status below zero": _line("HTTP/1.1 -200 OK"),
    "a status with a point": _line("HTTP/1.1 200.5 OK"),
    "a status in Arabic figures": _line("HTTP/1.1 ٢٠٠ OK".encode()),
    "a version that is none": _line("HTTP/x.y 200 OK"),
    "a request": _line("GET / HTTP/1.1"),
    "a header without a name": _header(": nothing"),
    "a blank before the colon": _header("X-Odd : value"),
    "two lengths": Answer(LISTING, length="Content-Length: 5\r\nContent-Length: 6"),
    "a length in words": Answer(LISTING, length="Content-Length: many"),
    "a length below zero": Answer(LISTING, length="Content-Length: -1"),
    "a length in hexadecimal": Answer(LISTING, length="Content-Length: 0x10"),
    "a coding that is none": Answer(LISTING, headers=("Transfer-Encoding: rot13",)),
    "a coding twice": Answer(LISTING, headers=("Transfer-Encoding: chunked, chunked",), length=None),
}
"""What is no HTTP, or breaks off."""

HEADS: dict[str, Row] = {
    **{
        name: row
        for reason, statuses in _STATUSES.items()
        for status in statuses
        for name, row in rows({f"status {status}": _by_status(status)}, reason).items()
    },
    **rows(_READ, Reason.OK, stored=0),
    **rows(_NO_HTTP, Reason.UNREACHABLE, Reason.BLOCKED),
    **rows({"a length of ten to the thirtieth": Answer(LISTING, length=f"Content-Length: {10**30}")}, Reason.TOO_LARGE),
    **rows({"a status line that does not end": _endless_line}, Reason.TOO_LARGE, Reason.UNREACHABLE),
    **rows({"go on for ever": _continues}, Reason.TIMEOUT, Reason.TOO_LARGE),
    **rows(
        {"a head that does not end with its line": Raw(f"{_OK}\r\nContent-Type: text/html\r\n")}, Reason.UNREACHABLE
    ),
    **rows(
        {
            f"429 and {value[:20]!r}": _waits("429", value)
            for value in ("", "soon", "-5", "1e308", "nan", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "60, 120", "٦٠")
        },
        Reason.THROTTLED,
    ),
    **rows(
        {
            f"503 and {value[:20]!r}": _waits("503", value)
            for value in ("inf", "0", "Foo, 99 Bar 0000 99:99:99", "Mon, 01 Jan 0001 00:00:00 +9999", "\0")
        },
        Reason.SERVER_ERROR,
    ),
}
