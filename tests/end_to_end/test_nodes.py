"""Nodes of one database: they share the work, and the others take over from one that is gone or stood still."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.sources import sources
from tests.end_to_end.sharing import keys, stored_once, wait_for_keys
from tests.fakes import postgres
from tests.fakes.program import Program, Running
from tests.fakes.sinks import HTTPSink
from tests.patience import PATIENCE, wait_until

OVERLAPS = """SELECT count(*) FROM polls one JOIN polls other
    ON other.source_id = one.source_id AND other.id > one.id AND other.started_at < one.ended_at"""
HOSTS = ("127.0.0.1", "localhost")
"""Two names of this machine: two hosts, as a crawl counts them."""


@pytest.fixture
def desk(tmp_path: Path, ministry: ReplicaSite, sink: HTTPSink, server: postgres.PostgreSQL) -> Iterator[Program]:
    """The program on a server's database: it has polled two hosts once, and tells the sink of the CSTO."""
    address = server.new()
    program = Program(tmp_path / "data", address)
    with program.database() as database:
        for spec, host in zip(specs(ministry), HOSTS, strict=True):
            elsewhere = replace(spec, address=spec.address.replace(HOSTS[0], host))
            database.write(sources.add, elsewhere, alert_first=False, now=now())
    assert program("subscribe", "CSTO", "--to", sink.address).code == 0
    assert program("poll").code == 0
    yield program
    server.drop(address)


def name_of(node: Running, desk: Program) -> str:
    """The name of a node's row, once it has one."""
    wait_until(lambda: bool(desk.rows(f"SELECT 1 FROM nodes WHERE name LIKE '%/{node.process.pid}'")))
    return str(desk.rows(f"SELECT name FROM nodes WHERE name LIKE '%/{node.process.pid}' ORDER BY id DESC")[0][0])


def owner_of(node: Running, desk: Program) -> str:
    return str(desk.rows(f"SELECT owner FROM nodes WHERE name = '{name_of(node, desk)}' ORDER BY id DESC")[0][0])


def let_its_lease_pass(node: Running, desk: Program) -> None:
    """Let the time pass in which nothing is heard of it: the rows say that it has."""
    with desk.database() as database:
        earlier = f"UPDATE nodes SET beat_at = beat_at - interval '1 hour' WHERE name = '{name_of(node, desk)}'"
        database.write(lambda connection: connection.exec_driver_sql(earlier))


def test_nodes_share_the_work_and_take_over_from_one_another(
    desk: Program, ministry: ReplicaSite, sink: HTTPSink
) -> None:
    titles = [f"CSTO statement {number}" for number in range(6)]
    with desk.started() as one, desk.started() as two, desk.started("start", "--roles", "crawl") as three:
        nodes = (one, two, three)
        owners = [owner_of(node, desk) for node in nodes]
        for number in range(2):
            ministry.publish(titles[number], "It met.")
            wait_for_keys(sink, number + 1)
        polled = "SELECT count(DISTINCT owner) FROM polls"
        wait_until(lambda: desk.rows(polled) == [(len(nodes) + 1,)])
        assert desk.rows(OVERLAPS) == [(0,)], "no source is polled twice at a time"

        ministry.slow(PATIENCE)
        under_way = f"SELECT count(*) FROM polls WHERE ended_at IS NULL AND owner = '{owners[0]}'"
        wait_until(lambda: desk.rows(under_way) != [(0,)])
        one.pause()
        let_its_lease_pass(one, desk)
        wait_until(lambda: desk.rows(under_way) == [(0,)])
        left = f"SELECT id, reason, ended_at FROM polls WHERE owner = '{owners[0]}' ORDER BY id"
        before = desk.rows(left)
        ministry.mend()
        ministry.publish(titles[2], "It met.")
        wait_for_keys(sink, 3)
        one.go_on()
        one.wait_for("it begins anew")
        assert desk.rows(left) == before, "who was ended writes nothing when it goes on"
        wait_until(lambda: owner_of(one, desk) != owners[0])

        gone = name_of(two, desk)
        two.kill()
        let_its_lease_pass(two, desk)
        for number in range(3, 6):
            ministry.publish(titles[number], "It met.")
            wait_for_keys(sink, number + 1)
        wait_until(lambda: desk.rows(f"SELECT 1 FROM nodes WHERE name = '{gone}' AND ended_at IS NULL") == [])
        standing = {row["name"] for row in desk("nodes", "list", "--json").json if row["ended"] is None}
        assert standing == {name_of(one, desk), name_of(three, desk)}
        assert three.stop(signal.SIGTERM) == one.stop(signal.SIGTERM) == 0
    assert len(set(keys(sink))) == len(titles), "each is told, and one that is told twice has the same key"
    assert stored_once(desk, titles)


def test_a_file_has_one_process_that_does_all(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    refused = program("start", "--roles", "crawl,match")
    assert (refused.code, refused.err.count("\n")) == (2, 2), "one line, and its mend"
    assert "PRESSWATCH_DATABASE" in refused.err
    strange = program("start", "--roles", "crawl,mach")
    assert strange.code == 2
    assert "the roles are crawl,match,deliver,web" in strange.err
