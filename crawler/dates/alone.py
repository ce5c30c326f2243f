"""Forms that are dates only where nothing but a time of day stands on their line with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from crawler.dates.calendars import gregorian

_SHORT = re.compile(r"(\d{1,2})(?:\.(\d{2})\.|/(\d{1,2})/)(\d{2})(?=\s?[-–—:|]?$|,?\s+\d{1,2}:\d{2}(?:\s?Uhr)?$)")
"""28.11.24 and 28/11/24: versions and chapters look the same."""
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "mn", "fa", "ps"})
"""Languages in which 24/11/28 begins with its year."""
_MONTH_FIRST = frozenset({"zh", "ja", "ko"})
_UNDER_A_DAY = re.compile(r"(\d{1,2})[\s/|]{1,3}(\d{4})[-/.年](\d{1,2})月?$")
"""A day shown large above its month: `28 2024-11`."""
_SPACED = re.compile(r"(\d{1,2})\s([./-])\s(\d{1,2})\s\2\s(\d{4})$")
_OVER_A_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})\s(\d{4})$")
"""A month and a day shown large above their year, in East Asia: `11-28 2024`."""


def day_alone(line: str, languages: Sequence[str], *, day_first: bool) -> tuple[date, int] | None:
    """The day that a line begins with, and where on the line it ends."""
    day, end = None, len(line)
    if match := _UNDER_A_DAY.match(line):
        day = gregorian(int(match[2]), int(match[3]), int(match[1]))
    elif match := _SPACED.match(line):
        one, other = (int(match[1]), int(match[3])) if day_first else (int(match[3]), int(match[1]))
        day = gregorian(int(match[4]), other, one)
    elif (match := _OVER_A_YEAR.match(line)) and not _MONTH_FIRST.isdisjoint(languages):
        day = gregorian(int(match[3]), int(match[1]), int(match[2]))
    elif match := _SHORT.match(line):
        day, end = _short(match, languages, day_first=day_first), match.end()
    return (day, end) if day is not None else None


def _short(match: re.Match[str], languages: Sequence[str], *, day_first: bool) -> date | None:
    one, other, year = int(match[1]), int(match[2] or match[3]), 2000 + int(match[4])
    if match[2]:
        return gregorian(year, other, one) if day_first else None
    if not languages or not _YEAR_FIRST.isdisjoint(languages):
        return None
    return gregorian(year, other, one) if day_first else gregorian(year, one, other)
