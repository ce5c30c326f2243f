"""What a ministry claims of when it published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage.types.moments import day_in_words, moment_in_words


class Precision(StrEnum):
    """How exactly a ministry said when."""

    NONE = "none"
    DAY = "day"
    MINUTE = "minute"


LONG_AGO = 1990
"""The year before which no ministry published on the web: what claims to be older is a default or a mistake."""


@dataclass(frozen=True, slots=True)
class Published:
    """The ministry's claim of when a statement was published.

    `day` is the civil day in `zone`, the ministry's IANA time zone. `at` is set only where a time of day was
    claimed too: nothing is invented. `text` is the claim as printed.
    """

    day: date | None = None
    at: datetime | None = None
    zone: str = "UTC"
    text: str = ""

    @property
    def precision(self) -> Precision:
        if self.at is not None:
            return Precision.MINUTE
        return Precision.DAY if self.day is not None else Precision.NONE

    @property
    def sort_key(self) -> datetime | None:
        """An instant to order by: the claimed one, or midnight UTC of the claimed day."""
        if self.at is not None:
            return self.at
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC) if self.day else None

    @property
    def begins_at(self) -> datetime | None:
        """The claimed instant, or the first of the claimed day where the ministry is."""
        if self.at is not None or self.day is None:
            return self.at
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=ZoneInfo(self.zone))

    def doubt(self, seen_at: datetime) -> str:
        """Why the claim is hard to believe, given when it was seen, or nothing. A doubtful claim hides no statement.

        A day ahead is no doubt: somewhere it is tomorrow.
        """
        if self.day is None:
            return ""
        if self.day > (seen_at + timedelta(days=1)).date():
            return "in the future"
        return "long ago" if self.day.year < LONG_AGO else ""

    def in_words(self, zone: str) -> str:
        """As a person reads it: `28 Nov 2024`, `28 Nov 2024, 14:05 Europe/Minsk` in his zone, or nothing.

        A day without a time is the ministry's own in every zone.
        """
        if self.at is not None:
            return moment_in_words(self.at, zone)
        return day_in_words(self.day) if self.day else ""

    def __str__(self) -> str:
        """ISO 8601 to the claimed precision: `2024-11-28`, `2024-11-28T14:05+03:00`, or nothing."""
        if self.at is not None:
            return self.at.astimezone(ZoneInfo(self.zone)).isoformat(timespec="minutes")
        return self.day.isoformat() if self.day else ""
