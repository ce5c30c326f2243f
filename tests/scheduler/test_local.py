"""The ticker of one process: what becomes of a job that fails."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

import pytest

import scheduler.local
from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from scheduler.local import Local
from storage.database import Database
from storage.events import Event, MistakeMade
from storage.operator import notices


async def test_a_mistake_in_a_job_is_told_once_and_the_job_is_done_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.local, "TICK", 0.01)
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
    await asyncio.wait_for(Local(crawl, dispatch, operator).serve(stop), 60)
    await operator.stop(0)
    slips = [event for event in told if isinstance(event, MistakeMade)]
    assert {event.where for event in slips} == {"match and deliver", "reconcile"}, "both ask the clock"
    assert slips.count(MistakeMade("match and deliver", "LookupError: the clock has stopped")) == 1
    assert {one.detail for one in database.read(notices.listing)} == {f"{one.where}: {one.detail}" for one in slips}
