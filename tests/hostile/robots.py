"""robots.txt of a site that is well otherwise."""

from __future__ import annotations

import gzip

from storage.types import Reason
from tests.crawler import faulty
from tests.crawler.faulty import Fault
from tests.hostile.answer import LISTING, Answer, Body, Raw, Row, robots_rows

_ALL = "User-agent: *\nDisallow: /\n"


def _says(body: Body, *headers: str) -> Answer:
    return Answer(body, "text/plain", headers)


def _status(status: int, *headers: str) -> Answer:
    return Answer(_ALL, "text/plain", headers, status=f"HTTP/1.1 {status} So")


_ALLOWING: dict[str, Fault] = {
    **{f"robots: {status}": _status(status) for status in (400, 401, 403, 404, 410, 418, 451)},
    "robots: nothing": _says(""),
    "robots: NUL": _says(bytes(1_000)),
    "robots: bytes": _says(bytes(range(256)) * 400),
    "robots: a page": _says(LISTING),
    "robots: no agent": _says("Disallow: /\nAllow: /x\n" * 100),
    "robots: no colon": _says("User-agent\nDisallow\n" * 100),
    "robots: another's agent": _says("User-agent: presswatcher\nUser-agent: press\nDisallow: /\n"),
    "robots: UTF-16": _says(_ALL.encode("utf-16")),
    "robots: an empty rule": _says("User-agent: *\nDisallow:\nDisallow: \t\n"),
    "robots: percents that are none": _says("User-agent: *\nDisallow: /%%%zz%\nDisallow: /%ff%fe\n"),
    "robots: halves of characters": _says("User-agent: *\nDisallow: /\ud83d\nCrawl-delay: \ud83d\n"),
    "robots: a delay below nought": _says("User-agent: *\nCrawl-delay: -1\n"),
    "robots: a delay that is no number": _says("User-agent: *\nCrawl-delay: nan\n"),
    "robots: a delay in words": _says("User-agent: *\nCrawl-delay: a while\n"),
    "robots: a delay of noughts": _says(f"User-agent: *\nCrawl-delay: 0.{'0' * 400}1\n"),
    "robots: rates": _says("User-agent: *\nRequest-rate: 1/0\nVisit-time: 9999-9999\nRequest-rate: x/y\n"),
    "robots: stars": _says(f"User-agent: *\nDisallow: /{'*a' * 500}$\n"),
    "robots: stars and a text that is nearly so": _says(f"User-agent: *\nDisallow: {'*n' * 300}z$\n" * 50),
    "robots: ten thousand rules": _says("User-agent: *\n" + "".join(f"Disallow: /x{n}\n" for n in range(10_000))),
    "robots: agents and rules": _says(
        "".join(f"User-agent: a{n}\n" for n in range(3_000)) + "".join(f"Disallow: /{n}\n" for n in range(3_000))
    ),
    "robots: one long line": _says(lambda: "User-agent: *\nDisallow: /" + "x" * 480_000),
    "robots: four million bytes": _says(lambda: "User-agent: other\nDisallow: /\n" * 130_000),
    "robots: sitemaps": _says("".join(f"Sitemap: http://a..b/{n}\n" for n in range(10_000))),
    "robots: carriage returns": _says("User-agent: *\rDisallow: /x\r" * 100),
    "robots: gzip": _says(gzip.compress(b"User-agent: *\nDisallow: /x\n", mtime=0), "Content-Encoding: gzip"),
    "robots: to what is not there": Answer("", status="HTTP/1.1 301 M", headers=("Location: /none/robots.txt",)),
    "robots: to itself": Answer("", status="HTTP/1.1 301 M", headers=("Location: /robots.txt",)),
}
_FORBIDDING: dict[str, Fault] = {
    **{f"robots: {status}": _status(status) for status in (429, 500, 502, 503, 599)},
    "robots: everything": _says(_ALL),
    "robots: everything after a mark": _says("\ufeff" + _ALL),
    "robots: everything in capitals": _says(_ALL.upper()),
    "robots: everything by our name": _says("User-agent: PressWatch/1.0 (x)\nDisallow: /\nUser-agent: *\nAllow: /\n"),
    "robots: everything by stars": _says("User-agent: *\nDisallow: " + "*" * 1_000 + "\n"),
    "robots: everything without blanks": _says("user-agent:*\ndisallow:/\n"),
    "robots: a later one asks for time": _status(503, "Retry-After: 1"),
}
_BROKEN: dict[str, Fault] = {
    "robots: a reset": faulty.reset,
    "robots: no HTTP": Raw(b"SSH-2.0-x\r\n"),
    "robots: a spoilt chunk": faulty.bad_chunk,
    "robots: spoilt gzip": faulty.broken_gzip,
    "robots: short": faulty.short_body,
}
_LARGE: dict[str, Fault] = {
    "robots: a bomb": faulty.gzip_bomb,
    "robots: endless": faulty.endless,
    "robots: an endless head": faulty.huge_head,
}
_SLOW: dict[str, Fault] = {
    "robots: silence": faulty.silence,
    "robots: a drip": faulty.slow_body,
}
_AWAY: dict[str, Fault] = {
    "robots: to a private address": Answer("", status="HTTP/1.1 302 F", headers=("Location: http://10.0.0.1/",)),
    "robots: to a file": Answer("", status="HTTP/1.1 302 F", headers=("Location: file:///etc/passwd",)),
    "robots: to a host that cannot be": Answer("", status="HTTP/1.1 302 F", headers=("Location: http://a..b/",)),
}

ROBOTS: dict[str, Row] = {
    **robots_rows(_ALLOWING, Reason.OK),
    **robots_rows(_FORBIDDING, Reason.ROBOTS),
    **robots_rows(_BROKEN, Reason.UNREACHABLE, Reason.OK),
    **robots_rows(_LARGE, Reason.TOO_LARGE),
    **robots_rows(_SLOW, Reason.TIMEOUT),
    **robots_rows(_AWAY, Reason.REFUSED, Reason.REDIRECTS, Reason.OK, Reason.ROBOTS),
}
