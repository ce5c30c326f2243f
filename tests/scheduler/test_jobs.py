"""What is done when it is time, and what becomes of a mistake in it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

import pytest

from crawler.queue import BackfillJob
from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from scheduler import jobs
from storage.clock import now
from storage.database import Database
from storage.events import Event, MistakeMade
from storage.leases import owner, owner_is_dead
from storage.sources import backfills
from tests.storage.examples import watched


async def test_a_backfill_is_held_on_to_after_a_mistake_and_the_mistake_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "KEEPING", 0)
    told: list[Event] = []
    renewals = 0
    held_twice = asyncio.Event()
    loop = asyncio.get_running_loop()
    renew: Callable[..., None] = backfills.renew

    def slipping(*arguments: object) -> None:
        nonlocal renewals
        renewals += 1
        if renewals == 1:
            raise LookupError("no such backfill")
        renew(*arguments)
        loop.call_soon_threadsafe(held_twice.set)

    monkeypatch.setattr(backfills, "renew", slipping)
    source = watched(database)
    claimed = database.write(backfills.claim, source, now().date(), owner(), now(), owner_is_dead)
    job = BackfillJob(claimed, source, 10, asyncio.Event(), lambda progress: None, lambda text: None)
    dispatch = Dispatch(database, owner=owner(), console=io.StringIO(), report=told.append)
    keeping = asyncio.ensure_future(jobs._keep(Crawl(database, report=told.append), dispatch, job))
    await held_twice.wait()
    keeping.cancel()
    assert told == [MistakeMade("looking after a backfill", "LookupError: no such backfill")]
