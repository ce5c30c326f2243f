"""Claiming due sources by batches, against a job a source in Procrastinate; and one tick among a million sources."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import procrastinate
import psycopg

from crawler.jobs.runs import POLLS_OF_A_HOST
from storage.clock import now
from storage.database import Database
from storage.leases import SOURCE_LEASE
from storage.opening import open_database
from storage.sources import polls, sources
from storage.tables import sources as table
from storage.types import Reason, SourceSpec
from tests.bench.measure import Figure, Run, calm, in_turns, rates, say, watch
from tests.fakes.postgres import PostgreSQL

BATCH = 20
OF_A_HOST = 5
DUE = 10_000
JOBS = 2_000
AT_ONCE = 8
"""Jobs that a worker does at a time: more are no faster."""
TICKS = 50

BARE = """
    UPDATE sources SET lease_owner = 'bare', lease_until = %s WHERE id IN (
        SELECT id FROM sources WHERE enabled AND removed_at IS NULL AND next_poll_at <= %s
          AND (lease_until IS NULL OR lease_until < %s)
        ORDER BY next_poll_at LIMIT 20 FOR UPDATE SKIP LOCKED
    ) RETURNING *
"""
"""What a tick cannot do without."""

FREE = "UPDATE sources SET lease_owner = NULL, lease_until = NULL, next_poll_at = %s WHERE id <= %s"

Raw = psycopg.Connection[tuple[object, ...]]


def run(server: PostgreSQL, folder: Path, count: int, rounds: int) -> list[Figure]:
    """Claim some of so many sources."""
    address = server.new()
    due = min(DUE, count // 4)
    with open_database(folder, address=address) as database, psycopg.connect(address, autocommit=True) as raw:
        _fill(database, raw, count)
        jobs = server.bare()
        asyncio.run(_make_queue(jobs))
        baseline = partial(_job_by_job, jobs, min(JOBS, due))
        claims = in_turns("cluster claims", rounds, partial(_claims, database, raw, due, ends=False), baseline)
        ended = in_turns("cluster claims with ends", rounds, partial(_claims, database, raw, due, ends=True), baseline)
        return [
            rates(f"cluster claims by {BATCH}, against a job a source", *claims, aim=20.0),
            rates("cluster claims with their ends", *ended, aim=None),
            *_ticks(database, raw, count, rounds),
        ]


def _fill(database: Database, raw: Raw, count: int) -> None:
    """Sources of which none is due, made by the server from one of ours."""
    started = time.perf_counter()
    spec = SourceSpec("bench/first", "Section", "https://ministry.example/news/")
    database.write(sources.add, spec, alert_first=False, now=now())
    told = {
        "key": "'bench/' || n",
        "address": f"'https://host-' || n / {OF_A_HOST} || '.example/' || n",
        "next_poll_at": "now() + interval '1 year'",
    }
    columns = [column.name for column in table.c if column.name != "id"]
    made = ", ".join(told.get(name, name) for name in columns)
    into = f"INSERT INTO sources ({', '.join(columns)}) SELECT {made} FROM sources, generate_series(2, {count}) n"
    raw.execute(into.encode())
    raw.execute("VACUUM ANALYZE sources")
    say(f"cluster: {count:,} sources in {time.perf_counter() - started:.0f} s")


def _claims(database: Database, raw: Raw, due: int, *, ends: bool) -> Run:
    """Claim all that is due, batch by batch, in one process; with `ends`, end each poll at once."""
    _make_due(raw, due)
    calm()
    claimed = 0
    with watch() as seconds:
        while batch := database.claim(polls.claim_due, "bench", now(), limit=BATCH):
            claimed += len(batch)
            if ends:
                at = now()
                next_at = at + SOURCE_LEASE
                results = [polls.PollResult(poll, at, Reason.UNCHANGED, next_at) for poll in batch]
                database.write(polls.end_polls, results)
    assert claimed == due
    return Run(due, seconds.wall, seconds.cpu)


def _make_due(raw: Raw, due: int) -> None:
    """So many are due, as if nobody had ever polled them."""
    raw.execute("TRUNCATE polls CASCADE")
    raw.execute(FREE, (now(), due))
    raw.execute("VACUUM sources")


def _ticks(database: Database, raw: Raw, count: int, rounds: int) -> list[Figure]:
    """One look for what is due, as often as a loop takes it."""

    def ours() -> None:
        database.claim(polls.claim_due, "bench", now(), limit=BATCH, per_host=POLLS_OF_A_HOST)

    def bare() -> None:
        at = now()
        with raw.transaction():
            raw.execute(BARE, (at + SOURCE_LEASE, at, at)).fetchall()

    figures = []
    for due, told in ((BATCH * OF_A_HOST, f"{BATCH} are taken"), (0, "none is due")):
        raw.execute(FREE, ("infinity", DUE))
        mine, other = [], []
        for _ in range(TICKS * rounds):
            mine.append(_tick(ours, raw, due))
            other.append(_tick(bare, raw, due))
        one, baseline = median(mine), median(other)
        name = f"cluster tick among {count:,} sources, {told}"
        say(f"{name}: {one:.2f} and {baseline:.2f} ms")
        figures.append(
            Figure(name, f"{one:.2f} ms", f"{baseline:.2f} ms", baseline / one, None, "at most 10 ms are aimed at")
        )
    return figures


def _tick(function: Callable[[], None], raw: Raw, due: int) -> float:
    """Milliseconds that it takes while so many are due."""
    if due:
        raw.execute("TRUNCATE polls CASCADE")
        raw.execute(FREE, (now(), due))
    started = time.perf_counter()
    function()
    return (time.perf_counter() - started) * 1000


def _queue(address: str) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4))

    @app.task(name="poll")
    async def poll(source: int) -> None:
        """Takes no time."""

    return app


async def _make_queue(address: str) -> None:
    app = _queue(address)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


def _job_by_job(address: str, count: int) -> Run:
    """Do so many jobs that wait already; that they were put there is not counted."""
    calm()
    return asyncio.run(_done(_queue(address), count))


async def _done(app: procrastinate.App, count: int) -> Run:
    async with app.open_async():
        jobs: list[dict[str, Any]] = [{"source": number} for number in range(count)]
        await app.tasks["poll"].batch_defer_async(*jobs)
        with watch() as seconds:
            await app.run_worker_async(
                concurrency=AT_ONCE, wait=False, delete_jobs="successful", install_signal_handlers=False
            )
    return Run(count, seconds.wall, seconds.cpu)
