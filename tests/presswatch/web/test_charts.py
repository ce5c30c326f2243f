"""Columns stand side by side, in no more spans than asked for, and lose nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.charts import HIGH, TOP, chart, each, spans
from storage.search.intervals import Bar, Interval

TODAY = date(2026, 11, 28)


def days(number: int, count: int = 1) -> list[Bar]:
    """So many days until today."""
    return [Bar(TODAY - timedelta(days=ago), count) for ago in reversed(range(number))]


@pytest.mark.parametrize(
    ("number", "most", "step"),
    [
        (24, 24, Interval.DAY),
        (25, 24, Interval.WEEK),
        (200, 24, Interval.MONTH),
        (730, 24, Interval.QUARTER),
        (690, 8, Interval.QUARTER),
        (4_000, 24, Interval.YEAR),
    ],
)
def test_the_shortest_spans_that_fit_are_taken(number: int, most: int, step: Interval) -> None:
    assert {span.step for span in spans(days(number), TODAY, most)} == {step}


@given(st.lists(st.integers(0, 9), min_size=1, max_size=3_000), st.sampled_from([8, 24, 60]))
def test_no_statement_is_lost_and_no_day_counted_twice(counts: list[int], most: int) -> None:
    bars = [Bar(TODAY - timedelta(days=len(counts) - 1 - number), count) for number, count in enumerate(counts)]
    shown = spans(bars, TODAY, most)
    assert len(shown) <= most
    assert sum(span.count for span in shown) == sum(counts)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(shown))
    assert [span.is_over for span in shown] == [True] * (len(shown) - 1) + [False]


def test_many_years_share_a_span() -> None:
    first, *_ = spans(days(365 * 20), TODAY, 8)
    assert (first.since, first.until) == ("2006", "2008")


@pytest.mark.parametrize(
    ("step", "since", "until"),
    [
        (Interval.DAY, "2026-11-28", "2026-11-28"),
        (Interval.WEEK, "2026-11-23", "2026-11-29"),
        (Interval.MONTH, "2026-11", "2026-11"),
        (Interval.QUARTER, "2026-10", "2026-12"),
        (Interval.YEAR, "2026", "2026"),
    ],
)
def test_a_span_is_written_as_queries_take_it(step: Interval, since: str, until: str) -> None:
    [span] = each(days(1), step, TODAY)
    assert (span.since, span.until) == (since, until)


def test_a_column_is_as_high_as_its_count() -> None:
    drawn = chart(each([Bar(date(2026, 1, 1), 4), Bar(date(2026, 1, 2), 1), Bar(TODAY, 0)], Interval.DAY, TODAY), 300)
    assert [column.high for column in drawn.columns] == [HIGH, HIGH / 4, 0]
    assert [column.y + column.high for column in drawn.columns] == [TOP + HIGH] * 3
    assert drawn.columns[-1].x + drawn.columns[-1].wide <= 300
    assert (drawn.most, drawn.highest.first) == (4, date(2026, 1, 1))


def test_nothing_is_a_chart_too() -> None:
    assert chart((), 300).most == 0
    assert spans((), TODAY, 24) == ()
