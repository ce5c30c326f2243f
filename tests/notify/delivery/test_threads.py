"""Threads for what may hang."""

from __future__ import annotations

import asyncio
import threading

import pytest

from notify.delivery.threads import Threads


async def test_a_thread_that_is_done_is_used_again() -> None:
    threads = Threads("hands")
    used = {await threads.run(threading.get_ident) for _ in range(5)}
    assert len(used) == 1


async def test_one_that_hangs_keeps_no_other_waiting() -> None:
    threads, released = Threads("hands"), threading.Event()
    hanging = asyncio.ensure_future(threads.run(released.wait))
    assert await threads.run(lambda: "done") == "done"
    assert not hanging.done()
    released.set()
    assert await hanging


async def test_what_the_function_raises_is_raised() -> None:
    def fail() -> None:
        raise ValueError("not today")

    threads = Threads("hands")
    with pytest.raises(ValueError, match="not today"):
        await threads.run(fail)
    assert await threads.run(lambda: "goes on") == "goes on"


async def test_a_thread_without_work_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notify.delivery.threads.IDLE", 0.01)
    threads = Threads("hands that rest")
    thread = await threads.run(threading.current_thread)
    await asyncio.to_thread(thread.join, 60)
    assert not thread.is_alive()
    assert await threads.run(lambda: "another one") == "another one"


async def test_nobody_waits_for_an_answer_that_comes_too_late() -> None:
    threads, released = Threads("hands"), threading.Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await threads.run(released.wait)
    released.set()
    assert await threads.run(lambda: "goes on") == "goes on"


def test_the_end_of_the_loop_does_not_wait_for_one_that_hangs() -> None:
    released = threading.Event()
    threads = Threads("hands")

    async def leave() -> None:
        asyncio.ensure_future(threads.run(released.wait))  # noqa: RUF006
        await asyncio.sleep(0)

    asyncio.run(leave())
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "hands")
    released.set()
