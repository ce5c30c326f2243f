"""The dates that stand between the rows of a list: over them, or after each. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import LIMIT, DateLine
from crawler.dates.words import OF_THE_PAGE, UPDATED
from crawler.listing.html_lists.row_words import LEAST_ORDERED, LONGEST_ROW, in_words
from crawler.page.document import short_text
from storage.types import Published

_STRAY = 2
"""Links before the first date of a list, at most, that are none of its rows."""
_OF_PAGE = re.compile(rf"\b(?:{OF_THE_PAGE})\b|{UPDATED}", re.IGNORECASE)
"""Before the day of a page, which is that of no row."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption", "summary"})


def days_in_turns(sequence: Sequence[HtmlElement | Published]) -> dict[HtmlElement, Published]:
    """The days in words between the rows, if one belongs to each row: "Filed 03/14/26, No. 1"."""
    days = [isinstance(one, Published) for one in sequence]
    takes_turns = all(one != other for one, other in pairwise(days))
    if not takes_turns or len(sequence) != 2 * sum(days) or sum(days) < LEAST_ORDERED:
        return {}
    return _by_the_date_over(sequence) if days[0] else _by_the_date_after(sequence)


class _Place(Enum):
    """Where the date of a row stands."""

    OVER = auto()
    AFTER = auto()


def _place(
    sequence: Sequence[HtmlElement | Published],
    rows: Sequence[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
) -> _Place | None:
    """Where the dates of the rows stand, by what the list begins and ends with; None where nothing tells."""
    begins, ends = isinstance(sequence[0], Published), isinstance(sequence[-1], Published)
    if not (begins or ends) and any(isinstance(one, Published) for one in sequence[: _STRAY + 1]):
        return _Place.OVER  # after a link that stands before the list: "New search"
    if not (begins and ends):
        return _Place.OVER if begins else _Place.AFTER
    # One of the two is no date of this list; or each row has two, the one over it, and one of another thing.
    over = sum(row.getprevious() in lines for row in rows)
    after = sum(row.getnext() in lines for row in rows)
    if over == after and len(sequence) < 3 * len(rows):
        return None
    return _Place.OVER if over >= after else _Place.AFTER


def dated_by_place(
    sequence: Sequence[HtmlElement | Published],
    rows: Sequence[HtmlElement],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
) -> dict[HtmlElement, Published]:
    """The date of each row in a run of rows and dates: the one over it, or the one after it; none if nothing tells."""
    match _place(sequence, rows, lines):
        case _Place.OVER:
            return _by_the_date_over(sequence)
        case _Place.AFTER:
            found = _by_the_date_after(sequence)
            return found if 2 * len(found) >= len(rows) else {}
        case None:
            return {}


def _by_the_date_over(sequence: Iterable[HtmlElement | Published]) -> dict[HtmlElement, Published]:
    found: dict[HtmlElement, Published] = {}
    day: Published | None = None
    for one in sequence:
        if isinstance(one, Published):
            day = one if one.day is not None else None
        elif day is not None:
            found[one] = day
    return found


def _by_the_date_after(sequence: Sequence[HtmlElement | Published]) -> dict[HtmlElement, Published]:
    found: dict[HtmlElement, Published] = {}
    row: HtmlElement | None = None
    for one in sequence:
        if not isinstance(one, Published):
            row = one
        elif row is not None:
            found.setdefault(row, one)
    if any(isinstance(one, Published) and isinstance(other, Published) for one, other in pairwise(sequence)):
        # There are headings too. The first one stands after what is before the list.
        found = {row: day for row, day in found.items() if row is not sequence[0]}
    return found


@dataclass(frozen=True, slots=True)
class Between:
    """What stands between the rows of a list."""

    rows: frozenset[HtmlElement]
    lines: Mapping[HtmlElement, Sequence[DateLine]]
    held: Mapping[HtmlElement, int]
    dates: DateReader

    def walk(
        self, element: HtmlElement, headings: Mapping[HtmlElement, Published]
    ) -> Iterator[HtmlElement | Published]:
        """The rows and the dates between them, in the page's order."""
        yield from self._in_text(element.text)
        for child in element:
            if child in self.rows:
                yield child
            elif self.held[child]:
                yield from self.walk(child, headings)
            elif child in self.lines:
                yield from (one.published for one in self.lines[child][:1] if not is_of_page(one))
            elif child in headings:
                yield headings[child]
            yield from self._in_text(child.tail)

    def _in_text(self, text: str | None) -> Iterator[Published]:
        if text and len(text) <= 2 * LIMIT and any(char.isdigit() for char in text):
            published = self.dates.claimed(text.strip())
            if published.day is not None and not _OF_PAGE.search(text):
                yield published

    def headings(self, around: HtmlElement) -> Mapping[HtmlElement, Published]:
        """What the headings among the rows say that are no date lines, if others of their make are dated.

        The day in their words, if there is just one; else none, so that the day of the heading before ends with it.
        Those of another make than headings only where they all have the same words around their days.
        """
        made: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
        for one in self._between(around):
            made[str(one.tag), one.get("class") or ""].append(one)
        found: dict[HtmlElement, Published] = {}
        for (tag, _), alike in made.items():
            unread = {one: self._words(short_text(one, LIMIT) or "") for one in alike if one not in self.lines}
            days = {day.day for day, _ in unread.values() if day.day is not None}
            words = {rest for day, rest in unread.values() if day.day is not None}
            if tag in _HEADINGS and (len(unread) < len(alike) or len(days) > 1):
                found |= {one: day for one, (day, _) in unread.items()}
            elif len(days) > 1 and len(words) == 1:
                found |= {one: day for one, (day, _) in unread.items() if day.day is not None}
        return found

    def words(self, element: HtmlElement) -> Iterator[HtmlElement | Published]:
        """The rows and the days in the words between them, in the page's order."""
        yield from self._in_words(element.text)
        for child in element:
            if child in self.rows:
                yield child
            elif self.held[child]:
                yield from self.words(child)
            yield from self._in_words(child.tail)

    def _in_words(self, text: str | None) -> Iterator[Published]:
        if text and len(text) <= LONGEST_ROW and not _OF_PAGE.search(text):
            day, _ = self._words(text)
            yield from () if day.day is None else (day,)

    def _between(self, around: HtmlElement) -> Iterator[HtmlElement]:
        for child in around:
            if child not in self.rows and self.held[child]:
                yield from self._between(child)
            elif child not in self.rows:
                yield child

    def _words(self, text: str) -> tuple[Published, str]:
        """The day in a text, if there is just one, and the other words."""
        found = in_words(text, self.dates)
        rest = text.replace(found.text, " ", 1) if found.day is not None else text
        one = found if in_words(rest, self.dates).day is None else Published(zone=self.dates.zone)
        return one, " ".join(rest.split())


def is_of_page(line: DateLine) -> bool:
    """Whether a date line says how old the page is."""
    return _OF_PAGE.search(line.published.text) is not None
