"""Channels that may hang have places of their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notify.delivery.slots import DOUBTFUL, SOUND, Slots


def taken(places: Slots) -> list[int]:
    found = []
    while (channel_id := places.take()) is not None:
        found.append(channel_id)
    return found


def test_those_that_failed_take_no_place_of_the_others() -> None:
    places = Slots()
    places.wanted({channel_id: channel_id % 2 for channel_id in range(2 * SOUND + 2 * DOUBTFUL)})
    first = taken(places)
    assert sum(channel_id % 2 for channel_id in first) == DOUBTFUL
    assert len(first) == SOUND + DOUBTFUL
    assert first[:SOUND] == list(range(0, 2 * SOUND, 2)), "those that work come first"


def test_a_place_that_is_left_is_the_next_ones() -> None:
    places = Slots()
    places.wanted(dict.fromkeys(range(SOUND + 2), 0))
    taken(places)
    places.leave(7)
    assert taken(places) == [SOUND]


@given(st.lists(st.tuples(st.dictionaries(st.integers(0, 400), st.integers(0, 2)), st.integers(0, 300)), max_size=8))
def test_nobody_has_two_places_and_everybody_gets_one_at_last(history: list[tuple[dict[int, int], int]]) -> None:
    places, here = Slots(), list[int]()
    for failures, leaving in history:
        places.wanted(failures)
        here += taken(places)
        assert len(here) == len(set(here)) <= SOUND + DOUBTFUL
        for channel_id in here[:leaving]:
            places.leave(channel_id)
        here = here[leaving:]
    last = dict.fromkeys(range(500), 1)
    for _ in range(20):
        places.wanted(last)
        here += taken(places)
        for channel_id in here:
            places.leave(channel_id)
            last.pop(channel_id, None)
        here = []
    assert not last
