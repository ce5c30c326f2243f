"""Pages of sections: their letters, their markup, and where their next pages lead."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import partial

from storage.types import Reason
from tests.crawler import faulty
from tests.crawler.faulty import Fault, Talk
from tests.crawler.hostile import HOSTILE_JSON, HOSTILE_PAGES
from tests.hostile.answer import LISTING, Answer, Body, Row, article, listing, rows

PIECES = 5_000
_RUSSIAN = listing("Министр открыл мост номер {}, первый за три года").replace("November", "ноября")


def _called(charset: str, body: Body = LISTING) -> Answer:
    return Answer(body, kind=f"text/html; charset={charset}")


def _page(inner: str, head: str = "") -> Answer:
    return Answer(LISTING.replace("</h1>", f"</h1>{inner}").replace("</head>", f"{head}</head>"))


_CHARSETS = (
    *("klingon-8", "utf-7", "utf-16", "utf-32", "cp037", "iso-2022-jp", "hz", "big5", "gb18030", "x-user-defined"),
    *("punycode", "idna", "rot13", "hex", "base64", "zlib", "bz2", "unicode_escape", "undefined", "mbcs", "quopri"),
    *("ascii", "none", "", "utf-8;utf-16", "a" * 5_000, "../../etc/passwd", "\xff\xfe", "unicode-1-1-utf-8"),
)

_LETTERS: dict[str, Fault] = {
    **{f"letters called {charset[:20]!r}": _called(charset) for charset in _CHARSETS},
    "UTF-16 without a mark": _called("utf-16-le", LISTING.encode("utf-16-le")),
    "UTF-16 with a mark": _called("utf-8", LISTING.encode("utf-16")),
    "UTF-8 with the mark of UTF-16 in its name": _called("utf-16", codecs.BOM_UTF8 + LISTING.encode()),
    "two marks": _called("utf-8", codecs.BOM_UTF8 * 2 + LISTING.encode()),
    "koi8 called utf-8": _called("utf-8", _RUSSIAN.encode("koi8-r", "replace")),
    "866 called 1251": _called("windows-1251", _RUSSIAN.encode("cp866", "replace")),
    "letters in two encodings": _called("utf-8", _RUSSIAN.encode() + _RUSSIAN.encode("cp1251", "replace")),
    "letters that are too long": _called(
        "utf-8", LISTING.encode().replace(b"e", b"\xc1\xa5").replace(b"h\xc1\xa5ad", b"head")
    ),
    "letters in halves": _called(
        "utf-8", LISTING.replace("bridge", "br\ud83didge \ude00").encode("utf-8", "surrogatepass")
    ),
    "NUL between letters": _called("utf-8", LISTING.replace("bridge", "br\0id\0ge")),
    "control characters": _called("utf-8", LISTING.replace("bridge", "br\x1b[31mid\x07ge\x85\u2028")),
    "letters that turn around": _called("utf-8", LISTING.replace("bridge", "\u202ebridge\u2066")),
    "letters of no shape": _called("utf-8", LISTING.replace("bridge", "\ufdd0bridge\uffff\U0010ffff")),
    "twenty thousand marks": _called("utf-8", LISTING.replace("bridge", "b" + "\u0301" * 20_000 + "ridge", 1)),
    "entities of nothing": _called(
        "utf-8", LISTING.replace("bridge", "&#0;bridge&#xD83D;&#99999999999;&#x110000;&bogus;")
    ),
}
_MARKUP: dict[str, Fault] = {
    "a base of a script": _page("", '<base href="javascript:alert(1)">'),
    "a base of half a bracket": _page("", '<base href="http://[">'),
    "a base of data": _page("", '<base href="data:text/html,x">'),
    "two thousand bases": _page("", '<base href="/news">' * 2_000),
    "a refresh to itself": _page("", '<meta http-equiv=refresh content="0;url=/news">'),
    "a canonical script": _page("", '<link rel=canonical href="javascript:x"><link rel=canonical href="http://[">'),
    "a thousand feeds": _page("", '<link rel=alternate type="application/rss+xml" href="/a">' * 1_000),
    "an attribute of a megabyte": _page(f'<div class="{"x" * 1_000_000}"></div>'),
    "ten thousand classes": _page(f'<div class="{" ".join(f"c{n}" for n in range(10_000))}"></div>'),
    "ids that are all the same": _page("<b id=a></b>" * 5_000),
    "a thousand frames": _page('<iframe src="file:///etc/passwd"></iframe>' * 1_000),
    "a picture of the size of a house": _page('<img src="data:image/png;base64,' + "A" * 1_000_000 + '">'),
    "a form of ten thousand fields": _page("<form>" + "<input name=a>" * 10_000 + "</form>"),
    "links of no host": _page("".join(f'<a href="http://a..b/{n}">x</a>' for n in range(2_000))),
    "links of halves": _page('<a href="/news/\ud83d">The minister \ude00 opened</a>'),
    "tags that are none": _page("<3 <> </> <!> <?> <a<b<c> <p/ /> </p/ > <%x%> <x:y:z>"),
    "ends without a beginning": _page("</div></p></b></table></body></html>" * 2_000),
    "ends, and more": Answer(LISTING + "</body></html><p>" * 1_000),
    "one statement a thousand times": Answer(LISTING.replace("</body>", LISTING[LISTING.index("<p>") :] * 300)),
}
_LEFT_TO_CHANCE: dict[str, Fault] = {
    "scalable pictures": _page("<svg>" + "<g>" * 500 + "<foreignObject><p>x" + "</svg>"),
    "formulas": _page("<math>" + "<mrow>" * 500 + "</math>"),
    "attributes that do not end": _page('<a href="/x title="y"z\'>x</a><p class=\'a>'),
    **{f"many {name}": Answer(partial(made, PIECES)) for name, made in HOSTILE_PAGES.items()},
    **{f"a page of {name}": Answer(partial(made, PIECES)) for name, made in HOSTILE_JSON.items()},
    "a comment that does not end": _page("<!-- "),
    "a script that does not end": _page("<script>"),
    "a text that does not end": _page("<textarea>"),
    "plain text": _page("<plaintext>"),
    "dates that cannot be": Answer(LISTING.replace("November 2026", "Foo 99999").replace("1", "9" * 20)),
    "titles of a megabyte": Answer(listing("x" * 300_000 + "{}")),
    "titles of nothing": Answer(listing("{}").replace(">1", "><!-- -->")),
    "one blank": Answer(" "),
    "one letter": Answer("x"),
    "bytes": Answer(bytes(range(256)) * 400),
    "a tree in a tree": faulty.nested,
    "a page of NUL": Answer(bytes(100_000)),
    "a page of a script alone": Answer("<html><script>document.write('')</script></html>"),
    "a page of frames": Answer('<frameset><frame src="file:///etc/passwd"><frame src="/news"></frameset>'),
    "a calendar without an end": Answer(
        lambda: "".join(f'<a href="/day/{n}">{n % 28 + 1} November {n}</a> ' for n in range(1_900, 4_000))
    ),
}
_STAND_INS: dict[str, Fault] = {
    "a challenge": faulty.challenge,
    "a login": faulty.login,
    "not found, and well": faulty.soft_404,
    "for sale": Answer("<title>ministry.example</title><h1>This domain is for sale</h1><p>Buy this domain."),
    "consent": Answer(
        "<title>Before you continue</title><h1>Before you continue</h1><p>We use cookies.<button>Accept all</button>"
    ),
    "works": Answer("<title>Maintenance</title><h1>We'll be back soon</h1><p>The site is under maintenance.</p>"),
    "a list of files": Answer("<title>Index of /news</title><h1>Index of /news</h1><pre><a href='../'>../</a></pre>"),
    "an error of a database": Answer(
        "<b>Fatal error</b>: Uncaught mysqli_sql_exception in /var/www/a.php:3 Stack trace:"
    ),
}


def _next(path: Callable[[int], str]) -> Fault:
    """A section whose pages never end."""

    def site(talk: Talk) -> None:
        if talk.path.startswith("/news/"):
            return Answer(article())(talk)
        number = int(talk.path.rpartition("=")[2] or 0) if "=" in talk.path else 0
        rows = "".join(
            f'<p>{n} November 2026 <a href="/news/{number}-{n}">The minister opened the bridge {number}-{n}</a></p>'
            for n in range(10, 13)
        )
        more = f'<a rel=next href="{path(number + 1)}">Next page</a>'
        return Answer(f"<html><body><h1>News</h1>{rows}{more}</body></html>")(talk)

    return site


_PAGES: dict[str, Fault] = {
    "pages without an end": _next(lambda number: f"/news?page={number}"),
    "a next page that is this one": _next(lambda number: "/news"),
    "a next page to and fro": _next(lambda number: f"/news?page={number % 2}"),
    "a next page that is a script": _next(lambda number: "javascript:next()"),
    "a next page of another": _next(lambda number: "http://10.0.0.1/news?page=2"),
    "a next page that grows": _next(lambda number: f"/news?{'x' * 1_000 * number}&page={number}"),
}
_ANY = (Reason.OK, Reason.EMPTY, Reason.UNREADABLE, Reason.NOT_A_FEED)

LISTS: dict[str, Row] = {
    **rows(_LETTERS, Reason.OK, Reason.EMPTY),
    **rows(_MARKUP, Reason.OK),
    **rows(_LEFT_TO_CHANCE, *_ANY),
    **rows(
        _STAND_INS, Reason.CHALLENGE, Reason.LOGIN, Reason.SOFT_404, Reason.BLOCKED, Reason.EMPTY, Reason.SERVER_ERROR
    ),
    **{name: Row(site, frozenset({Reason.OK}), 3) for name, site in _PAGES.items()},
}
