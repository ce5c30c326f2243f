from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest

from crawler.reading.process import ReadingProcess
from crawler.reading.reader import interrupts_held
from storage.errors import UnreadableError
from storage.types import Reason
from tests.crawler.reading.behaviours import (
    answer_oddly,
    compute,
    crash,
    err,
    err_oddly,
    fill,
    hang,
    misread,
    read,
    where,
)
from tests.patience import PATIENCE, wait_until


@pytest.fixture
async def reading() -> AsyncIterator[ReadingProcess]:
    """One reader. A page counts as one that hangs its reader after five seconds; the others take thousandths of one."""
    process = ReadingProcess(readers=1, deadline=5.0, patience=5.0)
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


@pytest.mark.slow
async def test_a_page_that_computes_without_end_is_ended_by_the_seconds_of_cpu_it_used() -> None:
    """However long the clock runs: its reader is asked for nothing while it waits, and is not given up for that."""
    reading = ReadingProcess(readers=1, deadline=1.0, patience=PATIENCE)
    with pytest.raises(UnreadableError, match="more than 1 seconds"):
        await reading._read(compute, "page")
    reading.close()


async def test_a_page_that_asks_for_more_memory_than_there_is_for_it_is_unreadable(reading: ReadingProcess) -> None:
    reader = await reading._read(where, "page")
    with pytest.raises(UnreadableError, match="more memory than a reader may have"):
        await reading._read(fill, "page")
    assert await reading._read(where, "page") == reader


async def test_neighbours_are_never_read_twice(reading: ReadingProcess) -> None:
    """What dies with a page is that page alone: one page after the other is handed over."""
    pages = [asyncio.ensure_future(reading._read(where, "page", owner=f"good {number}")) for number in range(5)]
    bad = asyncio.ensure_future(reading._read(crash, "page", owner="bad"))
    readers = set(await asyncio.gather(*pages))
    with pytest.raises(UnreadableError):
        await bad
    assert len(readers) <= 2


async def test_a_large_page_is_read_in_a_process_of_its_own(reading: ReadingProcess) -> None:
    common = await reading._read(where, "page")
    apart = [await reading._read(where, "page", size=5_000_000) for _ in range(2)]
    assert len({common, *apart}) == 3
    assert await reading._read(where, "page") == common


async def test_whose_page_cost_its_reader_is_read_apart_until_a_page_of_his_is_read_well(
    reading: ReadingProcess,
) -> None:
    common = await reading._read(where, "page", owner="good")
    with pytest.raises(UnreadableError):
        await reading._read(crash, "page", owner="bad")
    after = await reading._read(where, "page", owner="good")
    assert await reading._read(where, "page", owner="bad") not in (common, after)
    assert await reading._read(where, "page", owner="bad") == after


async def test_suspects_that_hang_keep_no_other_source_waiting() -> None:
    """None of the good pages waits for a suspect: all are read while the first of these is."""
    reading = ReadingProcess(readers=1, patience=PATIENCE)
    hogs = [asyncio.ensure_future(reading._read(hang, "page", owner=f"hog {n}", size=5_000_000)) for n in range(6)]
    good = [asyncio.ensure_future(reading._read(read, "page", owner=f"good {n % 4}")) for n in range(40)]
    assert await asyncio.gather(*good) == ["PAGE"] * 40
    assert not any(hog.done() for hog in hogs)
    reading.close()
    assert all(isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*hogs, return_exceptions=True))


async def test_who_brings_many_pages_takes_turns_with_who_brings_one() -> None:
    reading = ReadingProcess(readers=1)
    order: list[str] = []

    async def bring(owner: str) -> None:
        await reading._read(read, "page", owner=owner)
        order.append(owner)

    await reading.start()
    many = [asyncio.ensure_future(bring("many")) for _ in range(50)]
    await asyncio.sleep(0)
    await bring("one")
    await asyncio.gather(*many)
    reading.close()
    assert order.index("one") <= 25


async def test_a_reader_has_its_next_page_at_hand_and_no_more() -> None:
    """It waits for nobody between two pages. What it had not begun when it is lost, another one reads."""
    reading = ReadingProcess(readers=1, patience=PATIENCE)
    pages = (read, hang, read, read, read)
    asked = [asyncio.ensure_future(reading._read(page, "page", owner=f"{n}")) for n, page in enumerate(pages)]
    async with asyncio.timeout(PATIENCE):
        await asked[0]
        while len(reading._common._queue) != 2:
            await asyncio.sleep(0.01)
        (reader,) = reading._common._readers
        reader.kill()
        assert await asyncio.gather(*asked[2:]) == ["PAGE"] * 3
    reading.close()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_as_many_processes_read_as_are_asked_for() -> None:
    reading = ReadingProcess(readers=3, patience=PATIENCE)
    hanging = [asyncio.ensure_future(reading._read(hang, "page", owner=f"{n}")) for n in range(2)]
    assert await reading._read(read, "page") == "PAGE"
    assert len(reading._common._readers) == 3
    reading.close()
    await asyncio.gather(*hanging, return_exceptions=True)


@pytest.mark.parametrize("behaviour", [err, err_oddly, answer_oddly])
async def test_a_mistake_of_ours_reaches_who_asked_and_costs_no_reader(
    reading: ReadingProcess, behaviour: Callable[[str], object]
) -> None:
    reader = await reading._read(where, "page")
    with pytest.raises(Exception, match=r"page|lock|argument"):
        await reading._read(behaviour, "page")
    assert await reading._read(where, "page") == reader


async def test_who_goes_away_leaves_nothing_unheard(reading: ReadingProcess, caplog: pytest.LogCaptureFixture) -> None:
    pages = [asyncio.ensure_future(reading._read(page, "page", owner="gone")) for page in (crash, read, crash)]
    await asyncio.sleep(0)
    for page in pages:
        page.cancel()
    assert await reading._read(read, "page") == "PAGE"
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_several_bad_pages_are_told_from_the_good_ones_between_them(reading: ReadingProcess) -> None:
    pages = [crash, read, crash, read, read, crash, read]
    results = await asyncio.gather(*(reading._read(page, "page") for page in pages), return_exceptions=True)
    assert [isinstance(result, UnreadableError) for result in results] == [page is crash for page in pages]


async def test_who_brings_more_pages_than_there_are_places_waits() -> None:
    reading = ReadingProcess(readers=1, capacity=2)
    pages = [asyncio.ensure_future(reading._read(read, f"page {number}")) for number in range(10)]
    await asyncio.sleep(0)
    assert reading._common.slots.locked()
    assert len(await asyncio.gather(*pages)) == 10
    assert not reading._common.slots.locked()
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
from crawler.reading.reader import interrupts_held
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


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no masks of signals here")
def test_a_ctrl_c_while_a_reader_starts_is_heard_all_the_same() -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with interrupts_held():
            masked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
            os.kill(os.getpid(), signal.SIGINT)
        wait_until(lambda: came == [signal.SIGINT])
        assert signal.SIGINT in masked, "a child that is started goes on without hearing of it"
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    finally:
        signal.signal(signal.SIGINT, before)
