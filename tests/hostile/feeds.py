"""Feeds and sitemaps, and what is called so."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import partial

from storage.types import Reason
from tests.crawler import faulty
from tests.crawler.faulty import Fault, Talk
from tests.crawler.hostile import HOSTILE_FEEDS
from tests.hostile.answer import LISTING, MISSING, XML, Answer, Body, Paths, Row, rows

PIECES = 5_000
"""Of which the feeds of `HOSTILE_FEEDS` are made."""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0" + bytes(range(256)) * 20
ICON = b"\0\0\1\0\1\0\x10\x10\0\0\1\0 \0h\4\0\0\x16\0\0\0" + bytes(1_000)
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 99999999>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


def item(number: int, *, title: str = "", link: str = "", date: str = "", inner: str = "") -> str:
    """An entry of RSS."""
    return (
        f"<item><title>{title or f'The minister opened the bridge number {number}'}</title>"
        f"<link>{link or f'/news/{number}'}</link>"
        f"<pubDate>{date or f'Tue, {10 + number} Nov 2026 10:00:00 GMT'}</pubDate>{inner}</item>"
    )


def rss(inner: str, head: str = "", attributes: str = "") -> str:
    """A feed."""
    channel = f"<channel><title>News</title>{inner}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0" {attributes}>{channel}</rss>'


SOUND = "".join(map(item, range(3)))
"""Three entries that are well."""


def _feed(body: Body, kind: str = XML) -> Answer:
    return Answer(body, kind)


def _packed(made: Callable[[], str]) -> Answer:
    return Answer(lambda: gzip.compress(made().encode(), 1, mtime=0), XML, ("Content-Encoding: gzip",))


def _declared(doctype: str, inner: str = "&a;") -> Answer:
    return _feed(rss(SOUND + f"<item><title>{inner}</title></item>", f"<!DOCTYPE rss [{doctype}]>"))


def _beside(**one: str) -> Answer:
    """A feed of three sound entries, and one that is not."""
    return _feed(rss(SOUND + item(9, **one)))


def _laughs() -> Answer:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return _declared(entities, "&a11;")


def _atom(inner: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{inner}</feed>'


_DATES = (
    *("Mon, 32 Feb 2026 25:61:61 +9999", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "99999-01-01", "-5", "1e308"),
    *("9" * 5_000, "٣٠ فبراير ٢٠٢٦", "NaN", "Mon, 01 Jan 0001 00:00:00 GMT", "2026-11-28T10:00:00+99:99", "\u0000"),
)
_LINKS = {
    "a script": "javascript:alert(1)",
    "data": "data:text/html,x",
    "a file": "file:///etc/passwd",
    "a private address": "http://10.0.0.1/news/1",
    "a host of two points": "http://a..b.example/news/1",
    "a host of a long label": f"http://{'a' * 64}.example/news/1",
    "half a bracket": "http://[::1/news/1",
    "a port that is none": "http://ministry.example:99999/1",
    "steps upward": "/../../../../../../etc/passwd",
    "the section itself": "/news",
    "a hundred thousand characters": "/news/" + "x" * 100_000,
    "lines": "/ne\nws/\r\n1\t",
    "bytes of other letters": "/новости/\u202e1",
}

_SOUND_ALL_THE_SAME: dict[str, Fault] = {
    **{f"a feed with a date of {date[:12]!r}": _beside(date=date) for date in _DATES if date != "\0"},
    **{f"a feed with a link to {name}": _beside(link=link) for name, link in _LINKS.items()},
    "laughs": _laughs(),
    "an entity of a file": _declared('<!ENTITY a SYSTEM "file:///etc/passwd">'),
    "an entity of a page": _declared('<!ENTITY a SYSTEM "http://127.0.0.1:1/x">'),
    "an entity of itself": _declared('<!ENTITY a "&a;">'),
    "an entity in an entity": _declared('<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;'),
    "no such entity": _feed(rss(SOUND + item(9, title="&nothing;&#0;&#xFFFFFFFF;&#99999999999;&#xD800;"))),
    "a document type of a stranger": _feed(rss(SOUND, '<!DOCTYPE rss SYSTEM "file:///etc/passwd">')),
    "an inclusion": _feed(
        rss(SOUND + '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')
    ),
    "a style": _feed(rss(SOUND, '<?xml-stylesheet href="javascript:alert(1)"?>')),
    "a name space for each": _feed(rss(SOUND, attributes=" ".join(f'xmlns:n{n}="urn:{n}"' for n in range(5_000)))),
    "an attribute of a million": _feed(rss(SOUND + f'<item a="{"x" * 1_000_000}"/>')),
    "a title of a million": _beside(title="bridge " * 150_000),
    "a title of tags": _beside(title="&lt;b&gt;" * 1_000 + "The minister opened a bridge"),
    "an id of a million": _beside(inner=f"<guid>{'g' * 1_000_000}</guid>"),
    "one id for all": _feed(rss("".join(item(n, inner="<guid>same</guid>") for n in range(3)))),
    "a title of control characters": _beside(title="\x01\x02 The minister\x1b[31m opened\x07 a bridge"),
    "a title of halves": _beside(title="The minister opened a bridge &#55357;\ud83d"),
    "a title that turns around": _beside(title="The minister \u202e opened \u2066 a bridge \U000e0041"),
    "a title of marks": _beside(title="The minister o" + "\u0301" * 20_000 + "pened a bridge"),
    "an enclosure of ten to the twentieth": _beside(inner=f'<enclosure url="/a.mp3" length="{10**20}" type="x"/>'),
    "an element a thousand deep": _beside(inner="<a>" * 1_000 + "</a>" * 1_000),
    "a base of a script": _feed(rss(SOUND, attributes='xml:base="javascript:alert(1)"')),
    "text behind the end": _feed(rss(SOUND) + "<script>alert(1)</script>" + "\0" * 100),
    "blanks before the beginning": _feed("\n\n  \ufeff" + rss(SOUND)),
    "a comment before the beginning": _feed("<!-- cached -->" + rss(SOUND)),
    "a warning before the beginning": _feed("<br /><b>Warning</b>: in /a.php on line 2<br />" + rss(SOUND)),
    "a feed that breaks off": _feed(rss(SOUND + item(9))[:-60]),
    "an entry that does not end": _feed(rss(SOUND + "<item><title>The minister").replace("</channel></rss>", "")),
    "ampersands": _feed(rss(SOUND.replace("bridge", "bridge & tunnel & co"))),
    "tags in capitals": _feed(rss(SOUND).replace("item>", "ITEM>").replace("title>", "TITLE>")),
    "a feed called a page": _feed(rss(SOUND), "text/html"),
    "a feed called a picture of nothing": _feed(rss(SOUND), "application/octet-stream"),
    "a feed of a false encoding": _feed(rss(SOUND).replace("utf-8", "utf-16")),
    "a feed of no encoding": _feed(rss(SOUND).replace("utf-8", "klingon-8")),
    "an Atom of two names": _feed(
        _atom(
            "".join(
                f'<entry><title>The minister opened the bridge {n}</title><id>urn:{n}</id><link href="/news/{n}"/>'
                f"<updated>2026-11-1{n}T10:00:00Z</updated></entry>"
                for n in range(3)
            )
            + "<item/><entry/>"
        )
    ),
    "RDF": _feed(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        + SOUND
        + "</rdf:RDF>"
    ),
}
_NOT_SOUND: dict[str, Fault] = {
    "a large entity": _declared(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 1_000),
    **{f"a feed of many {name}": _feed(partial(made, PIECES)) for name, made in HOSTILE_FEEDS.items()},
    "a feed of fifty thousand": _feed(
        lambda: rss("".join(item(n % 18, link=f"http://a..b/{n}") for n in range(30_000)))
    ),
    "a feed of seven hundred thousand": _feed(lambda: rss("<item/>" * 700_000)),
    "a sitemap of eight hundred thousand": _feed(lambda: f"<urlset>{'<url/>' * 800_000}</urlset>"),
    "a feed of nothing": _feed(rss("")),
    "a feed of no element": _feed(""),
    "a declaration alone": _feed('<?xml version="1.0"?>'),
    "an element of another": _feed("<svg xmlns='http://www.w3.org/2000/svg'><text>1</text></svg>"),
    "an answer of SOAP": _feed("<Envelope><Body><Fault>no</Fault></Body></Envelope>"),
    "an icon as a feed": _feed(ICON, "image/x-icon"),
    "an icon called a feed": _feed(ICON),
    "a picture as a feed": _feed(PNG, "image/png"),
    "a picture called a feed": _feed(PNG),
    "a PDF as a feed": _feed(PDF, "application/pdf"),
    "a PDF called a feed": _feed(PDF),
    "a video as a feed": _feed(b"\0\0\0\x20ftypisom" + bytes(100_000), "video/mp4"),
    "a program called a feed": _feed(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 100),
    "a feed of XML 1.1": _feed(
        '<?xml version="1.1"?><rss><channel><item><title>&#1;&#2;</title></item></channel></rss>'
    ),
    "entries without anything": _feed(rss("<item/>" * 1_000)),
    "a document type that does not end": _feed("<!DOCTYPE rss [" + '<!ENTITY a "b">' * 20_000),
    "ten thousand namespaces": _feed("<rss " + "".join(f'xmlns:a{n}="b" ' for n in range(10_000)) + "/>"),
}


def urls(addresses: str, last: str = "2026-11-28") -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(f"<url><loc>{one}</loc><lastmod>{last}</lastmod></url>" for one in addresses.split())
        + "</urlset>"
    )


def _index(*maps: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in maps) + "</sitemapindex>"


def _deeper(talk: Talk) -> None:
    Answer(_index(f"http://{talk.site}{talk.path}/next.xml"), XML)(talk)


def _led_to(answer: Fault) -> Fault:
    """A sitemap that such an answer leads to."""

    def site(talk: Talk) -> None:
        Paths({"/news": Answer(_index(f"http://{talk.site}/child.xml"), XML), "/child.xml": answer}, MISSING)(talk)

    return site


_SITEMAPS: Mapping[str, Fault] = {
    "an index of itself": lambda talk: Answer(_index(f"http://{talk.site}/news"), XML)(talk),
    "an index of an index": _deeper,
    "an index of nothing": Answer(_index(), XML),
    "an index of fifty thousand": Answer(_index(*(f"/{n}.xml" for n in range(50_000))), XML),
    "an index of a private one": Answer(_index("http://10.0.0.1/sitemap.xml"), XML),
    "an index of one that cannot be": Answer(_index("http://a..b/sitemap.xml"), XML),
    "an index of a file": Answer(_index("file:///etc/passwd"), XML),
    "an index of what is not there": _led_to(MISSING),
    "an index of a page": _led_to(Answer(LISTING)),
    "an index of an icon": _led_to(Answer(ICON, "image/x-icon")),
    "an index of a bomb": _led_to(faulty.gzip_bomb),
    "an index of silence": _led_to(faulty.silence),
    "an index of a packed bomb": _led_to(Answer(faulty.bomb, "application/gzip")),
    "a packed sitemap that breaks off": Answer(
        gzip.compress(urls("/news/1 /news/2").encode(), mtime=0)[:-20], "application/gzip"
    ),
    "a sitemap that is a bomb": Answer(faulty.bomb, "application/x-gzip"),
    "a sitemap of fifty thousand": Answer(lambda: urls(" ".join(f"http://a..b/{n}" for n in range(50_000))), XML),
    "a sitemap of itself": Answer(urls("/news /news#a /news?a"), XML),
    "a sitemap of other hosts": Answer(urls("http://10.0.0.1/a http://192.0.2.1/b file:///c javascript:d"), XML),
    "a sitemap of the year 99999": Answer(urls("/news/1 /news/2", "99999-99-99T99:99:99+99:99"), XML),
    "a sitemap of long places": Answer(urls("/" + "x" * 500_000), XML),
    "a sitemap of no places": Answer("<urlset>" + "<url/>" * 1_000 + "</urlset>", XML),
}

_ANY = (Reason.OK, Reason.EMPTY, Reason.UNREADABLE, Reason.NOT_A_FEED)

FEEDS: dict[str, Row] = {
    **rows(_SOUND_ALL_THE_SAME, Reason.OK),
    **rows(_NOT_SOUND, *_ANY),
    **rows({"a feed of a million, packed": _packed(lambda: rss(item(1) * 1_000_000))}, Reason.TOO_LARGE),
    **{
        name: Row(
            answer,
            frozenset({*_ANY, Reason.GONE, Reason.TOO_LARGE, Reason.TIMEOUT, Reason.REFUSED, Reason.UNREACHABLE}),
        )
        for name, answer in _SITEMAPS.items()
    },
}
