"""When the rows of a list were published: a date in the row, over it, after it, in its title or its address. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import Enum, auto
from itertools import pairwise
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
_ONE_BREAK_IN = 5
"""Days of which one may stand out of their order."""
_TELLS = re.compile(
    r"(?:filed|dated|decided|delivered|entered|posted|published|issued|released|signed|adopted|date|added|опубликован\w*"
    r"|размещен\w*|принят\w*|подписан\w*|дата|от|опубліковано|датум|veröffentlicht|erschienen|vom|publiée? le|publié|du"
    r"|publicado|fecha|publicada|data|pubblicato|opublikowano|z dnia|dnia|tarih|yayınlanma)\s*(?:on|am|el|em|il|le)?"
    r"[\s:]*$",
    re.IGNORECASE,
)
"""What stands before the day of a row in its words."""
_STRAY = 2
"""Links before the first date of a list, at most, that are none of its rows."""
_SHORT_YEAR = re.compile(r"(?<![\w/.-])\d{1,2}([/.])\d{1,2}\1\d{2}(?![\w/-]|\.\d)")
_OF_PAGE = re.compile(
    r"\b(?:as (?:of|at)|current (?:as of|to|through)|status|stand|по состоянию на|станом на|стан на|станам на|état au"
    r"|situation au|stan na|situación al|al cierre|aggiornato al|per \d|stav k[eu]?|állapot)\b",
    re.IGNORECASE,
)
"""Before the day of a page, which is that of no row."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption", "summary"})
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
    between = _Between(frozenset(rows), lines, held, dates)
    sequence = list(between.walk(around, between.headings(around)))
    if not any(isinstance(one, Published) for one in sequence):
        return _in_words_between(list(between.words(around))) or _before_the_list(around, rows, lines)
    match _place(sequence, rows, lines):
        case _Place.OVER:
            return _by_the_date_over(sequence)
        case _Place.AFTER:
            found = _by_the_date_after(sequence)
            return found if 2 * len(found) >= len(rows) else {}
        case None:
            return {}


def _in_words_between(sequence: Sequence[HtmlElement | Published]) -> dict[HtmlElement, Published]:
    """The days in words between the rows, if one belongs to each row: "Filed 03/14/26, No. 1"."""
    days = [isinstance(one, Published) for one in sequence]
    takes_turns = all(one != other for one, other in pairwise(days))
    if not takes_turns or len(sequence) != 2 * sum(days) or sum(days) < _LEAST_ORDERED:
        return {}
    return _by_the_date_over(sequence) if days[0] else _by_the_date_after(sequence)


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
    return dict.fromkeys(rows, lines[before][0].published) if is_line and not _is_of_page(lines[before][0]) else {}


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
class _Between:
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
                yield from (one.published for one in self.lines[child][:1] if not _is_of_page(one))
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
        if text and len(text) <= _LONGEST_ROW and not _OF_PAGE.search(text):
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


def in_words(text: str, dates: DateReader) -> Published:
    """The first day in other text, with a year of two digits after strokes too."""
    found = dates.find(text)
    short = _SHORT_YEAR.search(text) if found.day is None else None
    return dates.claimed(short[0]) if short else found


def _is_of_page(line: DateLine) -> bool:
    """Whether a date line says how old the page is."""
    return _OF_PAGE.search(line.published.text) is not None


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
    """The days in what the rows say beside their titles, if nearly all say one, and these run in order but for a few or
    are told to be those of filing, deciding, publishing; else none.
    """
    texts = [short_text(row, _LONGEST_ROW + len(title)) or "" for row, title in zip(rows, titles, strict=True)]
    texts = [text.replace(title, " ", 1) for text, title in zip(texts, titles, strict=True)]
    found = [in_words(text, dates) for text in texts]
    known = [one.day for one in found if one.day is not None]
    if len(known) < _MOST * len(rows) or len(set(known)) < _LEAST_ORDERED:
        return [None] * len(rows)
    is_theirs = _is_in_order(known) or _are_told(texts, found)
    return [one if one.day and is_theirs else None for one in found]


def _is_in_order(days: Sequence[date]) -> bool:
    """Whether days run up or down, but for a few."""
    up = sum(one <= other for one, other in pairwise(days))
    down = sum(one >= other for one, other in pairwise(days))
    return max(up, down) >= len(days) - 1 - len(days) // _ONE_BREAK_IN


def _are_told(texts: Sequence[str], found: Sequence[Published]) -> bool:
    """Whether before the days of most rows stands that something was published, filed or decided."""
    told = [one.day and _TELLS.search(text.partition(one.text)[0]) for text, one in zip(texts, found, strict=True)]
    return sum(map(bool, told)) >= _MOST * len(texts)


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
