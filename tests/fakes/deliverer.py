"""A process that matches and delivers alone, by a clock so fast that a day's digest comes every few seconds.

    with program.started(str(born), main=DELIVERER) as child:
        child.kill()

All of it is the program's own code but for the clock, which counts from `born` for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from notify.delivery.dispatch import Dispatch
from presswatch.settings import load
from scheduler import jobs
from scheduler.local import DELIVERY_PATIENCE
from storage.leases import owner
from storage.opening import open_database

DELIVERER = f"{__name__}:main"

HASTE = 20_000
"""Seconds of the fast clock in a second: a day passes in four."""


def main() -> None:
    """Deliver until SIGTERM, in the data folder of the settings. The first argument is when the clock began."""
    asyncio.run(_deliver(datetime.fromisoformat(sys.argv[1])))
    sys.stdout.flush()
    os._exit(0)  # to take the interpreter apart costs more than all that it has done


async def _deliver(born: datetime) -> None:
    def fast() -> datetime:
        return born + (datetime.now(UTC) - born) * HASTE

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with open_database(load().data) as database:
        jobs.sweep(database)
        dispatch = Dispatch(database, owner=owner(), console=sys.stdout, clock=fast, lease=timedelta(days=1000))
        while not stop.is_set():
            await jobs.match_and_deliver(dispatch)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.01)
        await dispatch.stop(DELIVERY_PATIENCE)
