"""The field by which a person says until which day something is paused. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.errors import InvalidInputError

OFFERED = timedelta(days=7)
"""For how long, unless somebody says otherwise."""


def offered(now: datetime, zone: str) -> str:
    """The day that stands in the field at first."""
    return (now.astimezone(ZoneInfo(zone)).date() + OFFERED).isoformat()


def begins(words: str, zone: str) -> datetime:
    """When the day begins that was written. Raises `InvalidInputError`."""
    try:
        return datetime.combine(date.fromisoformat(words), time(), ZoneInfo(zone))
    except (ValueError, OverflowError):
        raise InvalidInputError(f"{words!r} is no day", mend="write it as year-month-day: 2026-11-28") from None
