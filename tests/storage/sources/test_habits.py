from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.codec import as_json, from_json
from storage.database import Database
from storage.sources import sources
from storage.sources.habits import BURST, GAPS, WINDOW, ListingSample, learn
from storage.sources.polls import end_polls
from storage.types import Habits, Published
from tests.storage.examples import HOUR, MINUTE, NOW, poll_result, polling, watched

ZONE = "Europe/Minsk"
DAY = timedelta(days=1)
STEP = 5 * MINUTE


def begun(*claims: Published, entries: int = 20) -> Habits:
    """The habits after a first listing with entries that were published then."""
    habits = learn(None, ListingSample(entries, entries, claims), ZONE, NOW, None)
    assert habits is not None
    return habits


def found(habits: Habits, at: datetime, new: int = 1, entries: int = 20, waited: timedelta = STEP) -> Habits:
    """The habits after a poll that found something new."""
    learned = learn(habits, ListingSample(entries, new), ZONE, at, at - waited)
    assert learned is not None
    return learned


def claimed(at: datetime) -> Published:
    return Published(at.date(), at, ZONE)


def test_the_first_listing_teaches_by_its_dates_and_not_by_the_hour_at_which_it_was_read() -> None:
    habits = begun(*(Published(date(2024, 11, day)) for day in (25, 18, 11)))
    assert [count > 0 for count in habits.days] == [True] + [False] * 6
    assert sum(habits.hours) == 0
    assert habits.gaps == (7 * 86_400, 7 * 86_400)
    assert habits.last_new_at == datetime(2024, 11, 25, tzinfo=UTC)


def test_the_first_listing_teaches_the_hours_of_the_source_s_zone() -> None:
    habits = begun(
        claimed(datetime(2024, 11, 27, 7, 5, tzinfo=UTC)), claimed(datetime(2024, 11, 26, 7, 40, tzinfo=UTC))
    )
    assert [hour for hour, count in enumerate(habits.hours) if count] == [10]


def test_a_time_of_day_that_all_entries_have_teaches_nothing() -> None:
    habits = begun(*(claimed(datetime(2024, 11, day, 0, 0, tzinfo=UTC)) for day in range(10, 20)))
    assert sum(habits.hours) == 0


def test_what_is_found_counts_between_the_two_polls_that_saw_it_come() -> None:
    habits = found(begun(), datetime(2024, 11, 29, 12, 10, tzinfo=UTC), waited=HOUR)
    assert (habits.days[4], habits.hours[14]) == (1, 1)


def test_after_a_day_without_polls_nobody_knows_when_it_came() -> None:
    habits = found(begun(), NOW + 3 * DAY, new=7, waited=3 * DAY)
    assert (sum(habits.days), sum(habits.hours), habits.finds) == (0, 0, 1)


def test_statements_that_follow_each_other_closely_are_a_burst() -> None:
    habits = found(found(found(begun(), NOW), NOW + BURST), NOW + DAY)
    assert (round(habits.finds), round(habits.bursts)) == (3, 1)
    assert habits.gaps == (int((DAY - BURST).total_seconds()),)


def test_what_was_counted_fades() -> None:
    once = found(begun(), NOW)
    later = found(once, NOW + 60 * DAY)
    assert sum(later.days) == 1.5


def test_a_listing_that_shows_too_little_of_the_one_before_halves_the_waits_until_it_overlaps_again() -> None:
    habits = found(begun(), NOW, new=14, waited=HOUR)
    assert habits.overlap_wait == 1800
    habits = found(habits, NOW + HOUR, new=14, waited=30 * MINUTE)
    assert habits.overlap_wait == 900
    for hour in range(2, 40):
        habits = found(habits, NOW + hour * HOUR)
    assert habits.overlap_wait == 0


def test_a_poll_that_found_nothing_teaches_only_a_new_length_of_the_listing() -> None:
    habits = found(begun(), NOW)
    assert learn(habits, ListingSample(20, 0), ZONE, NOW + HOUR, NOW) is None
    shorter = learn(habits, ListingSample(19, 0), ZONE, NOW + HOUR, NOW)
    assert shorter == replace(habits, entries=(20, 20, 19))


@given(
    st.lists(st.tuples(st.integers(-3 * 86_400, 40 * 86_400), st.integers(0, 200), st.integers(0, 200)), max_size=40)
)
def test_habits_are_kept_whole_in_a_row_whatever_the_clock_did(polls: list[tuple[int, int, int]]) -> None:
    habits, at, before = begun(), NOW, NOW
    for seconds, entries, new in polls:
        before, at = at, at + timedelta(seconds=seconds)
        habits = learn(habits, ListingSample(entries, new), ZONE, at, before) or habits
        assert from_json(Habits, json.loads(json.dumps(as_json(habits)))) == habits
        assert min(*habits.days, *habits.hours, *habits.gaps, 0) == 0


def test_a_busy_year_takes_no_more_place_than_a_busy_month() -> None:
    chance, habits, at = random.Random(1), begun(), NOW
    while at < NOW + 365 * DAY:
        before, at = at, at + timedelta(seconds=chance.randrange(300, 7200))
        habits = learn(habits, ListingSample(chance.randrange(15, 25), chance.randrange(3)), ZONE, at, before) or habits
    assert (len(habits.gaps), len(habits.entries)) == (GAPS, WINDOW)
    assert len(json.dumps(as_json(habits))) < 1500


def test_a_poll_that_teaches_nothing_leaves_what_is_known(database: Database) -> None:
    source, habits = watched(database), found(begun(), NOW)
    database.write(end_polls, [poll_result(polling(database, source), habits=habits)])
    assert database.read(sources.get, source.key).habits == habits
    database.write(end_polls, [poll_result(polling(database, source))])
    assert database.read(sources.get, source.key).habits == habits
