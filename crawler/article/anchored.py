"""The part of a page at an anchor: one statement of many that stand on it. Pure."""

from __future__ import annotations

import copy
from itertools import islice

import lxml.html
from lxml.builder import E
from lxml.html import HtmlElement

from crawler.page.document import text_of

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INLINE = ("a", "b", "em", "i", "span", "strong")
_LEVELS = 3
"""Inline elements around an anchor that are looked through."""
_LEAST = 60
"""Characters of an element that is a statement; one with less stands above it."""


def at_anchor(root: HtmlElement, anchor: str) -> HtmlElement | None:
    """A page of its own with what stands at the anchor, or None if the page has no such place.

    That is the element of this name, if it has a text, else what follows it until the next anchor or a heading like it.
    """
    place = next((one for one in root.iter() if anchor in (one.get("id"), one.get("name"))), None)
    if place is None:
        return None
    if place.tag not in _HEADINGS and len(text_of(place)) >= _LEAST:
        return _page(place)
    start = place
    for around in islice(place.iterancestors(), _LEVELS):
        if start.tag not in _INLINE or _anchors(around, place) > 1:
            break
        start = around
    return _page(*_from(start, place))


def _from(start: HtmlElement, place: HtmlElement) -> list[HtmlElement]:
    """An element and those after it, until the next one with an anchor or of the same heading."""
    found = [start]
    for element in start.itersiblings():
        is_next = element.tag in _HEADINGS and start.tag in _HEADINGS and element.tag <= start.tag
        if is_next or _anchors(element, place):
            break
        found.append(element)
    return found


def _anchors(element: HtmlElement, place: HtmlElement) -> int:
    """How many anchors of the same kind stand in it."""
    name = "id" if place.get("id") else "name"
    return sum(one.tag == place.tag and bool(one.get(name)) for one in element.iter())


def _page(*elements: HtmlElement) -> HtmlElement:
    article = E.article()
    for element in elements:
        own = copy.deepcopy(element)
        own.tail = None
        article.append(own)
    page = lxml.html.document_fromstring("<html><body></body></html>")
    page.find("body").append(article)
    return page
