"""When an alert leaves: at once, in a window, in a digest, never in quiet hours; whatever the clocks do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.rhythm import FLOOD_WINDOW, leaves_at, quiet_until
from storage.people import rhythms
from storage.types import Rhythm
from tests.notify.examples import NOW

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk", "Asia/Beirut")
"""Six kinds of clocks: an hour at night, half an hour, twice more for Ramadan, at midnight from either side."""
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@cache
def transitions(zone: str) -> tuple[datetime, ...]:
    """Every instant of 2020 to 2035 at which the zone's clocks are changed."""
    found = []
    at, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + timedelta(days=1)
        if offset(at, zone) != offset(following, zone):
            low, high = at, following
            while high - low > SECOND:
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle, zone) == offset(at, zone) else (low, middle)
            found.append(high.replace(microsecond=0))
        at = following
    return tuple(found)


def offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


EVERY_TRANSITION = [(zone, at) for zone in ZONES for at in transitions(zone)]
near_a_transition = st.sampled_from(EVERY_TRANSITION)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def test_the_six_zones_change_their_clocks_often_enough() -> None:
    assert len(EVERY_TRANSITION) > 150
    assert all(len(transitions(zone)) >= 30 for zone in ZONES)


# -- when it leaves ------------------------------------------------------------------------------------------------


def test_an_immediate_alert_leaves_when_it_matched() -> None:
    assert leaves_at(Rhythm(), NOW) == NOW


def test_a_burst_leaves_together_when_the_window_closes() -> None:
    grouped = rhythms.parse("grouped 15m")
    first = leaves_at(grouped, NOW)
    assert first == NOW + 15 * MINUTE
    assert {leaves_at(grouped, NOW + minute * MINUTE, first) for minute in range(15)} == {first}
    assert leaves_at(grouped, first, first) == first + 15 * MINUTE, "what comes at its end opens the next one"


def test_a_flood_is_gathered_and_no_later_one_joins_for_ever() -> None:
    first = leaves_at(Rhythm(), NOW, flood=True)
    assert first == NOW + FLOOD_WINDOW
    assert leaves_at(Rhythm(), NOW + 5 * MINUTE, first, flood=True) == first
    assert leaves_at(Rhythm(), NOW + 5 * MINUTE, first) == NOW + 5 * MINUTE, "news beside it leaves at once"
    assert leaves_at(rhythms.parse("daily 08:00"), NOW, flood=True) == NOW.replace(hour=8) + timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", ["00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "08:00", "23:30"])
def test_every_local_day_around_a_change_of_the_clocks_has_one_digest(zone: str, hour: str) -> None:
    rhythm = rhythms.parse(f"daily {hour}", zone=zone)
    for change in transitions(zone):
        start = change - timedelta(days=3)
        days = [local(at, zone).date() for at in digests(rhythm, start, change + timedelta(days=3))]
        first = days[0]
        assert days == [first + timedelta(days=number) for number in range(len(days))], (change, days)
        assert len(days) >= 5


def digests(rhythm: Rhythm, start: datetime, end: datetime) -> Iterator[datetime]:
    at = leaves_at(rhythm, start)
    while at < end:
        yield at
        at = leaves_at(rhythm, at)


@pytest.mark.parametrize("zone", ZONES)
def test_a_digest_comes_at_its_hour_on_every_day_of_sixteen_years_that_has_that_hour(zone: str) -> None:
    rhythm = rhythms.parse("daily 08:00", zone=zone)
    hours = [
        local(at, zone) for at in digests(rhythm, datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))
    ]
    assert {hour.time() for hour in hours} == {time(8)}
    assert len({hour.date() for hour in hours}) == len(hours) >= 5843


@given(near_a_transition, clocks, st.lists(st.integers(-3 * 86400, 3 * 86400), min_size=1, max_size=20))
def test_every_statement_is_in_exactly_one_digest_and_never_in_an_earlier_one(
    change: tuple[str, datetime], clock: time, seconds: list[int]
) -> None:
    zone, at = change
    rhythm = rhythms.parse(f"daily {clock:%H:%M}", zone=zone)
    times = set(digests(rhythm, at - timedelta(days=5), at + timedelta(days=6)))
    for found in sorted(at + timedelta(seconds=second) for second in seconds):
        leaves = leaves_at(rhythm, found)
        assert leaves > found
        assert leaves in times, "the digests are the same for all"
        assert not any(found < other < leaves for other in times), "it is the next one"


@given(near_a_transition, clocks, st.integers(0, 6), st.integers(-8 * 86400, 8 * 86400))
def test_a_weekly_digest_comes_on_its_day(change: tuple[str, datetime], clock: time, day: int, seconds: int) -> None:
    zone, at = change
    words = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[day]
    found = at + timedelta(seconds=seconds)
    leaves = leaves_at(rhythms.parse(f"weekly {words} {clock:%H:%M}", zone=zone), found)
    assert local(leaves, zone).weekday() == day
    assert timedelta() < leaves - found <= timedelta(days=7, hours=2)


@given(
    near_a_transition,
    clocks,
    clocks,
    st.integers(-2 * 86400, 2 * 86400),
    st.sampled_from(["immediately", "grouped 15m"]),
)
@example(("Asia/Beirut", datetime(2020, 3, 28, 22, 0, tzinfo=UTC)), time(0, 1), time(0, 0), -1, "immediately")
def test_nothing_leaves_in_quiet_hours_and_everything_leaves_when_they_end(
    change: tuple[str, datetime], start: time, end: time, seconds: int, words: str
) -> None:
    zone, at = change
    if start == end:
        return
    rhythm = rhythms.parse(words, zone=zone, quiet=f"{start:%H:%M}-{end:%H:%M}")
    found = at + timedelta(seconds=seconds)
    leaves = leaves_at(rhythm, found)
    assert not rhythms.within(local(leaves, zone).time(), (start, end))
    assert quiet_until(rhythm, leaves) is None
    loudest = (start.hour * 60 + start.minute - end.hour * 60 - end.minute) % (24 * 60)  # minutes of a day
    assert found <= leaves <= found + timedelta(hours=25 if loudest >= 120 else 49), "the clocks may jump over them"
    loud = leaves_at(rhythms.parse(words), found)
    if leaves != loud:
        step = max((leaves - loud) / 50, SECOND)
        between = (loud + number * step for number in range(50))
        assert all(quiet_until(rhythm, moment) for moment in between if moment < leaves), "no longer than needed"
