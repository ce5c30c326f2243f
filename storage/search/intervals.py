"""Steps of time: what the bars of a histogram stand for. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Interval(StrEnum):
    """How long a bar of a histogram is. A week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def first(self, day: date) -> date:
        """The first day of the step that a day is in."""
        match self:
            case Interval.DAY:
                return day
            case Interval.WEEK:
                return day - timedelta(days=day.weekday())
            case Interval.MONTH:
                return day.replace(day=1)
            case Interval.QUARTER:
                return day.replace(month=day.month - (day.month - 1) % 3, day=1)
            case Interval.YEAR:
                return day.replace(month=1, day=1)

    def next(self, first: date) -> date:
        """The first day of the following step."""
        return self.first(first + timedelta(days=self.longest))

    @property
    def longest(self) -> int:
        """Days of the longest step."""
        return _DAYS[self]


_DAYS = {Interval.DAY: 1, Interval.WEEK: 7, Interval.MONTH: 31, Interval.QUARTER: 92, Interval.YEAR: 366}


@dataclass(frozen=True, slots=True)
class Bar:
    """How many statements are of the step that begins on `first`."""

    first: date
    count: int
