"""Work that is left when somebody says stop is ended, and what goes wrong in it is heard."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from presswatch.loop import until
from tests.patience import PATIENCE


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


INTERRUPTED = """
import asyncio, functools, os, signal
from presswatch.loop import run

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

{when}

async def work():
    await asyncio.sleep(0)
    await asyncio.Event().wait()

try:
    run(work())
except KeyboardInterrupt:
    print("interrupted")
"""
MOMENTS = {
    "a loop is half made": """
made = asyncio.SelectorEventLoop.__init__
def making(self, *arguments):
    interrupt()
    made(self, *arguments)
asyncio.SelectorEventLoop.__init__ = making
""",
    "the loop takes Ctrl-C over": """
taken = signal.signal
def taking(number, handler):
    before = taken(number, handler)
    if isinstance(handler, functools.partial):
        interrupt()
    return before
signal.signal = taking
""",
}
"""Moments at which a Ctrl-C may come, before the work has begun."""


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_before_work_has_begun_is_a_ctrl_c(moment: str) -> None:
    code = INTERRUPTED.format(when=MOMENTS[moment])
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")
