from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler import poll_frequency
from scheduler.plan import (
    JITTER,
    LONGEST_RETRY_AFTER,
    REVISITS,
    SLOWEST,
    SLOWEST_ATTEMPT,
    next_attempt,
    next_poll,
    next_revisit,
)
from storage.types import Habits, Reason, Source
from tests.storage.examples import spec

NOW = datetime(2024, 11, 28, 12, 0, tzinfo=UTC)
intervals = st.integers(10, 24 * 3600)
failures = st.integers(0, 10_000)
faults = st.sampled_from([reason for reason in Reason if not reason.readable])
healthy = st.sampled_from([reason for reason in Reason if reason.readable])


def source(interval: int, failures: int = 0, habits: Habits | None = None, **fields: Any) -> Source:
    return Source(
        1, spec(interval=interval, **fields), "user", enabled=True, alert_first=False, failures=failures, habits=habits
    )


def taught(**fields: Any) -> Habits:
    """What a source has taught in half a year."""
    return Habits(**{"since": NOW - timedelta(days=180), "days": (8.0,) * 5 + (0.0,) * 2, **fields})


counts = st.floats(0, 1e9) | st.sampled_from([math.inf, math.nan, -1.0])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
learned = st.none() | st.builds(
    Habits,
    since=moments,
    days=st.lists(counts, max_size=7).map(tuple),
    hours=st.lists(counts, min_size=24, max_size=24).map(tuple),
    finds=counts,
    bursts=counts,
    last_new_at=st.none() | moments | st.just(NOW),
    overlap_wait=st.integers(-10, 10**9),
)
"""Habits that no poll could have taught among them."""


