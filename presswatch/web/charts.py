"""Where the columns of a chart stand, and which time each is for. Pure: the words and the SVG are a template's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.search.intervals import Bar, Interval


@dataclass(frozen=True, slots=True)
class Span:
    """A day, a week, a month, a quarter, a year or some years, `last` included, and how many statements are of it."""

    first: date
    last: date
    count: int
    step: Interval
    is_over: bool = True

    @property
    def since(self) -> str:
        """Its beginning as `published:` takes it, no more exact than it has to be."""
        return self._written(self.first)

    @property
    def until(self) -> str:
        """Its end, likewise."""
        return self._written(self.last)

    def _written(self, day: date) -> str:
        letters = {Interval.YEAR: 4, Interval.MONTH: 7, Interval.QUARTER: 7}
        return day.isoformat()[: letters.get(self.step, 10)]


@dataclass(frozen=True, slots=True)
class Column:
    """A span drawn: `x` to `x + wide` is its place, over the whole height; `y` and `high` are those of its bar."""

    span: Span
    x: float
    wide: float
    y: float
    high: float

    @property
    def middle(self) -> float:
        return round(self.x + self.wide / 2, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns under a line that is as high as the highest."""

    wide: int
    columns: tuple[Column, ...]
    labelled: tuple[int, ...]
    """Which columns have room for a label."""

    @property
    def most(self) -> int:
        return max((column.span.count for column in self.columns), default=0)

    @property
    def highest(self) -> Span:
        """The first of the spans that have the most."""
        return max((column.span for column in self.columns), key=lambda span: span.count)


TOP, HIGH, GAP = 14, 48, 2
"""Where the bars end, how high the highest is, and how far they stand apart: units of the picture."""
_LABEL = 190
"""So much room for a label."""


def spans(days: Sequence[Bar], today: date, most: int) -> tuple[Span, ...]:
    """The counts of these days, without a gap, in at most so many spans: the shortest ones that are few enough."""
    for step in Interval:
        if len(days) <= most * step.longest:
            grouped = each(days, step, today)
            if len(grouped) <= most:
                return grouped
    years = each(days, Interval.YEAR, today)
    several = -(-len(years) // most)
    return tuple(_joined(years[start : start + several]) for start in range(0, len(years), several))


def each(days: Sequence[Bar], step: Interval, today: date) -> tuple[Span, ...]:
    """The counts of these days, by the step that each is in."""
    counted: Counter[date] = Counter()
    for bar in days:
        counted[step.first(bar.first)] += bar.count
    return tuple(
        Span(first, last := step.next(first) - timedelta(days=1), number, step, is_over=last < today)
        for first, number in sorted(counted.items())
    )


def _joined(years: Sequence[Span]) -> Span:
    count = sum(span.count for span in years)
    return Span(years[0].first, years[-1].last, count, Interval.YEAR, years[-1].is_over)


def chart(shown: Sequence[Span], wide: int, most: int = 0) -> Chart:
    """A chart so wide, as high as `most`, or as the highest of what is shown."""
    top = most or max((span.count for span in shown), default=0) or 1
    room = wide / max(len(shown), 1)
    columns = []
    for number, span in enumerate(shown):
        high = round(HIGH * span.count / top, 1)
        columns.append(Column(span, round(number * room, 1), round(room - GAP, 1), round(TOP + HIGH - high, 1), high))
    return Chart(wide, tuple(columns), _labelled(len(shown), wide))


def _labelled(number: int, wide: int) -> tuple[int, ...]:
    """The first, the last, and some between them as far as there is room."""
    if number < 2:
        return tuple(range(number))
    parts = max(1, min(number - 1, wide // _LABEL - 1))
    return tuple(sorted({round(part * (number - 1) / parts) for part in range(parts + 1)}))
