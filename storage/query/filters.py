"""Fields that say nothing of the words: `source:`, `country:`, `lang:`, `state:`, `published:`, `after:`, `before:`.

    published:2024-11-05            that day
    published:2024-11               that month; published:2024 that year
    published:2024-11..2024-12      from the first day of the one to the last day of the other
    published:2024-11..             since; published:..2024-11 until
    after:2024-11                   the same as published:2024-11..
    before:2024-11                  until the day before it begins

Standard library only.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from storage.query.tree import Dated, Fact, Filter

FILTERS = ("source", "country", "lang", "state", "published", "after", "before")

_PERIOD = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_FACTS = {
    "source": (
        re.compile(r"[\w.-]+(/[\w.-]+)*", re.ASCII),
        "the key of a section, such as mfa-by/news-en or mfa-by",
    ),
    "country": (re.compile(r"[A-Za-z]{2}"), "a country's two letters, such as BY"),
    "lang": (re.compile(r"[A-Za-z]{2,3}"), "a language's two letters, such as ru"),
    "state": (re.compile("published|suspected|withdrawn", re.IGNORECASE), "published, suspected or withdrawn"),
}


class FilterError(ValueError):
    """A value that a field cannot have. `place` counts characters of the value; `mended` is the one that is meant."""

    def __init__(self, problem: str, mend: str, place: int = 0, mended: str = "") -> None:
        super().__init__(problem)
        self.problem, self.mend, self.place, self.mended = problem, mend, place, mended


def read_filter(field: str, value: str, clause: str, start: int) -> Filter:
    """The leaf that `field:value` means; `clause` and `start` as leaves have them. Raises `FilterError`."""
    if field in _FACTS:
        pattern, expected = _FACTS[field]
        if not pattern.fullmatch(value):
            raise FilterError(f"expected {expected}", f"{field}: takes {expected}")
        return Fact(field, value.lower(), clause=clause, start=start)
    first, last = _bounds(field, value)
    return Dated(first, last, clause=clause, start=start)


def _bounds(field: str, value: str) -> tuple[date | None, date | None]:
    if field == "after":
        return _period(value, 0)[0], None
    if field == "before":
        begins = _period(value, 0)[0]
        if begins == date.min:
            raise FilterError("there is nothing before the year 1", "give a later year")
        return None, begins - timedelta(days=1)
    begin, dots, end = value.partition("..")
    if not dots:
        return _period(value, 0)
    first = _period(begin, 0)[0] if begin else None
    last = _period(end, len(begin) + 2)[1] if end else None
    if first is None and last is None:
        raise FilterError("expected a day, a month or a year beside ..", "write 2024-11.. or ..2024-11")
    if first and last and first > last:
        turned = f"{end}..{begin}"
        raise FilterError(f"{begin} is later than {end}", f"write {field}:{turned}", mended=turned)
    return first, last


def _period(text: str, place: int) -> tuple[date, date]:
    """The first and the last day of a year, a month or a day."""
    match = _PERIOD.fullmatch(text)
    if not match:
        mend = "write it as 2024-11-28, 2024-11 or 2024; a span as 2024-11..2025-02"
        raise FilterError("expected a day, a month or a year", mend, place)
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    try:
        first = date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        raise FilterError(f"there is no day {text}", "write it as year-month-day, such as 2024-11-28", place) from None
    if match[3]:
        return first, first
    last_month = first.month if match[2] else 12
    return first, date(year, last_month, monthrange(year, last_month)[1])
