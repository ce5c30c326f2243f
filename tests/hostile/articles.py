"""Statements of a section that is well."""

from __future__ import annotations

import json
import zlib
from functools import partial

from tests.crawler import faulty
from tests.crawler.faulty import Fault
from tests.crawler.hostile import HOSTILE_BODIES, HOSTILE_JSON, HOSTILE_PAGES, Made
from tests.hostile import feeds
from tests.hostile.answer import HTML, STATEMENTS, XML, Answer, Body, Raw, Row, article, article_rows

PIECES = 5_000
_OF_SCHEMA = {"@context": "https://schema.org", "@type": "NewsArticle"}


def _says(head: str = "", inner: str = "") -> Answer:
    return Answer(article(head=head, inner=inner))


def _meta(name: str, content: str) -> Answer:
    return _says(f'<meta property="{name}" content="{content}"><meta name="{name}" content="{content}">')


def _data(**fields: object) -> Answer:
    return _says(f'<script type="application/ld+json">{json.dumps({**_OF_SCHEMA, **fields})}</script>')


def _canonical(address: str) -> Answer:
    return _says(f'<link rel=canonical href="{address}"><meta property="og:url" content="{address}">')


def _status(status: int, *headers: str) -> Answer:
    return Answer(article(), status=f"HTTP/1.1 {status} So", headers=headers)


def _to(location: str) -> Answer:
    return Answer("", status="HTTP/1.1 302 Found", headers=(f"Location: {location}",))


def _article_of(made: Made) -> str:
    return f"<article><h1>Of a bridge</h1>{made(PIECES)}</article>"


def _pdf(stream: bytes = b"BT /F1 12 Tf (The minister opened a bridge) Tj ET", entries: bytes = b"") -> bytes:
    packed = zlib.compress(stream)
    return (
        b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 600 800]>>endobj\n4 0 obj<</Filter/FlateDecode"
        b"/Length %d%s>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF" % (len(packed), entries, packed)
    )


def _as_pdf(body: Body) -> Answer:
    return Answer(body, "application/pdf")


_DATES = (
    "0000-00-00",
    "9999-12-31T23:59:60Z",
    "99999-01-01",
    "-1",
    "1e308",
    "9" * 2_000,
    "soon",
    "2026-11-28T25:61+99:99",
)

