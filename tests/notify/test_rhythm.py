"""How a rhythm is written, and when what failed is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.rhythm import MAX_ATTEMPTS, retry_at
from storage.errors import InvalidInputError
from storage.people import rhythms
from tests.notify.examples import NOW

CHANCES = st.floats(0, 1, exclude_max=True)

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
