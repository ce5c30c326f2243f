from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

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
from storage.types import Reason, Source
from tests.storage.examples import spec

NOW = datetime(2024, 11, 28, 12, 0, tzinfo=UTC)
intervals = st.integers(10, 24 * 3600)
failures = st.integers(0, 10_000)
faults = st.sampled_from([reason for reason in Reason if not reason.readable])
healthy = st.sampled_from([reason for reason in Reason if reason.readable])


def source(interval: int, failures: int = 0) -> Source:
    return Source(1, replace(spec(), interval=interval), "user", enabled=True, alert_first=False, failures=failures)


def wait(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@given(intervals, healthy)
def test_a_healthy_source_is_polled_after_its_interval_give_or_take_a_tenth(interval: int, reason: Reason) -> None:
    waited = next_poll(source(interval), reason, NOW) - NOW
    assert wait(interval * (1 - JITTER)) <= waited + wait(0.001)
    assert waited <= wait(interval * (1 + JITTER)) + wait(0.001)


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
    assert waited <= max(LONGEST_RETRY_AFTER, SLOWEST, wait(interval))


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
