"""The dates that stand on a page as lines of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.page.document import short_text
from storage.types import Published

_DIGIT = re.compile(r"\d")
LIMIT = 80
"""Characters of the text of an element that may be a date line."""
MOST = 20_000
"""Elements with digits of a page that are looked at: each costs a tenth of a millisecond."""
_NUMBERS = re.compile(r"(?<![\d/-])(\d{1,2})(?:/|(-))(\d{1,2})(?:(?(2)-|/)\d{4}|(?(2)(?!)|/)\d{2})(?![\d/-])")
_UNREAD = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date as it stands on a page, and the element it stands in."""

    element: HtmlElement
    published: Published


def date_lines(root: HtmlElement, dates: DateReader) -> Iterator[DateLine]:
    """The date lines of a tree, in its order: texts that are a date, and what a `datetime` or a title says of one."""
    seen: set[HtmlElement] = set()
    may_be = (element for element in root.iter() if isinstance(element.tag, str) and _may_be_dated(element))
    for element in islice(may_be, MOST):
        line = _date_line(element, dates) if element not in seen else None
        if line is not None and line.element not in seen:
            seen.update(line.element.iter())
            yield line


def _may_be_dated(element: HtmlElement) -> bool:
    if element.tag == "time" or _has_digits(element.text) or any(_has_digits(child.tail) for child in element):
        return True
    return element.tag not in ("a", "img") and _has_digits(element.get("title"))


def _has_digits(text: str | None) -> bool:
    return text is not None and _DIGIT.search(text) is not None


def _date_line(element: HtmlElement, dates: DateReader) -> DateLine | None:
    """The date line at an element: the widest one, else what is said of it, else one text beside others."""
    return _widest(element, dates) or (None if element.tag == "a" else _told(element, dates) or _among(element, dates))


def _widest(element: HtmlElement, dates: DateReader) -> DateLine | None:
    """The element, or one of the two around it, whose whole text is a date line: `<b>20</b> <i>мая 2013</i>`."""
    around: HtmlElement | None = element
    for _ in range(3):
        if around is None or around.tag in ("body", "html") or (text := short_text(around, LIMIT)) is None:
            break
        published = dates.claimed(text)
        if published.day is not None:
            return DateLine(around, published)
        around = around.getparent()
    return None


def _told(element: HtmlElement, dates: DateReader) -> DateLine | None:
    """What `datetime` says, or a title that is a date."""
    told = element.get("datetime" if element.tag == "time" else "title") or ""
    published = dates.claimed(told) if told else None
    return DateLine(element, published) if published and published.day is not None else None


def _among(element: HtmlElement, dates: DateReader) -> DateLine | None:
    """One of the texts of an element, between its children."""
    texts = (text for text in (element.text, *(child.tail for child in element)) if text is not None)
    claims = (dates.claimed(text) for text in texts if len(text) <= LIMIT and _has_digits(text))
    return next((DateLine(element, claim) for claim in claims if claim.day is not None), None)


def in_the_order_of(root: HtmlElement, dates: DateReader) -> DateReader:
    """The reader with the order of day and month that the page shows where it leaves no doubt: 3/20/2026."""
    texts = (text for element in root.iter() if element.tag not in _UNREAD for text in (element.text, element.tail))
    return in_the_order_shown(" ".join(text for text in texts if text and not text.isspace()), dates)


def in_the_order_shown(text: str, dates: DateReader) -> DateReader:
    """The reader with the order of day and month of a text's dates, where they leave no doubt."""
    pairs = [(int(one), int(other)) for one, _, other in _NUMBERS.findall(text)]
    month_first = any(other > 12 for _, other in pairs)
    day_first = any(one > 12 for one, _ in pairs)
    return dates if month_first == day_first else replace(dates, day_first=day_first)
