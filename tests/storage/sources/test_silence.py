"""When a source counts as silent, by its own gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sources.health import silence
from storage.types import Habits


@pytest.mark.parametrize("gaps", [(1170,), (1170, 3), (200, 100, 50), (90,), (4000,)])
def test_few_gaps_never_make_a_source_silent_within_one_that_it_had(gaps: tuple[int, ...]) -> None:
    begun = datetime(2024, 11, 28, tzinfo=UTC)
    known = tuple(days * 86_400 for days in gaps)
    habits = Habits(since=begun, last_new_at=begun, gaps=known, longest_gap=max(known))
    assert silence(habits, "UTC", begun + timedelta(days=max(gaps))) == ""


@given(
    gaps=st.lists(st.integers(1, 4000), max_size=12), longest=st.integers(0, 5000), ago=st.integers(0, 20_000),
)  # fmt: skip
def test_no_source_is_silent_for_less_than_its_longest_gap(gaps: list[int], longest: int, ago: int) -> None:
    begun = datetime(1990, 1, 1, tzinfo=UTC)
    known = tuple(days * 86_400 for days in gaps)
    habits = Habits(since=begun, last_new_at=begun, gaps=known, longest_gap=longest * 86_400)
    if silence(habits, "UTC", begun + timedelta(days=ago)):
        assert ago > max(longest, *gaps, 0)


def test_a_source_of_which_no_gap_is_known_is_silent_after_three_months() -> None:
    begun = datetime(2024, 2, 1, tzinfo=UTC)
    habits = Habits(since=begun, last_new_at=begun)
    assert silence(habits, "UTC", begun + timedelta(days=89)) == ""
    assert silence(habits, "UTC", begun + timedelta(days=200)) == "nothing new since 1 Feb 2024"
