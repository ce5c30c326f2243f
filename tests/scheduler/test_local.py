"""The ticker of one process: what becomes of a job that fails."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from scheduler.local import Local
from scheduler.timetable import TICK, TIMETABLE, Node, Row, Where
from storage.clock import now
from storage.database import Database
from storage.events import Event, MistakeMade
from storage.operator import notices
from storage.types import SOLE_OWNER
from tests.patience import PATIENCE
from tests.storage.examples import HOUR

DAY = 24 * HOUR


async def test_a_mistake_in_a_job_is_told_once_and_the_job_is_done_again(database: Database) -> None:
    told: list[Event] = []
    asked = 0
    stop = asyncio.Event()

    def broken_clock() -> datetime:
        nonlocal asked
        asked += 1
        if asked == 3:
            stop.set()
        raise LookupError("the clock has stopped")

    operator = Operator(database, console=io.StringIO(), report=told.append)
    crawl = Crawl(database, report=operator.report)
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO(), report=operator.report, clock=broken_clock)
    quick = [replace(row, seconds=0.01) if row.seconds == TICK else row for row in TIMETABLE]
    await asyncio.wait_for(Local(crawl, dispatch, operator).serve(stop, quick), PATIENCE)
    await operator.stop(0)
    slips = [event for event in told if isinstance(event, MistakeMade)]
    assert {event.where for event in slips} == {"match and deliver", "reconcile"}, "both ask the clock"
    assert slips.count(MistakeMade("match and deliver", "LookupError: the clock has stopped")) == 1
    assert {one.detail for one in database.read(notices.listing, SOLE_OWNER)} == {
        f"{one.where}: {one.detail}" for one in slips
    }


async def test_a_job_that_fails_stops_no_other_and_a_mistake_of_another_kind_is_told_anew(database: Database) -> None:
    told: list[Event] = []
    stop = asyncio.Event()
    mistakes = iter((LookupError("one"), LookupError("two"), None, LookupError("three"), ArithmeticError("four")))
    neighbour = 0

    async def failing(node: Node) -> None:
        try:
            slip = next(mistakes)
        except StopIteration:
            stop.set()
            return
        if slip is not None:
            raise slip

    async def counting(node: Node) -> None:
        nonlocal neighbour
        neighbour += 1

    operator = Operator(database, console=io.StringIO(), report=told.append)
    crawl = Crawl(database, report=operator.report)
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO(), report=operator.report)
    rows = (Row("failing", failing, 0.01, Where.EACH), Row("counting", counting, 0.01, Where.ONE))
    await asyncio.wait_for(Local(crawl, dispatch, operator).serve(stop, rows), PATIENCE)
    await operator.stop(0)
    slips = [event.detail for event in told if isinstance(event, MistakeMade)]
    assert slips == ["LookupError: one", "LookupError: three", "ArithmeticError: four"]
    assert neighbour > 1


async def test_neither_a_busy_tick_nor_the_stop_is_told_in_foreign_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    stop, ticks = asyncio.Event(), 0

    async def endless(node: Node) -> None:
        await asyncio.Event().wait()

    async def counting(node: Node) -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 20:
            stop.set()

    operator = Operator(database, console=io.StringIO(), report=lambda event: None)
    crawl = Crawl(database, report=operator.report)
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO(), report=operator.report)
    rows = (Row("endless", endless, 0.01, Where.EACH), Row("counting", counting, 0.01, Where.EACH))
    await asyncio.wait_for(Local(crawl, dispatch, operator).serve(stop, rows), PATIENCE)
    for _ in range(5):
        await asyncio.sleep(0)
    await operator.stop(0)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("apscheduler")] == []


def test_each_row_of_the_timetable_has_a_name_of_its_own_and_a_place() -> None:
    assert len({row.name for row in TIMETABLE}) == len(TIMETABLE)
    once_for_all = {row.name for row in TIMETABLE if row.where is Where.ONE}
    assert once_for_all == {
        "put times right",
        "plant canaries",
        "tell where the evidence ends",
        "prune",
        "optimize",
        "reconcile",
    }


@pytest.mark.parametrize("jump", [-HOUR, -DAY, HOUR, DAY], ids=["-1 h", "-1 d", "+1 h", "+1 d"])
async def test_a_clock_that_jumps_stops_no_job(database: Database, jump: timedelta) -> None:
    """What APScheduler has planned by the old clock would wait until the new one is there."""
    stop, done = asyncio.Event(), 0

    async def counting(node: Node) -> None:
        nonlocal done
        done += 1
        if done == 2:
            clock.shift(jump)
        if done == 4:
            stop.set()

    operator = Operator(database, console=io.StringIO())
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO())
    rows = (Row("counting", counting, 0.2, Where.EACH),)
    with time_machine.travel(now(), tick=True) as clock:
        await asyncio.wait_for(Local(Crawl(database), dispatch, operator).serve(stop, rows), PATIENCE)
    assert done >= 4
