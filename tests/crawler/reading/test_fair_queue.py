from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.fair_queue import FairQueue


def test_things_of_one_owner_keep_their_order() -> None:
    queue: FairQueue[int] = FairQueue()
    for number in range(5):
        queue.put("a", number)
    assert [queue.take() for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(IndexError):
        queue.take()


def test_owners_take_turns_however_much_one_of_them_brings() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(100):
        queue.put("a", f"a{number}")
    queue.put("b", "b0")
    queue.put("b", "b1")
    assert [queue.take() for _ in range(5)] == ["a0", "b0", "a1", "b1", "a2"]


def test_who_costs_a_hundred_times_as_much_is_served_a_hundredth_as_often() -> None:
    queue: FairQueue[str] = FairQueue()
    for _ in range(1_000):
        queue.put("hog", "hog")
        queue.put("light", "light")
    served = []
    for _ in range(500):
        served.append(queue.take())
        queue.charge(served[-1], 100.0 if served[-1] == "hog" else 1.0)
    assert served.count("hog") == 5


def test_nobody_saves_up_a_claim_by_being_away() -> None:
    queue: FairQueue[str] = FairQueue()
    for _ in range(20):
        queue.put("busy", "busy")
        queue.charge(queue.take(), 1.0)
    for _ in range(10):
        queue.put("busy", "busy")
        queue.put("new", "new")
    served = []
    for _ in range(10):
        served.append(queue.take())
        queue.charge(served[-1], 1.0)
    assert served.count("busy") >= 4


def test_a_debt_is_remembered_while_its_owner_is_away() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.put("hog", "hog")
    queue.charge(queue.take(), 50.0)
    for _ in range(5):
        queue.put("light", "light")
    queue.put("hog", "hog")
    assert [queue.take() for _ in range(5)] == ["light"] * 5


def test_owners_that_wait_for_nothing_are_forgotten() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(10_000):
        queue.put(f"host {number}", "page")
        queue.charge(queue.take(), 0.001 * number)
    assert len(queue._used) < 2_000


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 10))))
def test_whatever_is_put_in_comes_out_once(things: list[tuple[str, float]]) -> None:
    queue: FairQueue[int] = FairQueue()
    for number, (owner, cost) in enumerate(things):
        queue.put(owner, number)
        queue.charge(owner, cost)
    assert len(queue) == len(things)
    assert sorted(queue.take() for _ in things) == list(range(len(things)))
