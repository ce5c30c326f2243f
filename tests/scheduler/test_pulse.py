"""Whether the timetable is kept can be asked."""

from __future__ import annotations

import asyncio
import io

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from scheduler.local import Local
from scheduler.pulse import PATIENCE as LATE
from scheduler.pulse import Pulse
from scheduler.timetable import Node, Row, Where
from storage.database import Database
from tests.patience import PATIENCE


class Watch:
    """A clock that stands until somebody turns it."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_a_job_is_late_when_its_time_and_patience_are_over() -> None:
    watch = Watch()
    pulse = Pulse(watch)
    assert pulse.late() == ()
    pulse.expect([("poll", 1.0), ("prune", 86_400.0)])
    watch.at += LATE + 1
    assert pulse.late() == ()
    watch.at += 1
    assert pulse.late() == ("poll",)
    pulse.beat("poll")
    assert pulse.late() == ()
    assert pulse.ages() == {"poll": 0, "prune": LATE + 2}


async def test_a_job_that_never_goes_well_becomes_late_and_its_neighbour_does_not(database: Database) -> None:
    watch, stop, done = Watch(), asyncio.Event(), 0

    async def fails(node: Node) -> None:
        watch.at += LATE
        raise LookupError("never")

    async def goes_well(node: Node) -> None:
        nonlocal done
        done += 1
        if done == 5:
            stop.set()

    operator = Operator(database, console=io.StringIO(), report=lambda event: None)
    crawl, dispatch = Crawl(database), Dispatch(database, owner="host/1/a", console=io.StringIO())
    local = Local(crawl, dispatch, operator, Pulse(watch))
    rows = (Row("fails", fails, 0.01, Where.EACH), Row("goes well", goes_well, 0.01, Where.EACH))
    await asyncio.wait_for(local.serve(stop, rows), PATIENCE)
    await operator.stop(0)
    local.pulse.beat("goes well")
    watch.at += 0.001
    assert local.pulse.late() == ("fails",)
