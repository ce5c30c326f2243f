from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest

from crawler.reading.process import ReadingProcess
from storage.errors import UnreadableError
from storage.types import Reason
from tests.crawler.reading.behaviours import crash, hang, misread, read, where
from tests.patience import PATIENCE


@pytest.fixture
async def reading() -> AsyncIterator[ReadingProcess]:
    """A page counts as one that hangs its reader after five seconds; the others take a few thousandths of one."""
    process = ReadingProcess(deadline=5.0)
    yield process
    process.close()


async def test_a_page_is_read_in_another_process(reading: ReadingProcess) -> None:
    assert await reading._read(read, "page") == "PAGE"
    assert await reading._read(where, "page") != os.getpid()


async def test_one_process_reads_all_pages(reading: ReadingProcess) -> None:
    assert len(set(await asyncio.gather(*(reading._read(where, "page") for _ in range(20))))) == 1


async def test_what_the_reader_says_of_a_page_reaches_the_crawl(reading: ReadingProcess) -> None:
    reader = await reading._read(where, "page")
    with pytest.raises(UnreadableError) as unreadable:
        await reading._read(misread, "page 7")
    assert (unreadable.value.reason, str(unreadable.value)) == (Reason.UNREADABLE, "page 7 holds no statement")
    assert await reading._read(where, "page") == reader


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behaviour", "verdict"), [(hang, "more than 5 seconds"), (crash, "crashes its reader")], ids=["hangs", "crashes"]
)
async def test_a_page_that_takes_its_reader_down_is_unreadable_and_its_neighbours_are_read(
    reading: ReadingProcess, behaviour: Callable[[str], str], verdict: str
) -> None:
    """Those that wait beside it, and those that come while it is read and while it is tried alone."""
    bad = asyncio.ensure_future(reading._read(behaviour, "bad"))
    good = [asyncio.ensure_future(reading._read(read, f"good {number}")) for number in range(5)]
    while not bad.done():
        await asyncio.wait([bad], timeout=0.1)
        good.append(asyncio.ensure_future(reading._read(read, f"good {len(good)}")))
    assert await asyncio.gather(*good) == [f"GOOD {number}" for number in range(len(good))]
    with pytest.raises(UnreadableError, match=verdict) as unreadable:
        await bad
    assert unreadable.value.reason == Reason.UNREADABLE


async def test_several_bad_pages_are_told_from_the_good_ones_between_them(reading: ReadingProcess) -> None:
    pages = [crash, read, crash, read, read, crash, read]
    results = await asyncio.gather(*(reading._read(page, "page") for page in pages), return_exceptions=True)
    assert [isinstance(result, UnreadableError) for result in results] == [page is crash for page in pages]


async def test_who_brings_more_pages_than_there_are_places_waits() -> None:
    reading = ReadingProcess(capacity=2)
    pages = [asyncio.ensure_future(reading._read(read, f"page {number}")) for number in range(10)]
    await asyncio.sleep(0)
    assert reading._slots.locked()
    assert len(await asyncio.gather(*pages)) == 10
    assert not reading._slots.locked()
    reading.close()


async def test_a_reader_that_is_killed_from_outside_is_replaced(reading: ReadingProcess) -> None:
    reader = await reading._read(where, "page")
    os.kill(reader, signal.SIGKILL)
    assert await reading._read(read, "page") == "PAGE"
    assert await reading._read(where, "page") != reader


async def test_closing_ends_the_process_at_once_and_starts_no_other(reading: ReadingProcess) -> None:
    handle = os.pidfd_open(await reading._read(where, "page"))
    pages = [asyncio.ensure_future(reading._read(page, "page")) for page in (hang, read, read)]
    await asyncio.sleep(0)
    reading.close()
    assert select.select([handle], [], [], PATIENCE)[0], "the reader is still there"
    os.close(handle)
    results = await asyncio.gather(*pages, reading._read(read, "later"), return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError] * 4


PARENT = """
import asyncio
from crawler.reading.process import ReadingProcess
from tests.crawler.reading.behaviours import hang, where

async def main():
    reading = ReadingProcess()
    print(await reading._read(where, "page"), flush=True)
    await reading._read(hang, "page")

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_reader_ends_with_its_parent_however_that_ends(end: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    assert parent.stdout is not None
    handle = os.pidfd_open(int(parent.stdout.readline()))
    parent.send_signal(end)
    assert parent.wait(PATIENCE) == -end
    assert select.select([handle], [], [], PATIENCE)[0], "the reader outlived its parent"
    os.close(handle)
    parent.stdout.close()