_READ: dict[str, Fault] = {
    **{f"a statement of {date[:12]!r}": _meta("article:published_time", date) for date in _DATES},
    **{f"a statement whose data say {date[:12]!r}": _data(datePublished=date) for date in _DATES[:4]},
    "data of lists": _data(headline=[1, None, {"a": []}], datePublished=[[]], author={"@type": []}),
    "data of numbers": _data(headline=1e308, datePublished=10**100, inLanguage=5),
    "data in themselves": _data(**{"@graph": [{"@graph": [{"@graph": []}]}] * 100}),
    "data that are none": _says('<script type="application/ld+json">{"@type": NewsArticle,,,</script>' * 100),
    "data a thousand deep": _says(f'<script type="application/ld+json">{"[" * 1_000}{"]" * 1_000}</script>'),
    "a canonical script": _canonical("javascript:alert(1)"),
    "a canonical file": _canonical("file:///etc/passwd"),
    "a canonical private address": _canonical("http://10.0.0.1/admin"),
    "a canonical host that cannot be": _canonical("http://a..b.example/1"),
    "a canonical bracket": _canonical("http://[::1/1"),
    "a canonical section": _canonical("/news"),
    "a canonical home": _canonical("/"),
    "a canonical of another": _canonical("https://another.example/1"),
    "a canonical of a megabyte": _canonical("/" + "x" * 1_000_000),
    "editions that are none": _says(
        '<link rel=alternate hreflang="xx-YY-zz" href="http://["><link rel=alternate hreflang="" href="">' * 50
    ),
    "a language that is none": Answer(article().replace("<html>", f'<html lang="{"x" * 10_000}">')),
    "a title of a megabyte": _meta("og:title", "x" * 1_000_000),
    "ten thousand metas": _says('<meta name="a" content="b">' * 10_000),
    "halves of characters": Answer(article(inner="<p>\ud83d \ude00 &#55357; &#xDE00;</p>")),
    "NUL": Answer(article(inner="<p>a\0b</p>").replace("bridge", "br\0idge")),
    "control characters": Answer(article(inner="<p>\x01\x1b[2J\x07\x9b</p>")),
    "letters that turn around": Answer(article(inner="<p>\u202e txet \u2066</p>")),
    "marks upon marks": Answer(article(inner="<p>o" + "\u0301" * 20_000 + "</p>")),
    "a word of a megabyte": Answer(lambda: article(inner=f"<p>{'x' * 1_000_000}</p>")),
    "a picture in its text": Answer(lambda: article(inner=f'<img src="data:image/png;base64,{"A" * 1_000_000}">')),
    "a script that writes": _says("<script>document.write('<p>x')</script>"),
    "a refresh": _says('<meta http-equiv=refresh content="0;url=file:///etc/passwd">'),
    "templates": _says(inner="<p>{{ 7*7 }} {% for x in y %} ${7*7} <%= 7*7 %> #{7*7}</p>"),
    "commands": _says(inner="<p>'; DROP TABLE items; -- \" OR 1=1 $(reboot) `id` && rm</p>"),
    "formulas": _says(inner="<p>=cmd|' /C calc'!A0 @SUM(1+1)*cmd</p>"),
    "a thousand tables": _says(inner="<table><tr><td>x</table>" * 1_000),
    "a comment that does not end": _says(inner="<!--"),
    "a letter in each element": _says(inner="".join(f"<i>{letter}</i>" for letter in "bridge" * 300)),
    "a false kind": Answer(article(), "application/rss+xml"),
    "text": Answer("The minister opened a bridge on Monday. " * 30, "text/plain"),
}
_NOT_READ: dict[str, Fault] = {
    "one canonical for all": _says("".join(f'<link rel=canonical href="/c/{n}">' for n in range(1_000))),
    "a PDF without its table": _as_pdf(_pdf()),
    "a kind of bytes": Answer(article(), "application/octet-stream"),
    **{
        f"statements of {name}": Answer(partial(made, PIECES))
        for name, made in {**HOSTILE_PAGES, **HOSTILE_JSON}.items()
    },
    **{f"a text of {name}": Answer(partial(_article_of, made)) for name, made in HOSTILE_BODIES.items()},
    **{
        f"statements with {status}": _status(status)
        for status in (204, 206, 304, 400, 401, 403, 404, 410, 451, 500, 503)
    },
    "statements that ask for time": _status(429, "Retry-After: 1"),
    "statements that ask for a year": _status(503, "Retry-After: 99999999"),
    "statements that lead home": _to("/"),
    "statements that lead to the section": _to("/news"),
    "statements that lead to themselves": _to("?"),
    "statements that lead to a private address": _to("http://10.0.0.1/"),
    "statements that lead to a file": _to("file:///etc/passwd"),
    "statements that lead to a host that cannot be": _to("http://a..b.example/"),
    "statements of silence": faulty.silence,
    "statements that drip": faulty.slow_body,
    "statements that end early": faulty.short_body,
    "statements that are reset": faulty.reset,
    "statements of a bomb": faulty.gzip_bomb,
    "endless statements": faulty.endless,
    "statements of no HTTP": Raw(b"220 ftp\r\n"),
    "statements of nothing": Answer(""),
    "statements of one blank": Answer(" "),
    "statements behind a challenge": faulty.challenge,
    "statements behind a login": faulty.login,
    "statements that are not found": faulty.soft_404,
    "statements that are the section": faulty.healthy,
    "statements that are a feed": Answer(feeds.rss(feeds.SOUND), XML),
    "statements that are JSON": Answer(json.dumps({"title": "x", "body": "y" * 500}), "application/json"),
    "statements that are an icon": Answer(feeds.ICON, "image/x-icon"),
    "statements that are a picture": Answer(feeds.PNG, HTML),
    "statements that are a program": Answer(b"\x7fELF" + bytes(range(256)) * 50, "application/octet-stream"),
    "a PDF called a page": Answer(_pdf(), HTML),
    "a PDF of pages in themselves": _as_pdf(feeds.PDF),
    "a PDF that breaks off": _as_pdf(_pdf()[:150]),
    "a PDF that is a page": _as_pdf(article()),
    "a PDF that is a bomb": _as_pdf(lambda: _pdf(b"(x) Tj " * 9_000_000)),
    "a PDF that is locked": _as_pdf(_pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 9/R 9>>")),
    "a PDF of a false filter": _as_pdf(_pdf().replace(b"/FlateDecode", b"/JBIG2Decode")),
    "a PDF of five megabytes of nothing": _as_pdf(lambda: b"%PDF-1.7\n" + bytes(5_000_000)),
}


ARTICLES: dict[str, Row] = {**article_rows(_READ, STATEMENTS), **article_rows(_NOT_READ)}
