"""When the rows of a list were published: a date in the row, over it, after it, or before the whole list. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Self

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import LIMIT, DateLine
from crawler.listing.html_lists.between_rows import Between, dated_by_place, days_in_turns, is_of_page
from crawler.page.document import short_text
from storage.types import Published

_SPARSE = 50
"""Elements to a row. What has more around its rows is a page and no list: its dates belong to other things."""
_BETWEEN = re.compile(r"\s[|·•]\s")


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

    1. In the row, at the place where most rows have one. 2. If most rows have none: over them, when the list begins
    with a date, else after each. What the page says of its own day is the day of no row.
    """
    inside = _of_the_column([row for row in rows if row in lines], lines)
    beside = _beside(rows, lines, held, dates) if 2 * len(inside) < len(rows) else {}
    return [inside.get(row) or beside.get(row) for row in rows]


def _of_the_column(
    rows: Sequence[HtmlElement], lines: Mapping[HtmlElement, Sequence[DateLine]]
) -> dict[HtmlElement, Published]:
    """The date of each row at the place where most of the rows have one: a note has a day of its own."""
    places = {row: [_place_in(row, line.element) for line in lines[row]] for row in rows}
    count = Counter(place for known in places.values() for place in set(known))
    return {
        row: lines[row][max(range(len(known)), key=lambda index: count[known[index]])].published
        for row, known in places.items()
    }


def _place_in(row: HtmlElement, element: HtmlElement) -> tuple[tuple[str, int], ...]:
    """The tags from an element up to its row, each with how many of its kind stand before it."""
    around = [element, *element.iterancestors()]
    return tuple(
        (str(one.tag), sum(1 for _ in one.itersiblings(one.tag, preceding=True))) for one in around[: around.index(row)]
    )


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
    between = Between(frozenset(rows), lines, held, dates)
    sequence = list(between.walk(around, between.headings(around)))
    if any(isinstance(one, Published) for one in sequence):
        return dated_by_place(sequence, rows, lines)
    return days_in_turns(list(between.words(around))) or _before_the_list(around, rows, lines)


def _before_the_list(
    around: HtmlElement, rows: Sequence[HtmlElement], lines: Mapping[HtmlElement, Sequence[DateLine]]
) -> dict[HtmlElement, Published]:
    """The date on a line of its own before a list without dates, as that of all its rows."""
    before = around.getprevious()
    is_line = before is not None and before in lines and short_text(before, LIMIT) is not None
    return dict.fromkeys(rows, lines[before][0].published) if is_line and not is_of_page(lines[before][0]) else {}
