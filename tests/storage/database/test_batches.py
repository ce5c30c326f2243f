from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database.batches import GroupCommit


class Writer:
    """Writes down the batches as they come, and refuses what it does not like."""

    def __init__(self, *refused: int) -> None:
        self.batches: list[list[int]] = []
        self.refused = refused
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, values: Sequence[int]) -> Sequence[str]:
        await self.gate.wait()
        if bad := set(self.refused) & set(values):
            raise ValueError(f"{min(bad)} is refused")
        self.batches.append(list(values))
        return [f"wrote {value}" for value in values]


async def test_what_is_added_alone_is_written_at_once() -> None:
    writer = Writer()
    assert await GroupCommit(writer, limit=10).add(1) == "wrote 1"
    assert writer.batches == [[1]]


async def test_what_arrives_while_a_batch_is_written_is_the_next_batch() -> None:
    writer = Writer()
    batches = GroupCommit(writer, limit=10)
    writer.gate.clear()
    first = asyncio.ensure_future(batches.add(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.ensure_future(batches.add(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    writer.gate.set()
    assert await asyncio.gather(first, *others) == [f"wrote {number}" for number in range(4)]
    assert writer.batches == [[0], [1, 2, 3]]


async def test_the_first_value_can_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    writer, lingering, over = Writer(), asyncio.Event(), asyncio.Event()

    async def linger(seconds: float) -> None:
        assert seconds == 0.05
        lingering.set()
        await over.wait()

    batches = GroupCommit(writer, limit=3, linger=0.05)
    monkeypatch.setattr(asyncio, "sleep", linger)
    first = asyncio.ensure_future(batches.add(0))
    await lingering.wait()
    others = asyncio.gather(*(batches.add(number) for number in (1, 2, 3)))
    over.set()
    await asyncio.gather(first, others)
    assert writer.batches == [[0, 1, 2], [3]]


@given(st.integers(1, 30), st.integers(1, 10), st.sets(st.integers(0, 29)))
async def test_each_value_gets_its_own_result_and_a_bad_one_takes_no_neighbour_along(
    count: int, limit: int, refused: set[int]
) -> None:
    writer = Writer(*refused)
    batches = GroupCommit(writer, limit=limit)
    results = await asyncio.gather(*(batches.add(value) for value in range(count)), return_exceptions=True)
    for value, result in enumerate(results):
        assert isinstance(result, ValueError) if value in refused else result == f"wrote {value}"
        assert str(result) == (f"{value} is refused" if value in refused else f"wrote {value}")
    assert sorted(value for batch in writer.batches for value in batch) == sorted(set(range(count)) - refused)
    assert max(map(len, writer.batches), default=0) <= limit


async def test_who_gave_up_waiting_costs_the_others_nothing() -> None:
    writer = Writer()
    batches = GroupCommit(writer, limit=10)
    writer.gate.clear()
    impatient, patient = (asyncio.ensure_future(batches.add(number)) for number in (1, 2))
    await asyncio.sleep(0)
    impatient.cancel()
    writer.gate.set()
    assert await patient == "wrote 2"
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_it_is_drained_when_nothing_waits_to_be_written() -> None:
    writer = Writer()
    batches = GroupCommit(writer, limit=2)
    await batches.drained()
    pending = [asyncio.ensure_future(batches.add(number)) for number in range(5)]
    await asyncio.sleep(0)
    await batches.drained()
    assert writer.batches == [[0, 1], [2, 3], [4]]
    assert await asyncio.gather(*pending) == [f"wrote {number}" for number in range(5)]


async def test_after_a_failure_it_goes_on() -> None:
    writer = Writer(1)
    batches = GroupCommit(writer, limit=10)
    with pytest.raises(ValueError, match="1 is refused"):
        await batches.add(1)
    assert await batches.add(2) == "wrote 2"


async def test_nobody_waits_for_ever_for_a_result_that_the_writer_has_left_out() -> None:
    async def forgetful(values: Sequence[int]) -> Sequence[str]:
        return [f"wrote {value}" for value in values if value != 2]

    batches = GroupCommit(forgetful, limit=10)
    results = await asyncio.gather(*(batches.add(number) for number in (1, 2, 3)), return_exceptions=True)
    assert [type(result) for result in results] == [ValueError] * 3
    assert await batches.add(4) == "wrote 4"
