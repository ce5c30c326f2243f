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
