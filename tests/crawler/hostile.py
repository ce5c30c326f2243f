"""Input that costs a careless reader more than it is long, made in as many pieces as are asked for."""

from __future__ import annotations

from collections.abc import Callable

Made = Callable[[int], str]


def _feed(inner: Made) -> Made:
    return lambda count: f"<rss><channel>{inner(count)}</channel></rss>"


def _page(inner: Made) -> Made:
    return lambda count: f"<!DOCTYPE html><html><head><title>News</title></head><body>{inner(count)}</body></html>"


HOSTILE_FEEDS: dict[str, Made] = {
    "entries": _feed(lambda count: "<item><title>S</title><link>/n</link></item>" * count),
    "nested elements": _feed(lambda count: "<item>" + "<b>" * count + "</b>" * count + "</item>"),
    "open entries": _feed(lambda count: "<item>" * count),
    "open elements": _feed(lambda count: "<item>" + "".join(f"<b{number}>" for number in range(count))),
    "open sections": _feed(lambda count: "<![CDATA[<!--" * count),
    "scripts": _feed(lambda count: "<item><title>" + "&lt;script&gt;" * count + "</title></item>"),
    "open attributes": _feed(lambda count: "<item><link " + 'a="' * count + "/></item>"),
}
HOSTILE_JSON: dict[str, Made] = {
    "nested arrays": lambda count: "[" * count,
    "nested objects": lambda count: '{"a":' * count,
    "a number of many digits": lambda count: '{"a":' + "9" * count + "}",
    "scripts that are no JSON": _page(lambda count: "<script>" + "a={b:" * count + "</script>"),
    "scripts that do not end": lambda count: "<script>(" * count,
    "a nested attribute": _page(lambda count: f'<p x="{"[" * count}"></p>'),
    "strings that do not end": _page(lambda count: "<script>" + "JSON.parse('" * count + "</script>"),
}
HOSTILE_BODIES: dict[str, Made] = {
    "open paragraphs": lambda count: "<p>A word is here. " * count,
    "spans": lambda count: "<span>A word is here. </span>" * count,
    "nested blocks": lambda count: "<div>A word is here. " * count,
}
"""What stands within an article."""
HOSTILE_PAGES: dict[str, Made] = {
    "paragraphs": _page(lambda count: "<p>x" * count),
    "links": _page(lambda count: "<a href=x>y</a>" * count),
    "lines": _page(lambda count: "x<br>" * count),
    "words": _page(lambda count: "word " * count),
    "sentences": _page(lambda count: "<p>" + "The minister opened a bridge. " * count),
    "nested elements": _page(lambda count: "<div>" * count + "x"),
    "empty menus": _page(lambda count: "x <nav></nav>" * count),
    "menus in a deep place": _page(lambda count: "<div class=nav>" * 200 + "<p></p>" * count),
    "headings": _page(lambda count: "<h1>Of a minister</h1>" * count),
    "links in a heading": _page(lambda count: "<h1>" + "<a>x</a>" * count),
    "dates": _page(lambda count: "<b>1.1.2024</b> " * count),
    "dated rows": _page(lambda count: "<li>1.1.2024 <a href=/n>The minister opened a bridge</a></li>" * count),
    "articles": _page(
        lambda count: "<article><h1>News</h1>" + "word " * 200 + "</article><article>x</article>" * count
    ),
    "tables": _page(lambda count: "<table><tr><td>x" * count),
    "a title of many parts": lambda count: f"<title>{'a - ' * count}</title>" + "<h2>a</h2>" * count,
    "attributes": _page(lambda count: "<p" + " a=b" * count + ">x"),
    "entities": _page(lambda count: "&lt;p&gt;" * count),
    "comments": _page(lambda count: "<!-- x -->" * count),
    "open comments": _page(lambda count: "<!--" * count),
    "open scripts": _page(lambda count: "<script>" * count),
}
"""Whole pages."""
