"""Which part of the rows of a list names what they lead to, decided over all rows together. Pure.

A number, a size, a name that recurs, the words on every link: each looks like a headline in one row and like none in
ten. A part of a row is known by where it stands in it, or by the label before it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from statistics import fmean

from lxml.html import HtmlElement

from crawler.dates.lines import DateLine
from crawler.listing.html_lists.links import Link, Names, is_generic, is_number, width, words_in
from crawler.page.document import clean
from crawler.page.labels import TITLE_LABELS

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BREAKS = frozenset({"td", "th", "br", "li", "dt", "dd"})
BLOCKS = frozenset({"div", "p", "ul", "ol", "section", "time", "figure", "article", "header", *HEADINGS})

_UNREAD = frozenset({"script", "style", "noscript", "template", "button", "select", "svg"})
_NESTED = frozenset({"tr", "table", "tbody", "thead", "dl", "main", "footer", "figcaption", "summary", "details"})
_TITLE_NAME = re.compile(r"(?:^|[-_\s])(?:title|headline|heading|name|subject)(?:$|[-_\s])|title$", re.IGNORECASE)
_BESIDE_TITLE = re.compile(
    r"(?:^|[-_\s])(?:meta|date|time|kicker|badge|label|tag|type|category|icon)(?:$|[-_\s])", re.IGNORECASE
)
_LABELLED = re.compile(r"(?P<label>[^:：]{2,30})[:：]\s*(?P<value>.*)")
_TITLE_LABEL = re.compile(
    rf"(?:case |short |full |document )?(?:{TITLE_LABELS}|caption|name|case|matter|style|предмет|дело|справа)",
    re.IGNORECASE,
)
"""In a list of documents or cases the name of one is its title."""
_SIZE = re.compile(r"\d\s?(?:bytes|[kmg]i?b|[кмг]б|б|ko|mo|pages?|pp?|стр)\b", re.IGNORECASE)
_LEAST_SHARE = 0.6
"""The share of a list's rows in which a part stands that names them."""
_LEAST_DIFFERENT = 0.7
"""The share of a part's texts that are different where it names the rows."""
_FIRST = 0.4
"""Times the width of the widest part from which on one that stands before it is what names the rows."""
_FULL = 60
"""Characters from which on a wider part names no better."""
_LONGEST = 300
_LEAST_ROWS = 3


class _Kind(IntEnum):
    """What speaks for a part; the higher outdoes the lower."""

    NUMBERED = 1
    TOLD = 2
    DIFFERENT = 3
    EMPHASISED = 4
    LABELLED = 5


_Place = tuple[str, ...]


@dataclass(slots=True)
class _Part:
    """What stands at one place of the rows."""

    texts: dict[int, str] = field(default_factory=dict)
    emphasised: int = 0


def is_named_title(name: str) -> bool:
    """Whether a part with such a class is called a title."""
    return _TITLE_NAME.search(name) is not None and _BESIDE_TITLE.search(name) is None


def is_named_beside_title(name: str) -> bool:
    """Whether a part with such a class is called something that stands beside a title."""
    return _BESIDE_TITLE.search(name) is not None


