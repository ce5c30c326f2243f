from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.rhythm import (
    DIGEST_LIMIT,
    FLOOD_WINDOW,
    HOUR,
    MAX_ATTEMPTS,
    MESSAGE_LIMIT,
    Choice,
    Due,
    choose,
    in_order,
    leaves_at,
    quiet_until,
    retry_at,
)
from storage.errors import InvalidInputError
from storage.people import rhythms
from storage.types import Published, Rhythm
from tests.notify.examples import NOW, alert

CHANCES = st.floats(0, 1, exclude_max=True)
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


# -- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("immediately", "immediately"),
        ("grouped 15m", "grouped 15m"),
        ("Grouped 2 hours", "grouped 120m"),
        ("daily 8:00", "daily 08:00 Europe/Minsk"),
        ("weekly mon 08:30", "weekly monday 08:30 Europe/Minsk"),
    ],
)
def test_a_rhythm_is_written_as_it_is_read(words: str, shown: str) -> None:
    rhythm = rhythms.parse(words, zone="Europe/Minsk")
    assert str(rhythm) == shown
    assert rhythms.parse(rhythm.written, zone="Europe/Minsk") == rhythm


def test_quiet_hours_and_a_cap_are_shown() -> None:
    rhythm = rhythms.parse("immediately", zone="Europe/Minsk", quiet="22:00-07:00", cap=10)
    assert str(rhythm) == "immediately, quiet 22:00-07:00 Europe/Minsk, at most 10 messages an hour"


