"""Work that is left when somebody says stop is ended, and what goes wrong in it is heard."""

from __future__ import annotations

import asyncio

import pytest

from presswatch.loop import until


async def test_work_is_done_where_nobody_says_stop() -> None:
    assert await until(asyncio.Event(), asyncio.sleep(0, 7)) == 7


async def test_work_is_left_and_has_ended_when_somebody_says_stop() -> None:
    stop, ended = asyncio.Event(), False

    async def work() -> bool:
        nonlocal ended
        try:
            stop.set()
            return await asyncio.Event().wait()
        finally:
            ended = True

    assert await until(stop, work()) is None
    assert ended


async def test_what_goes_wrong_while_work_is_left_is_heard() -> None:
    stop = asyncio.Event()

    async def work() -> None:
        try:
            stop.set()
            await asyncio.Event().wait()
        finally:
            raise LookupError("while it was left")

    with pytest.raises(LookupError, match="while it was left"):
        await until(stop, work())


async def test_whoever_is_cancelled_while_he_waits_leaves_no_work_behind() -> None:
    work = asyncio.ensure_future(asyncio.Event().wait())
    waiting = asyncio.ensure_future(until(asyncio.Event(), asyncio.wait_for(work, None)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting, work})
    assert work.cancelled()
