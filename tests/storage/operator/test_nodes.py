"""Nodes: who is not heard of is ended, and writes nothing more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from storage.database import Database
from storage.errors import FencedError
from storage.leases import NODE_LEASE
from storage.operator import nodes
from storage.tables import nodes as rows
from storage.types import EVERY_ROLE, NodeRole


def joined(database: Database, name: str, roles: frozenset[NodeRole] = EVERY_ROLE) -> int:
    return database.write(nodes.join, name, f"place/{name}/token", roles, "1.0")


def silent(database: Database, number: int, time: timedelta) -> None:
    """Let so much time pass in which nothing is heard of it."""
    [node] = [each for each in database.read(nodes.listing) if each.number == number]
    earlier = update(rows).where(rows.c.id == number).values(beat_at=node.beat_at - time)
    database.write(lambda connection: connection.execute(earlier))


def test_who_joins_has_a_higher_number_than_all_before(database: Database) -> None:
    numbers = [joined(database, name) for name in ("one", "two", "three")]
    assert numbers == sorted(set(numbers))
    assert [node.name for node in database.read(nodes.listing)] == ["three", "two", "one"]


def test_a_node_is_listed_with_what_it_does_and_what_became_of_it(database: Database) -> None:
    crawling, all_round = joined(database, "one", frozenset({NodeRole.WEB, NodeRole.CRAWL})), joined(database, "two")
    database.write(nodes.beat, crawling, 7)
    database.write(nodes.leave, all_round)
    two, one = database.read(nodes.listing)
    assert (one.roles, one.load, one.version, one.ended_at) == ((NodeRole.CRAWL, NodeRole.WEB), 7, "1.0", None)
    assert (two.roles, two.ended, two.ended_at is None) == (tuple(NodeRole), nodes.STOPPED, False)
    assert database.read(nodes.crawling) == 1


def test_of_which_nothing_is_heard_for_its_lease_is_ended_and_nobody_else(database: Database) -> None:
    gone, late, well = (joined(database, name) for name in ("gone", "late", "well"))
    silent(database, gone, NODE_LEASE + timedelta(seconds=1))
    silent(database, late, NODE_LEASE / 2)
    assert database.write(nodes.end_unheard) == {"place/gone/token"}
    assert database.write(nodes.end_unheard) == frozenset()
    for number in (late, well):
        database.write(nodes.refuse_ended, number)
    with pytest.raises(FencedError):
        database.write(nodes.refuse_ended, gone)


def test_what_an_ended_node_writes_is_not_stored(database: Database) -> None:
    mine, others = joined(database, "mine"), joined(database, "others")
    database.fence = lambda connection: nodes.refuse_ended(connection, mine)
    database.write(nodes.beat, mine, 1)
    database.fence = lambda connection: None
    silent(database, mine, 2 * NODE_LEASE)
    database.write(nodes.end_unheard)
    database.fence = lambda connection: nodes.refuse_ended(connection, mine)
    with pytest.raises(FencedError):
        database.write(nodes.beat, others, 5)
    assert {node.load for node in database.read(nodes.listing)} == {0}


def test_a_beat_tells_how_long_nothing_was_heard(database: Database) -> None:
    number = joined(database, "one")
    silent(database, number, timedelta(minutes=5))
    assert database.write(nodes.beat, number, 0) >= timedelta(minutes=5)
    assert database.write(nodes.beat, number, 0) < timedelta(minutes=5)


def test_an_ended_node_is_told_of_for_a_while(database: Database) -> None:
    ended, stands = joined(database, "ended"), joined(database, "stands")
    database.write(nodes.leave, ended)
    [_, node] = database.read(nodes.listing)
    assert node.ended_at is not None
    second = timedelta(seconds=1)
    assert database.write(nodes.forget, node.ended_at - second) == 0
    assert database.write(nodes.forget, node.ended_at + second) == 1
    assert [each.number for each in database.read(nodes.listing)] == [stands]
