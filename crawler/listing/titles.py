"""The headline of a row: what its link says, or what the row says of its link. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.date_lines import DateLine
from crawler.listing.links import Link, is_generic, link_text, link_words
from crawler.pages import clean, text_of

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_BLOCKS = frozenset({"div", "p", "ul", "ol", "section", "time", "figure", "article", "header", *HEADINGS})
_TITLE_NAME = re.compile(r"(?:^|[-_\s])(?:title|headline|heading|name|subject)(?:$|[-_\s])|title$", re.IGNORECASE)
_BESIDE_TITLE = re.compile(
    r"(?:^|[-_\s])(?:meta|date|time|kicker|badge|label|tag|type|category|icon)(?:$|[-_\s])", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_]{3,}")
_LONGEST = 300
"""Characters of a title that is the rest of a row."""
_HEADLINE = 15
"""Characters from which on a part of a card may be its headline."""


def title_of(link: Link, row: HtmlElement, dates: Sequence[DateLine], *, is_poor: bool) -> str:
    """The headline of one row. `is_poor`: the links of the list say little ("PDF", "No. 4"), the row around them more.

    1. A heading in the link. 2. Where the date is the link: the rest of the row. 3. For a poor link or a file: the
    row's heading, then the words before the link. 4. The link's words: the headline that it names itself, of a card its
    headline, else all but the date; a picture's words where that is all.
    """
    heading = next((text for one in link.element.iter(*HEADINGS) if (text := text_of(one))), "")
    if heading:
        return heading
    if _is_date(link.text) and any(link.text == line.published.text for line in dates):
        return clean(text_of(row).replace(link.text, " ", 1)).strip(" :–—-|,")[:_LONGEST]
    in_heading = next(link.element.iterancestors(*HEADINGS), None) is not None
    if (is_poor or link.is_document or is_generic(link.text)) and not in_heading:
        heading = next((text for one in row.iter(*HEADINGS) if _is_unlinked(one) and (text := text_of(one))), "")
        if heading:
            return heading
        before = _before(link.element, row, dates) if is_poor else ""
        if len(before) > len(link.text):
            return before
    if not link.text:
        pictured = link_text(link.element)
        return pictured if len(pictured) >= _HEADLINE else ""
    if is_generic(link.text):
        return ""
    return _told(link) or _of_card(link.element, dates) or _without_date(link, dates)


def _told(link: Link) -> str:
    """The headline that a link names beside its words, if it stands among them with more: a number, a department."""
    title = clean(link.element.get("title") or link.element.get("aria-label") or "")
    return title if len(title) >= _HEADLINE and title in link.text else ""


def _is_date(text: str) -> bool:
    """Whether a text that has a date has room for no more than a month's name beside the numbers."""
    return len(_WORDS.findall(text)) <= 1


def without_day(title: str, printed: str) -> str:
    """A title without the date that stands before it, or in brackets after it: "28.11.2024 A statement"."""
    if not printed or title == printed:
        return title
    if title.startswith(printed):
        return title.removeprefix(printed).lstrip(" .,:;|/–—-") or title
    return re.sub(rf"\s*[(\[]{re.escape(printed)}[)\]]$", "", title) or title


def _is_unlinked(heading: HtmlElement) -> bool:
    return next(heading.iter("a"), None) is None


def _before(link: HtmlElement, row: HtmlElement, dates: Sequence[DateLine]) -> str:
    """What stands in the row right before the link and is no date: the cell, paragraph or words before it."""
    days = {line.element for line in dates}
    child = link
    while child is not row:
        parent = child.getparent()
        pieces = [parent.text or ""]
        for one in parent:
            if one is child:
                break
            pieces = [] if one.tag in _BLOCKS or one.tag in ("td", "th", "br") else pieces
            pieces += ["" if one in days else text_of(one), one.tail or ""]
        text = clean(" ".join(pieces)).rstrip(" :–—-,(")
        if text and any(char.isalpha() for char in text):
            return text
        child = parent
    return ""


def _of_card(link: HtmlElement, dates: Sequence[DateLine]) -> str:
    """The headline of a link that is a whole card: the part called so, else the first long one that is no date."""
    days = {line.element for line in dates}
    parts = list(_parts(link))
    if len(parts) < 2:
        return ""
    named = [part for part in parts if _is_named_title(part.get("class") or "")]
    if named:
        return text_of(named[0])
    if not any(part.tag in _BLOCKS for part in parts):
        return ""
    texts = [text_of(part) for part in parts if not days.intersection(part.iter())]
    return next((text for text in texts if len(text) >= _HEADLINE), max(texts, key=len, default=""))


def _is_named_title(name: str) -> bool:
    return _TITLE_NAME.search(name) is not None and _BESIDE_TITLE.search(name) is None


def _parts(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that share the text of an element among them; none if it has text of its own."""
    if clean(element.text or "") or any(clean(child.tail or "") for child in element):
        return
    for child in element:
        inner = list(_parts(child))
        if inner:
            yield from inner
        elif text_of(child):
            yield child


def _without_date(link: Link, dates: Sequence[DateLine]) -> str:
    text = link.text or link_words(link.element)
    inside = set(link.element.iter())
    for line in dates:
        if line.element in inside and line.element is not link.element:
            text = clean(text.replace(line.published.text or text_of(line.element), " ", 1)) or text
    return text
