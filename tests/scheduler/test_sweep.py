"""A sweep frees what dead processes held, and nothing of those that live: not of this one, not of another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from scheduler import jobs
from storage import leases
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError
from storage.leases import SOURCE_LEASE, owner, owner_is_dead
from storage.outbox import deliveries
from storage.sources import backfills, polls
from storage.tables import alerts
from storage.tables import deliveries as deliveries_table
from storage.tables import polls as polls_table
from storage.types import Source
from tests.storage.examples import draft, matched, polling, store, subscribed, watched
from tests.storage.outbox.sending import claim


@pytest.fixture
def neighbour() -> Iterator[str]:
    """The name of another process, which lives."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield _name(process.pid)
        process.communicate()


@pytest.fixture
def dead() -> str:
    """The name of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = _name(process.pid)
        process.communicate()
    return name


def _name(pid: int) -> str:
    return f"{owner().partition('/')[0]}/{pid}/{leases._born(pid)}-0123456789ab"


def sending(database: Database, source: Source, name: str, number: int) -> str:
    """The token of a delivery that the process of that name is sending."""
    token = f"{name}/{number}"
    matched(database, subscribed(database), *store(database, draft(source, number)), now=now())
    _, carried = claim(database, token, now())
    assert carried
    return token


def holders(connection: Connection) -> dict[str, set[str]]:
    """Who holds something, by what it is."""
    return {
        "polls": set(connection.scalars(select(polls_table.c.owner).where(polls_table.c.ended_at.is_(None)))),
        "sources": {str(name) for name in polls.open_owners(connection)},
        "alerts": set(connection.scalars(select(alerts.c.lease_owner).where(alerts.c.lease_owner.is_not(None)))),
        "deliveries": set(
            connection.scalars(select(deliveries_table.c.token).where(deliveries_table.c.finished_at.is_(None)))
        ),
    }


def test_a_sweep_frees_what_the_dead_held_and_nothing_of_the_living(
    database: Database, neighbour: str, dead: str
) -> None:
    tokens = {}
    for number, name in enumerate((owner(), neighbour, dead), start=1):
        source = watched(database, f"of-{number}")
        polling(database, source, name, now())
        tokens[name] = sending(database, source, name, number)
    living = {owner(), neighbour}
    assert jobs.sweep(database) == 3, "the dead one's poll, alert and delivery"
    for _ in range(3):
        held = database.read(holders)
        assert held["polls"] == held["sources"] == living
        assert held["alerts"] == held["deliveries"] == {tokens[name] for name in living}
        assert jobs.sweep(database) == 0


def test_this_process_keeps_what_it_holds_however_often_it_looks_for_the_dead(database: Database) -> None:
    source = watched(database)
    poll = polling(database, source, owner(), now())
    token = sending(database, source, owner(), 1)
    before = database.read(holders)
    assert before["polls"] == {owner()} and before["alerts"] == {token}
    for _ in range(5):
        assert jobs.sweep(database) == 0
        assert database.write(polls.claim_due, owner(), now(), limit=10, keys=[source.key]) == ()
    assert database.read(holders) == before
    assert database.write(polls.renew, owner(), [poll.source.id], now()) == {source.id}
    assert database.write(deliveries.renew, [token], now() + SOURCE_LEASE) == 1


def test_a_backfill_is_not_taken_from_a_process_that_lives(database: Database, neighbour: str, dead: str) -> None:
    held, left = watched(database, "held"), watched(database, "left")
    for source, name in ((held, neighbour), (left, dead)):
        database.write(backfills.claim, source, now().date(), name, now(), owner_is_dead)
    with pytest.raises(InvalidInputError, match="another process is reading"):
        database.write(backfills.claim, held, None, owner(), now(), owner_is_dead)
    database.write(backfills.claim, left, None, owner(), now(), owner_is_dead)
    with pytest.raises(InvalidInputError, match="another process is reading"):
        database.write(backfills.claim, left, None, neighbour, now(), owner_is_dead)
