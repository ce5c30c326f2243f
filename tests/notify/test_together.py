"""Who asks while work is under way is served together by the next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from notify.together import Together


class Clerk:
    """Doubles numbers, a group at a time, when it is told to."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may_go = asyncio.Event()

    async def work(self, numbers: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(numbers))
        await self.may_go.wait()
        if 13 in numbers:
            raise ValueError("unlucky")
        return [2 * number for number in numbers]


async def test_what_is_asked_for_at_once_is_done_at_once_and_everybody_gets_his_own() -> None:
    clerk = Clerk()
    double = Together(clerk.work, 3)
    asked = [asyncio.ensure_future(double(number)) for number in range(7)]
    clerk.may_go.set()
    assert await asyncio.gather(*asked) == [0, 2, 4, 6, 8, 10, 12]
    assert clerk.groups == [[0, 1, 2], [3, 4, 5], [6]]


async def test_who_asks_while_others_are_served_waits_for_the_next_turn() -> None:
    clerk = Clerk()
    double = Together(clerk.work, 10)
    first = asyncio.ensure_future(double(1))
    while not clerk.groups:
        await asyncio.sleep(0)
    late = [asyncio.ensure_future(double(number)) for number in (2, 3)]
    clerk.may_go.set()
    assert await asyncio.gather(first, *late) == [2, 4, 6]
    assert clerk.groups == [[1], [2, 3]]


async def test_what_fails_fails_for_its_group_alone() -> None:
    clerk = Clerk()
    clerk.may_go.set()
    double = Together(clerk.work, 2)
    asked = [double(number) for number in (1, 13, 2)]
    first, second, third = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(first, ValueError)
    assert isinstance(second, ValueError)
    assert third == 4


async def test_who_does_not_wait_any_more_keeps_nobody_from_his_result() -> None:
    clerk = Clerk()
    double = Together(clerk.work, 10)
    gone, stays = (asyncio.ensure_future(double(number)) for number in (1, 2))
    while not clerk.groups:
        await asyncio.sleep(0)
    gone.cancel()
    clerk.may_go.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