def wait(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@given(intervals, st.integers(10, 7 * 24 * 3600), healthy, learned)
def test_a_source_that_is_well_waits_from_its_floor_to_its_ceiling_whatever_it_has_taught(
    interval: int, slowest: int, reason: Reason, habits: Habits | None
) -> None:
    waited = next_poll(source(interval, slowest=slowest, habits=habits), reason, NOW) - NOW
    assert wait(interval * (1 - JITTER)) <= waited + wait(0.001)
    assert waited <= wait(max(interval, slowest) * (1 + JITTER)) + wait(0.001)


def test_a_new_source_is_polled_at_its_floor_in_office_hours_and_more_slowly_at_night() -> None:
    minsk = source(300, zone="Europe/Minsk")
    at_noon, at_night = NOW, datetime(2024, 11, 28, 22, 30, tzinfo=UTC)
    assert poll_frequency.wait(minsk.spec, None, at_noon) == 300
    assert poll_frequency.wait(minsk.spec, None, at_night) > 1800


def test_a_poll_at_night_does_not_sleep_into_the_office_hours() -> None:
    """Half past seven in Minsk, where an hour's wait would end at half past eight."""
    before_work = datetime(2024, 11, 28, 4, 30, tzinfo=UTC)
    assert poll_frequency.wait(source(300, zone="Europe/Minsk").spec, None, before_work) <= 35 * 60


def test_where_floor_and_ceiling_are_one_nothing_is_learned() -> None:
    assert poll_frequency.wait(source(900, slowest=900).spec, taught(), NOW) == 900


def test_a_source_of_the_weekend_is_polled_more_often_at_weekends() -> None:
    spoken = taught(days=(0.0, 0.0, 0.0, 0.0, 0.0, 40.0, 40.0), hours=(0.0,) * 10 + (8.0,) * 10 + (0.0,) * 4)
    saturday, tuesday = datetime(2024, 11, 30, 12, tzinfo=UTC), datetime(2024, 11, 26, 12, tzinfo=UTC)
    spec = source(300).spec
    assert poll_frequency.wait(spec, spoken, saturday) < poll_frequency.wait(spec, spoken, tuesday) / 1.5


def test_after_a_find_a_source_of_bursts_is_polled_more_often_for_half_an_hour() -> None:
    quiet = taught(finds=20.0, bursts=10.0, last_new_at=NOW - timedelta(hours=2))
    spec = source(300).spec
    assert poll_frequency.wait(spec, replace(quiet, last_new_at=NOW), NOW) < poll_frequency.wait(spec, quiet, NOW) / 2


def test_a_listing_that_overlapped_too_little_is_not_left_alone_for_so_long_again() -> None:
    night = datetime(2024, 11, 28, 23, tzinfo=UTC)
    assert poll_frequency.wait(source(300).spec, taught(overlap_wait=700), night) == 700
    assert poll_frequency.wait(source(300).spec, taught(overlap_wait=7), night) == 300, (
        "but never faster than the floor"
    )


def test_what_is_odd_for_the_first_time_is_looked_at_again_soon() -> None:
    night = datetime(2024, 11, 28, 23, tzinfo=UTC)
    first = next_poll(source(300), Reason.DRIFTED, night) - night
    again = next_poll(replace(source(300), reason=Reason.DRIFTED), Reason.DRIFTED, night) - night
    assert first <= wait(300 * (1 + JITTER)) < again


@given(intervals, failures, faults)
def test_no_source_is_ever_given_up_on(interval: int, failures: int, reason: Reason) -> None:
    waited = next_poll(source(interval, failures), reason, NOW) - NOW
    assert waited <= max(SLOWEST, wait(interval)) * (1 + JITTER) + wait(0.001)


@given(intervals, failures, faults)
def test_a_fault_never_speeds_a_source_up(interval: int, failures: int, reason: Reason) -> None:
    waited = next_poll(source(interval, failures), reason, NOW) - NOW
    assert waited >= wait(interval * (1 - JITTER)) - wait(0.001)


@given(st.integers(10, 600), st.integers(1, 20), faults)
def test_a_source_that_fails_on_is_asked_more_slowly(interval: int, failures: int, reason: Reason) -> None:
    waited = next_poll(source(interval, failures), reason, NOW) - NOW
    expected = min(wait(interval * 2**failures), SLOWEST)
    assert expected * (1 - JITTER) - wait(0.001) <= waited <= expected * (1 + JITTER) + wait(0.001)


@given(intervals, failures, st.sampled_from(Reason), st.floats(0, 1e9))
def test_no_server_is_asked_before_the_time_it_named(
    interval: int, failures: int, reason: Reason, retry_after: float
) -> None:
    """However long it asks for, it is asked again at least every six hours."""
    waited = next_poll(source(interval, failures), reason, NOW, retry_after) - NOW
    assert waited >= min(wait(retry_after), LONGEST_RETRY_AFTER)
    assert waited >= wait(interval)
    assert waited <= max(LONGEST_RETRY_AFTER, SLOWEST, wait(interval)) + wait(0.001)


def test_polls_are_spread() -> None:
    assert len({next_poll(source(300), Reason.OK, NOW) for _ in range(20)}) > 1


@given(intervals, st.integers(0, 10_000))
def test_an_article_that_cannot_be_read_is_tried_again_within_a_day(interval: int, attempts: int) -> None:
    waited = next_attempt(interval, attempts, NOW) - NOW
    assert timedelta() < waited <= SLOWEST_ATTEMPT
    assert next_attempt(interval, attempts + 1, NOW) - NOW >= waited


def test_the_first_attempt_after_a_failure_comes_with_the_next_poll() -> None:
    assert next_attempt(300, 0, NOW) == NOW + wait(300)
    assert next_attempt(300, 1, NOW) == NOW + wait(600)


def test_an_item_is_read_again_as_often_and_as_late_as_its_description_says() -> None:
    at, gaps, revisits = NOW, [], 0
    while (then := next_revisit(300, revisits, at)) is not None:
        gaps.append((then - at).total_seconds())
        at, revisits = then, revisits + 1
    minutes, hours, days = 60, 3600, 24 * 3600
    assert gaps[:4] == [15 * minutes, hours, 4 * hours, 16 * hours]
    assert [round(gap / days) for gap in gaps[4:]] == [3, 11, 43]
    assert len(gaps) == REVISITS


@given(intervals, st.integers(0, 100))
def test_an_item_is_read_again_ever_more_rarely_and_then_no_more(interval: int, revisits: int) -> None:
    this, following = next_revisit(interval, revisits, NOW), next_revisit(interval, revisits + 1, NOW)
    assert (this is None) == (revisits >= REVISITS)
    assert following is None or (this is not None and following > this > NOW)
