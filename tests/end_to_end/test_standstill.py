"""A process stands still for longer than its leases, as in a virtual machine that sleeps, and goes on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from presswatch.demo.site import ReplicaSite
from tests.end_to_end.sharing import keys, stored_once, trouble, wait_for_keys
from tests.fakes.program import Program, Running
from tests.fakes.sinks import HTTPSink
from tests.patience import PATIENCE, wait_until

LONG = 300.0
"""Seconds with `--full`; all leases are shorter."""
PAST = "'2001-01-01 00:00:00.000000'"
OPEN = "SELECT count(*) FROM polls WHERE ended_at IS NULL"


@pytest.fixture
def leases_end(watcher: Program, request: pytest.FixtureRequest) -> Callable[[], None]:
    """Let the time pass in which leases hold: with `--full` it does, else the rows say that it has."""

    def pass_by() -> None:
        if request.config.getoption("--full"):
            threading.Event().wait(LONG)
        else:
            expire(watcher, "sources", "alerts")

    return pass_by


def expire(program: Program, *tables: str) -> None:
    def end(connection: Connection) -> None:
        for table in tables:
            connection.exec_driver_sql(f"UPDATE {table} SET lease_until = {PAST} WHERE lease_until IS NOT NULL")

    with program.database() as database:
        database.write(end)


def pause_between_writes(process: Running, program: Program) -> None:
    """Stop it where it holds no lock of the database: who sleeps with that one lets nobody write, as SQLite has it."""

    def is_free() -> bool:
        process.pause()
        connection = sqlite3.connect(program.folder / "presswatch.db", timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            process.go_on()
            return False
        finally:
            connection.close()
        return True

    wait_until(is_free)


@pytest.mark.timeout(1800)
def test_another_process_takes_over_from_one_that_stands_still_and_nothing_comes_twice(
    watcher: Program, ministry: ReplicaSite, sink: HTTPSink, leases_end: Callable[[], None]
) -> None:
    with watcher.started() as one:
        wait_until(lambda: watcher.rows(OPEN) == [(0,)])
        ministry.slow(PATIENCE)
        ministry.publish("CSTO statement 0", "It met.")
        wait_until(lambda: watcher.rows(OPEN) == [(2,)])
        pause_between_writes(one, watcher)
        [(last,)] = watcher.rows("SELECT max(id) FROM polls")
        leases_end()
        ministry.mend()
        with watcher.started() as other:
            wait_for_keys(sink, 1)
            one.go_on()
            ministry.publish("CSTO statement 1", "It met.")
            wait_for_keys(sink, 2)
            wait_until(lambda: watcher.rows(f"{OPEN} AND id <= {last}") == [(0,)])
            assert other.stop() == 0
        ministry.publish("CSTO statement 2", "It met.")
        wait_for_keys(sink, 3)
        assert one.stop() == 0
    assert len(set(keys(sink))) == 3
    assert stored_once(watcher, [f"CSTO statement {number}" for number in range(3)])
    assert trouble(one, other) == []


def test_an_alert_that_is_being_sent_meanwhile_is_sent_once(
    watcher: Program, ministry: ReplicaSite, sink: HTTPSink
) -> None:
    sink.hang()
    with watcher.started() as process:
        ministry.publish("CSTO statement 0", "It met.")
        sink.wait_for(1)
        pause_between_writes(process, watcher)
        expire(watcher, "sources", "alerts")
        process.go_on()
        [(last,)] = watcher.rows("SELECT max(id) FROM polls")
        wait_until(lambda: watcher.rows("SELECT max(id) FROM polls")[0][0] >= last + 4)  # it looks at what is due again
        ministry.publish("CSTO statement 1", "It met.")
        wait_until(lambda: watcher.rows("SELECT count(*) FROM alerts") == [(2,)])
        sink.release()
        wait_for_keys(sink, 2)
        assert process.stop() == 0
    assert len(keys(sink)) == len(set(keys(sink)))
    assert trouble(process) == []
