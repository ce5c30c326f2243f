"""Text that should be XML -> elements, however damaged. Pure.

An XML parser stops at the first mistake, and one that recovers loses or merges what stands after it. The fields of a
feed's entry are few and stand side by side, so they are found by their tags: each mistake costs the field it is in.

1. CDATA sections become escaped text, comments go. One that is not closed costs its mark only.
2. A part of the feed, such as an entry, reaches from its tag to the end tag, else to the next tag of its kind.
3. A field reaches from its tag to its end tag; without one, to the next tag of any kind.

Time and memory grow with the length of the text: no expression here goes back over what it has read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from crawler.listing.texts.plain_text import unescaped

_OPAQUE = re.compile(
    r"<!\[CDATA\[(?:((?:[^<\]]++|<(?!!\[CDATA\[)|\](?!\]>))*+)\]\]>)?+|<!--(?:(?:[^<-]++|<(?!!--)|-(?!->))*+-->)?+"
)
_TAG = re.compile(r"<([A-Za-z_][\w.:-]{0,80})((?:\"[^\"<]*\"|'[^'<]*'|[^<>])*+)>")
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.:-]{1,80})\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]++))")
FIELDS = 100
"""Fields of one entry that are read at most."""


class Element(NamedTuple):
    """A part of a feed: its name as written, its attributes and what stands in it, as written."""

    name: str
    attributes: str
    inner: str

    def attribute(self, name: str) -> str:
        """The value of an attribute, empty without it."""
        return attributes_of(self.attributes).get(name, "") if "=" in self.attributes else ""


def without_opaque(text: str) -> str:
    """The text with CDATA sections as escaped text and without comments."""
    return _OPAQUE.sub(_escaped, text) if "<!" in text else text


def _escaped(opaque: re.Match[str]) -> str:
    return (opaque[1] or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes of a tag, by their names in small letters."""
    return {name.lower(): unescaped(one or two or bare) for name, one, two, bare in _ATTRIBUTE.findall(tag)}


def parts(text: str, tags: re.Pattern[str], whole: re.Pattern[str]) -> Iterator[Element]:
    """The parts of a text that begin and end with `tags`, in order; group 1 of a match is `/` at an end tag.

    The last one may lack its end tag only if `whole` is found after it: else the text breaks off inside it.
    """
    opened: re.Match[str] | None = None
    for tag in tags.finditer(text):
        if opened is not None:
            yield _part(text, opened, tag.start())
        opened = tag if not tag[1] and not tag[0].endswith("/>") else None
    if opened is not None and (end := whole.search(text, opened.end())):
        yield _part(text, opened, end.start())


def _part(text: str, tag: re.Match[str], end: int) -> Element:
    return Element(tag[2], tag[0], text[tag.end() : end])


def children(inner: str) -> Iterator[Element]:
    """The elements side by side in a part; what stands in them is not looked at."""
    return islice(_children(inner), FIELDS)


def _children(inner: str) -> Iterator[Element]:
    position = 0
    while tag := _TAG.search(inner, position):
        name, position = tag[1], tag.end()
        if tag[2].endswith("/"):
            yield Element(name, tag[2], "")
            continue
        close = _close(inner, name, position)
        if close is None:
            following = inner.find("<", position)
            yield Element(name, tag[2], inner[position : following if following >= 0 else len(inner)])
        else:
            yield Element(name, tag[2], inner[position : close[0]])
            position = close[1]


def _close(inner: str, name: str, start: int) -> tuple[int, int] | None:
    """Where the end tag of an element begins and ends."""
    for spelling in (name, name.lower()):
        at = inner.find("</" + spelling, start)
        end = at + len(name) + 2
        if at >= 0 and not inner[end : end + 1].isalnum():
            return at, end
    return None
