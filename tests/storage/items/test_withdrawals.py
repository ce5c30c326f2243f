"""When a statement counts as withdrawn. Touches nothing but values."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.items.withdrawals import DAY, READINGS, Standing, after_reading, may_be_confirmed
from tests.storage.examples import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("readings", "gone_for", "confirmed"),
    [
        (READINGS, DAY, True),
        (READINGS + 5, 3 * DAY, True),
        (READINGS - 1, DAY, False),
        (1, 30 * DAY, False),
        (READINGS, DAY - timedelta(seconds=1), False),
        (50, HOUR, False),
    ],
)
def test_it_takes_several_readings_and_a_whole_day(readings: int, gone_for: timedelta, confirmed: bool) -> None:
    known = Standing(suspected_at=NOW, readings=readings)
    assert may_be_confirmed(known, NOW + gone_for, DAY) is confirmed


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=30))
def test_only_an_unbroken_row_of_readings_over_a_day_confirms(read: list[tuple[bool, int]]) -> None:
    known, at = Standing(), NOW
    gone_at: list[datetime] = []
    for gone, hours in read:
        at += hours * HOUR
        known = after_reading(known, gone, at)
        gone_at = [*gone_at, at] if gone else []
        is_long = len(gone_at) >= READINGS and at - gone_at[0] >= DAY
        assert may_be_confirmed(known, at, DAY) is is_long


def test_what_was_confirmed_is_not_confirmed_again_and_stands_again_when_it_is_read() -> None:
    withdrawn = Standing(withdrawn_at=NOW)
    assert not may_be_confirmed(after_reading(withdrawn, True, NOW + DAY), NOW + 9 * DAY, DAY)
    assert after_reading(withdrawn, False, NOW + DAY) == Standing()
