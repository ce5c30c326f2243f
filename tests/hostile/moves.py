"""Redirects."""

from __future__ import annotations

from storage.types import Reason
from tests.crawler import faulty
from tests.crawler.faulty import Fault, Talk
from tests.hostile.answer import LISTING, Answer, Paths, Row, rows


def _to(location: str | bytes, status: int = 302, *headers: str) -> Answer:
    name = b"Location: " + (location if isinstance(location, bytes) else location.encode())
    return Answer("moved", status=f"HTTP/1.1 {status} Moved", headers=(name, *headers))


def _chain(talk: Talk) -> None:
    number = int(talk.path.rpartition("/")[2] or 0) if talk.path != "/news" else 0
    _to(f"/step/{number + 1}")(talk)


def _ping_pong(talk: Talk) -> None:
    _to("/pong" if talk.path == "/news" else "/news", 307, f"Set-Cookie: at={talk.path}")(talk)


_LEADS_NOWHERE: dict[str, Fault] = {
    "to itself": _to("/news", 301),
    "to and fro": _ping_pong,
    "further and further": _chain,
    "longer and longer": faulty.redirect_loop,
    "to itself with a cookie": faulty.cookie_redirect,
    "to its own anchor": _to("#top"),
    "to a query": _to("?again"),
}
_FORBIDDEN: dict[str, str | bytes] = {
    "to a file": "file:///etc/passwd",
    "to a file server": "ftp://127.0.0.1/",
    "to a script": "javascript:alert(1)",
    "to data": "data:text/html,<p>1 November 2026",
    "to a mail address": "mailto:press@ministry.example",
    "to a burrow": "gopher://127.0.0.1:11211/_stats",
    "to a private address": "http://10.0.0.1/admin",
    "to the machine's own data": "http://169.254.169.254/latest/meta-data/",
    "to everything": "http://0.0.0.0/",
    "to a private address of six": "http://[fd00::1]/",
    "to a mapped address": "http://[::ffff:10.0.0.1]/",
    "to a short address": "http://10.1/",
    "to an address as a number": "http://167772161/",
    "to an address in octal": "http://012.0.0.1/",
    "to a group": "http://224.0.0.1/",
    "to examples": "http://192.0.2.1/",
    "to a host of two points": "http://a..b.example/",
    "to a host of a long label": f"http://{'a' * 64}.example/",
    "to a host of many labels": f"http://{'a.' * 200}example/",
    "to a host with a blank": "http://minis try.example/",
    "to a host in brackets": "http://[1::2::3]/",
    "to half a bracket": "http://[::1/",
    "to a host of percents": "http://%00%0d%0a.example/",
    "to no host": "http:///news",
    "to a port that is none": "http://127.0.0.1:99999/",
    "to a port in words": "http://127.0.0.1:http/",
    "to a name in a name": "http://user:pass@10.0.0.1:80/",
    "to a backslash": "http://10.0.0.1\\@ministry.example/",
    "to a half of a character": b"http://\xed\xa0\xbd.example/",
    "to a host of a soft hyphen": "http://\u00ad/",
}
_REFUSED = {name: _to(location) for name, location in _FORBIDDEN.items()}
_ODD: dict[str, Fault] = {
    "to nothing": _to(""),
    "to blanks": _to("   "),
    "to a hundred thousand characters": _to("/" + "x" * 100_000),
    "to bytes": _to(b"/\xff\xfe\x80"),
    "to control characters": _to(b"/\x01\x02\x7f\x1b"),
    "to NUL": _to(b"/\0"),
    "to percents that are none": _to("/%%%zz%"),
    "to port nought": _to("http://127.0.0.1:0/"),
    "to a closed port": _to("http://127.0.0.1:1/"),
    "to its own port with TLS": lambda talk: _to(f"https://{talk.site}/")(talk),
    "without a place": Answer("moved", status="HTTP/1.1 301 Moved"),
    "to two places": Answer("moved", status="HTTP/1.1 302 Found", headers=("Location: /a", "Location: file:///b")),
    "with a choice": Answer(LISTING, status="HTTP/1.1 300 Choices", headers=("Location: file:///etc/passwd",)),
    "to what is not there": Paths({"/news": _to("/gone")}, Answer("gone", status="HTTP/1.1 410 Gone")),
    "to a bomb": Paths({"/news": _to("/bomb")}, faulty.gzip_bomb),
    "with a bomb": Answer(faulty.bomb, status="HTTP/1.1 302 Found", headers=("Location: /a", "Content-Encoding: gzip")),
    "with an endless text": Answer(
        lambda: "x" * 6_000_000, status="HTTP/1.1 302 Found", headers=("Location: file:///a",)
    ),
    "to silence": Paths({"/news": _to("/silence")}, faulty.silence),
}
_AT_LAST: dict[str, Fault] = {
    "four times": Paths(
        {"/news": _to("/1"), "/1": _to("/2", 303), "/2": _to("/3", 307), "/3": _to("/4", 308), "/4": Answer(LISTING)},
        Answer("", status="HTTP/1.1 404 Not Found"),
    ),
    "with a sound text": Paths(
        {
            "/news": Answer(LISTING, status="HTTP/1.1 302 Found", headers=("Location: /there",)),
            "/there": Answer(LISTING),
        },
        Answer("", status="HTTP/1.1 404 Not Found"),
    ),
}

MOVES: dict[str, Row] = {
    **{name: Row(answer, frozenset({Reason.REDIRECTS})) for name, answer in _LEADS_NOWHERE.items()},
    **{name: Row(answer, frozenset({Reason.REFUSED, Reason.REDIRECTS})) for name, answer in _REFUSED.items()},
    **{
        name: Row(
            answer,
            frozenset(
                {
                    *(Reason.REDIRECTS, Reason.REFUSED, Reason.GONE, Reason.UNREACHABLE),
                    *(Reason.TOO_LARGE, Reason.TIMEOUT, Reason.TLS),
                }
            ),
        )
        for name, answer in _ODD.items()
    },
    **{name: Row(answer, frozenset({Reason.OK, Reason.MOVED}), 0) for name, answer in _AT_LAST.items()},
    **rows({"to another scheme in capitals": _to("FILE:///etc/passwd")}, Reason.REDIRECTS, Reason.REFUSED),
}
