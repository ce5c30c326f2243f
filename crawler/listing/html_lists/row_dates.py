"""When the rows of a list were published: a date in the row, over it, after it, in its title or its address. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import Enum, auto
from typing import Self

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import LIMIT, DateLine
from crawler.page.document import short_text
from storage.types import Published

_IN_ADDRESS = re.compile(
    r"(?:(?<=/)|(?<=[_-]))t?(?P<year>(?:19|20)\d\d)(?P<mark>[-_/]?)(?P<month>0[1-9]|1[0-2]|(?<=/)[1-9])(?P=mark)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=/)[1-9])(?![\d])"
)
_SPARSE = 50
"""Elements to a row. What has more around its rows is a page and no list: its dates belong to other things."""
_WITH_YEAR = ("{} 2000", "2000年{}")
_DAY_AND_MONTH = re.compile(
    r"(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|(?:[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])\.?"
)
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_DAY = 20
"""Characters of a day without its year."""
_LONGEST_ROW = 200
"""Characters beside the title of a row whose words may hold its day."""
_LEAST_ORDERED = 3
"""Different days that show an order."""
_BETWEEN = re.compile(r"\s[|·•]\s")
_MOST = 0.8
"""The share of a list's rows from which on a place where they have a date is the place for it."""


@dataclass(frozen=True, slots=True)
class PageDates(DateReader):
    """The reader of one page: it reads each text once, and a list repeats many."""

    _known: dict[str, Published] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, dates: DateReader) -> Self:
        return cls(**{one.name: getattr(dates, one.name) for one in fields(dates) if one.init})

    def claimed(self, text: str) -> Published:
        """See `DateReader.claimed`; of a line in parts, "3 May 2024 | News | Author", what its one date says."""
        if text not in self._known:
            found = DateReader.claimed(self, text)
            if found.day is None and len(text) <= LIMIT and len(parts := _BETWEEN.split(text)) > 1:
                told = [one for part in parts if (one := DateReader.claimed(self, part)).day is not None]
                found = told[0] if len(told) == 1 else found
            self._known[text] = found
        return self._known[text]


def lines_in(lines: Sequence[DateLine]) -> dict[HtmlElement, list[DateLine]]:
    """The date lines in each element that has any, in the page's order."""
    found: dict[HtmlElement, list[DateLine]] = {}
    for line in lines:
        for around in (line.element, *line.element.iterancestors()):
            found.setdefault(around, []).append(line)
    return found


