"""Times as people read them: `28 Nov 2026, 00:46 UTC`. One way of writing for all faces. Pure."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not by the machine's language: what is written is read elsewhere too."""


def day_in_words(day: date) -> str:
    """A civil day: `28 Nov 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}"


def day_of_words(words: str) -> date | None:
    """The day that `day_in_words` wrote so; None for other words."""
    day, _, rest = words.partition(" ")
    month, _, year = rest.partition(" ")
    if not (day.isdecimal() and month in _MONTHS and year.isdecimal() and len(words) <= len("28 Nov 2026")):
        return None
    try:
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None


@lru_cache(256)  # the same statement is told to many
def moment_in_words(at: datetime, zone: str = "UTC") -> str:
    """An instant in a zone, to the minute: `28 Nov 2026, 00:46 UTC`, `28 Nov 2026, 03:46 Europe/Minsk`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day_in_words(local)}, {local:%H:%M} {zone}"