def headlines(
    links: Sequence[Link],
    rows: Sequence[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
    names: Names,
) -> list[str]:
    """What names each row beside its link's words, by the part of all rows that does; "" where it is missing."""
    if len(rows) < _LEAST_ROWS:
        return [""] * len(rows)
    parts: dict[_Place, _Part] = defaultdict(_Part)
    for index, (link, row) in enumerate(zip(links, rows, strict=True)):
        dates = [line.published.text for line in lines.get(row, ()) if line.published.text]
        for line in _Row(link, names, dates).parts(row):
            if index not in parts[line.place].texts:
                parts[line.place].texts[index] = line.text
                parts[line.place].emphasised += line.is_emphasised
    found = _best(parts, len(rows))
    return [found.get(index, "") for index in range(len(rows))]


def _best(parts: Mapping[_Place, _Part], rows: int) -> Mapping[int, str]:
    kinds = {place: kind for place, part in parts.items() if (kind := _kind(place, part, rows))}
    best = max(kinds.values(), default=None)
    among = [parts[place].texts for place, kind in kinds.items() if kind is best]
    widths = [fmean(min(_FULL, width(text)) for text in texts.values()) for texts in among]
    least = _FIRST * max(widths, default=0)
    return next((texts for texts, wide in zip(among, widths, strict=True) if wide >= least), {})


def _kind(place: _Place, part: _Part, rows: int) -> _Kind | None:
    """What speaks for a part as that which names the rows; None if it does not."""
    texts = list(part.texts.values())
    if len(texts) < _LEAST_SHARE * rows or _share(texts) < _LEAST_DIFFERENT:
        return None
    if fmean(bool(words_in(text)) and not is_number(text) and not _SIZE.search(text) for text in texts) < _LEAST_SHARE:
        return None
    if place[0] == "label" and _TITLE_LABEL.fullmatch(place[1]):
        return _Kind.LABELLED
    if 2 * part.emphasised > len(texts):
        return _Kind.EMPHASISED
    if place[0] == "told":
        return _Kind.TOLD
    return (
        _Kind.DIFFERENT if _share([re.sub(r"\d+", "", text) for text in texts]) >= _LEAST_DIFFERENT else _Kind.NUMBERED
    )


def _share(texts: Sequence[str]) -> float:
    """The share of texts that are different from each other."""
    return len(Counter(texts)) / len(texts)


@dataclass(frozen=True, slots=True)
class _Words:
    """A text of a row: where it stands, and whether it is a heading, in bold type or called a title."""

    place: _Place
    text: str
    is_emphasised: bool = False


_BREAK = _Words((), "")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row that is read line by line."""

    link: Link
    names: Names
    dates: Sequence[str]
    """Its dates, as they are printed."""

    def parts(self, row: HtmlElement) -> Iterator[_Words]:
        """Its lines that are no date, and no words that stand on any link; under the label before them."""
        label = ""
        for line in (*self._lines(row), *self._told()):
            found = _LABELLED.fullmatch(line.text) if line.place[0] != "told" else None
            if found:
                label = found["label"].strip().lower()
                line = replace(line, text=found["value"])
            text = self._without_dates(line.text)
            if text and not is_generic(text):
                yield _Words(("label", label) if label else line.place, text[:_LONGEST], line.is_emphasised)
            label = "" if line.text else label

    def _told(self) -> Iterator[_Words]:
        """What the link says of itself beside its words."""
        told = clean(self.link.element.get("title") or self.link.element.get("aria-label") or "")
        if len(told) > len(self.link.text):
            yield _Words(("told",), told)

    def _without_dates(self, text: str) -> str:
        for printed in self.dates:
            text = text.replace(printed, " ", 1)
        return clean(text).strip(" :–—-|,;").rstrip("([")

    def _lines(self, row: HtmlElement) -> Iterator[_Words]:
        """The texts of the row between its breaks; each is known by its place and by how many stand there before it."""
        count: Counter[_Place] = Counter()
        texts: list[_Words] = []
        for words in (*self._texts(row, ("row",), is_emphasised=False), _BREAK):
            if words is not _BREAK:
                texts.append(words)
                continue
            if line := clean(" ".join(one.text for one in texts)):
                place = texts[0].place
                count[place] += 1
                told = [one for one in texts if clean(one.text)]
                yield _Words((*place, str(count[place])), line, all(one.is_emphasised for one in told))
            texts = []

    def _texts(self, element: HtmlElement, place: _Place, *, is_emphasised: bool) -> Iterator[_Words]:
        yield _Words(place, element.text or "", is_emphasised)
        count: Counter[str] = Counter()
        for child in element:
            if child is self.link.element:
                yield from (_BREAK, _Words(("link",), self.link.text), _BREAK) if self.link.text else ()
            elif child.tag in BLOCKS or child.tag in BREAKS or child.tag in _NESTED:
                name = self.names.name(child)
                count[name] += 1
                yield _BREAK
                yield from self._texts(child, (*place, f"{name}#{count[name]}"), is_emphasised=_is_title(child))
                yield _BREAK
            elif child.tag not in _UNREAD:
                is_bold = is_emphasised or child.tag in ("b", "strong") or _is_title(child)
                yield from self._texts(child, place, is_emphasised=is_bold)
            yield _Words(place, child.tail or "", is_emphasised)


def _is_title(element: HtmlElement) -> bool:
    return element.tag in HEADINGS or is_named_title(element.get("class") or "")