def days_of(
    rows: Sequence[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
    held: Mapping[HtmlElement, int],
    dates: DateReader,
) -> list[Published | None]:
    """The date of each row, or None. `lines`: see `lines_in`; `held` tells how many rows stand in an element.

    1. In the row. 2. If most rows have none: over them, when the list begins with a date, else after each.
    """
    inside = {row: lines[row][0].published for row in rows if row in lines}
    beside = _beside(rows, lines, held, dates) if 2 * len(inside) < len(rows) else {}
    return [inside.get(row) or beside.get(row) for row in rows]


def _beside(
    rows: Sequence[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
    held: Mapping[HtmlElement, int],
    dates: DateReader,
) -> dict[HtmlElement, Published]:
    """The dates between the rows: that of each stands over it, or after it."""
    around = next((one for one in rows[0].iterancestors() if held[one] == len(rows)), None)
    if around is None or len(around) > _SPARSE * len(rows):
        return {}
    sequence = list(_walk(around, set(rows), lines, held, dates))
    if not any(isinstance(one, Published) for one in sequence):
        return _before_the_list(around, rows, lines)
    match _place(sequence, rows, lines):
        case _Place.OVER:
            return _by_the_date_over(sequence)
        case _Place.AFTER:
            found = _by_the_date_after(sequence)
            return found if 2 * len(found) >= len(rows) else {}
        case None:
            return {}


class _Place(Enum):
    """Where the date of a row stands."""

    OVER = auto()
    AFTER = auto()


def _before_the_list(
    around: HtmlElement, rows: Sequence[HtmlElement], lines: Mapping[HtmlElement, Sequence[DateLine]]
) -> dict[HtmlElement, Published]:
    """The date on a line of its own before a list without dates, as that of all its rows."""
    before = around.getprevious()
    is_line = before is not None and before in lines and short_text(before, LIMIT) is not None
    return dict.fromkeys(rows, lines[before][0].published) if is_line else {}


def _place(
    sequence: Sequence[HtmlElement | Published],
    rows: Sequence[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
) -> _Place | None:
    """Where the dates of the rows stand, by what the list begins and ends with; None where nothing tells."""
    begins, ends = isinstance(sequence[0], Published), isinstance(sequence[-1], Published)
    if not (begins and ends):
        return _Place.OVER if begins else _Place.AFTER
    # One of the two is no date of this list; or each row has two, the one over it, and one of another thing.
    over = sum(row.getprevious() in lines for row in rows)
    after = sum(row.getnext() in lines for row in rows)
    if over == after and len(sequence) < 3 * len(rows):
        return None
    return _Place.OVER if over >= after else _Place.AFTER


def _by_the_date_over(sequence: Iterable[HtmlElement | Published]) -> dict[HtmlElement, Published]:
    found: dict[HtmlElement, Published] = {}
    day: Published | None = None
    for one in sequence:
        if isinstance(one, Published):
            day = one
        elif day is not None:
            found[one] = day
    return found


def _by_the_date_after(sequence: Iterable[HtmlElement | Published]) -> dict[HtmlElement, Published]:
    found: dict[HtmlElement, Published] = {}
    row: HtmlElement | None = None
    for one in sequence:
        if not isinstance(one, Published):
            row = one
        elif row is not None:
            found.setdefault(row, one)
    return found


def _walk(
    element: HtmlElement,
    rows: set[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
    held: Mapping[HtmlElement, int],
    dates: DateReader,
) -> Iterator[HtmlElement | Published]:
    """The rows and the dates between them, in the page's order."""
    yield from _in_text(element.text, dates)
    for child in element:
        if child in rows:
            yield child
        elif held[child]:
            yield from _walk(child, rows, lines, held, dates)
        elif child in lines:
            yield lines[child][0].published
        yield from _in_text(child.tail, dates)


def _in_text(text: str | None, dates: DateReader) -> Iterator[Published]:
    if text and len(text) <= 2 * LIMIT and any(char.isdigit() for char in text):
        published = dates.claimed(text.strip())
        if published.day is not None:
            yield published


def days_elsewhere(
    days: Sequence[Published | None], titles: Sequence[str], addresses: Sequence[str], dates: DateReader
) -> list[Published | None]:
    """The dates of the rows, completed from their titles, else from their addresses, if most of those have one.

    One title with a date tells of the day it speaks of; if nearly every title has one, and none differs from the date
    in its row, it is how the list dates its entries. So with addresses.
    """
    for found in ([dates.find(title) for title in titles], [_in_address(address, dates.zone) for address in addresses]):
        known = [one.day for one in found if one.day is not None]
        agreed = all(one is None or two.day in (None, one.day) for one, two in zip(days, found, strict=True))
        if agreed and len(known) >= _MOST * len(found):
            return [one or (two if two.day else None) for one, two in zip(days, found, strict=True)]
    return list(days)


def days_in_words(rows: Sequence[HtmlElement], titles: Sequence[str], dates: DateReader) -> list[Published | None]:
    """The days in what the rows say beside their titles, if nearly all say one and these run in order, else none."""
    texts = [short_text(row, _LONGEST_ROW + len(title)) or "" for row, title in zip(rows, titles, strict=True)]
    found = [dates.find(text.replace(title, " ", 1)) for text, title in zip(texts, titles, strict=True)]
    known = [one.day for one in found if one.day is not None]
    is_ordered = sorted(known) in (known, known[::-1]) and len(set(known)) >= _LEAST_ORDERED
    return [one if one.day and is_ordered and len(known) >= _MOST * len(rows) else None for one in found]


def has_day_without_year(row: HtmlElement, dates: DateReader) -> bool:
    """Whether a text in a row is a day whose year the page leaves out: 6/22, 19 Aug, 8月19日."""
    texts = (text.strip(" []()|•·\r\n\t") for text in row.itertext())
    return any(
        _DAY_AND_MONTH.fullmatch(text)
        or (len(_PARTS.findall(text)) > 1 and any(dates.claimed(form.format(text)).day for form in _WITH_YEAR))
        for text in texts
        if 2 < len(text) <= _LONGEST_DAY and any(char.isdigit() for char in text)
    )


def _in_address(address: str, zone: str) -> Published:
    found = _IN_ADDRESS.search(address.partition("?")[0])
    if found is None:
        return Published(zone=zone)
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return Published(zone=zone)
    return Published(day=day, zone=zone, text=found[0])