@pytest.mark.parametrize(
    ("words", "options", "place"),
    [
        ("hourly", {}, "hourly"),
        ("", {}, "no rhythm"),
        ("immediately now", {}, "immediately now"),
        ("grouped", {}, "how long"),
        ("grouped 0m", {}, "how long"),
        ("grouped 25h", {}, "how long"),
        ("daily", {}, "daily"),
        ("daily 24:00", {}, "24:00"),
        ("daily 8", {}, "'8'"),
        ("weekly 08:00", {}, "08:00"),
        ("weekly someday 08:00", {}, "someday"),
        ("daily 08:00", {"zone": "Minsk"}, "Minsk"),
        ("daily 08:00", {"zone": "../../etc/passwd"}, "passwd"),
        ("immediately", {"quiet": "22:00"}, "22:00"),
        ("immediately", {"quiet": "22:00-22:00"}, "22:00-22:00"),
        ("immediately", {"quiet": "22:00-7"}, "'7'"),
        ("daily 23:00", {"quiet": "22:00-07:00"}, "quiet hours"),
        ("immediately", {"cap": -1}, "-1"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused_with_its_place_and_mend(
    words: str, options: dict[str, object], place: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rhythms.parse(words, **options)  # type: ignore[arg-type]
    assert place in str(refused.value)
    assert refused.value.mend


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


# -- which ones share a message ------------------------------------------------------------------------------------

CAPPED = rhythms.parse("immediately", cap=3)
DAILY = rhythms.parse("daily 08:00")
QUIET = rhythms.parse("immediately", quiet="11:00-13:00")


def due(*ids: int, of: int = 1, rhythm: Rhythm = Rhythm(), batch: int | None = None) -> list[Due]:  # noqa: B008
    return [Due(id, of, rhythm, batch) for id in ids]


def test_what_is_due_leaves_as_one_message_and_digests_by_themselves() -> None:
    choice = choose([*due(1, 2), *due(3, of=2, rhythm=DAILY), *due(4, of=3)], {}, NOW)
    assert (choice.alert_ids, choice.digest) == ((1, 2, 4), False)
    assert choose(due(3, of=2, rhythm=DAILY), {}, NOW).digest


def test_more_than_can_be_read_comes_as_a_digest() -> None:
    assert not choose(due(*range(MESSAGE_LIMIT)), {}, NOW).digest
    assert choose(due(*range(MESSAGE_LIMIT + 1)), {}, NOW).digest
    assert len(choose(due(*range(DIGEST_LIMIT + 5)), {}, NOW).alert_ids) == DIGEST_LIMIT


def test_what_fell_due_before_the_quiet_hours_does_not_leak_into_them() -> None:
    choice = choose([*due(1, rhythm=QUIET), *due(2, of=2)], {}, NOW)
    assert choice.alert_ids == (2,)
    assert choice.holds == {1: NOW + HOUR}


def test_what_may_have_been_sent_is_repeated_with_the_same_neighbours() -> None:
    waiting = [*due(1), *due(2, 3, batch=7), *due(4, of=2, batch=7), *due(5, batch=9)]
    assert choose(waiting, {}, NOW).alert_ids == (2, 3, 4)
    assert choose([*due(2, batch=7, rhythm=QUIET), *due(4, of=2, batch=7), *due(6, of=3)], {}, NOW) == Choice(
        (6,), holds={1: NOW + HOUR, 2: NOW + HOUR}
    )


def test_of_what_was_refused_together_one_goes_alone() -> None:
    assert choose(due(1, 2, 3), {}, NOW, alone=True).alert_ids == (1,)


def test_the_last_message_that_a_cap_allows_says_so_and_the_rest_is_held() -> None:
    sent = [NOW - 40 * MINUTE, NOW - 10 * MINUTE]
    last = choose(due(1, rhythm=CAPPED), {1: sent}, NOW)
    assert last.alert_ids == (1,)
    assert "until 12:20 (UTC)" in last.notes[0]
    over = choose([*due(2, rhythm=CAPPED), *due(3, of=2)], {1: [*sent, NOW - MINUTE]}, NOW)
    assert (over.alert_ids, over.holds) == ((3,), {1: NOW + 20 * MINUTE})
    assert not choose(due(1, rhythm=CAPPED), {1: sent[:1]}, NOW).notes


@given(cap=st.integers(1, 5), arrivals=st.lists(st.integers(0, 3 * 3600), min_size=1, max_size=120))
def test_a_storm_makes_no_more_messages_an_hour_than_the_cap_and_loses_nothing(cap: int, arrivals: list[int]) -> None:
    rhythm = rhythms.parse("immediately", cap=cap)
    waiting: dict[int, datetime] = {number: NOW + timedelta(seconds=at) for number, at in enumerate(sorted(arrivals))}
    sent: list[datetime] = []
    told: list[int] = []
    now = NOW
    while waiting:
        now = max(now, min(waiting.values()))
        ready = [Due(id, 1, rhythm) for id, at in waiting.items() if at <= now]
        choice = choose(ready, {1: [at for at in sent if at >= now - HOUR]}, now)
        if choice.holds:
            assert choice.holds[1] > now
            waiting.update({one.alert_id: choice.holds[1] for one in ready})
            continue
        sent.append(now)
        told += choice.alert_ids
        for id in choice.alert_ids:
            del waiting[id]
    assert sorted(told) == list(range(len(arrivals)))
    assert all(sum(at - HOUR < other <= at for other in sent) <= cap for at in sent)


def test_a_message_holds_the_oldest_statements_first() -> None:
    def published(day: int) -> Published:
        return Published(day=date(2024, 11, day))

    undated_seen_between = alert(3, item=3, published=Published(), seen=datetime(2024, 11, 15, tzinfo=UTC))
    alerts = [alert(1, item=1, published=published(20)), alert(2, item=2, published=published(3)), undated_seen_between]
    assert [one.id for one in in_order(alerts)] == [2, 3, 1]


# -- when it is tried again ----------------------------------------------------------------------------------------


@given(attempts=st.integers(1, MAX_ATTEMPTS * 1000), chance=CHANCES)
def test_a_retry_comes_within_a_ceiling_that_doubles_up_to_an_hour(attempts: int, chance: float) -> None:
    again = retry_at(attempts, NOW, None, lambda: chance)
    assert timedelta() <= again - NOW <= timedelta(seconds=min(3600, 30 * 2 ** min(attempts - 1, 20)))


def test_the_jitter_uses_the_whole_range() -> None:
    assert retry_at(3, NOW, None, lambda: 0.0) == NOW
    assert retry_at(3, NOW, None, lambda: 0.5) == NOW + timedelta(seconds=60)
    assert retry_at(11, NOW, None, lambda: 0.5) == NOW + timedelta(minutes=30)


@given(chance=CHANCES, asked=st.floats(0, 6 * 3600))
def test_no_retry_comes_before_the_receiving_side_asked(chance: float, asked: float) -> None:
    assert retry_at(1, NOW, asked, lambda: chance) - NOW >= timedelta(seconds=asked)


@given(asked=st.floats())
def test_no_asked_wait_is_longer_than_six_hours_or_breaks_the_plan(asked: float) -> None:
    again = retry_at(1, NOW, asked, lambda: 0.5)
    assert NOW <= again <= NOW + timedelta(hours=6)
