"""A miss is found, repaired and told; what was never to be announced is not."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from notify.delivery.dispatch import Dispatch
from notify.matching.reconcile import WINDOW, reconcile
from storage import tables as t
from storage.database import Database
from storage.events import Event, MissesRepaired
from storage.people import channels, subscriptions, topics
from storage.types import SOLE_OWNER, Source, Stored
from tests.storage.examples import HOUR, NOW, draft, store, subscribed, watched

BEFORE = NOW - HOUR
LATER = NOW + 3 * HOUR


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def ask(database: Database) -> None:
    """Match what waits, as every second."""
    asyncio.run(Dispatch(database, owner="test", console=io.StringIO()).match_new())


def repaired(database: Database) -> tuple[int, int]:
    outcome = asyncio.run(reconcile(database, LATER))
    return outcome.matches, outcome.alerts


def forget(database: Database, stored: Stored, *, alert_only: bool = False) -> None:
    """Lose the alert of a version, and its match."""

    def lose(connection):  # type: ignore[no-untyped-def]
        of_version = t.matches.c.version_id == stored.version_id
        match_ids = connection.scalars(t.matches.select().with_only_columns(t.matches.c.id).where(of_version)).all()
        connection.execute(delete(t.alerts).where(t.alerts.c.match_id.in_(match_ids)))
        if not alert_only:
            connection.execute(delete(t.matches).where(of_version))

    database.write(lose)


def alerts_of(database: Database) -> int:
    return len(database.read(lambda connection: connection.execute(t.alerts.select()).all()))


def told_since(database: Database, hours: int) -> None:
    """As if everybody had subscribed so long before the statements."""
    at = NOW - hours * HOUR
    database.write(lambda connection: connection.execute(update(t.topics).values(created_at=at)))
    database.write(lambda connection: connection.execute(update(t.subscriptions).values(created_at=at)))


@pytest.mark.parametrize("alert_only", [False, True], ids=["match and alert", "the alert alone"])
def test_what_was_lost_is_made_up_for(database: Database, source: Source, alert_only: bool) -> None:
    subscribed(database)
    told_since(database, 1)
    first, _ = store(database, draft(source, 1), draft(source, 2, body="Another bridge."))
    ask(database)
    assert alerts_of(database) == 2
    assert repaired(database) == (0, 0)
    forget(database, first, alert_only=alert_only)
    assert repaired(database) == (0 if alert_only else 1, 1)
    assert alerts_of(database) == 2
    assert repaired(database) == (0, 0)


def test_a_version_that_was_never_marked_is_asked_about(database: Database, source: Source) -> None:
    subscribed(database)
    told_since(database, 1)
    store(database, draft(source))
    assert repaired(database) == (1, 1)
    unmarked = database.read(lambda c: c.execute(t.versions.select().where(t.versions.c.matched_at.is_(None))).all())
    assert unmarked == []


def test_a_version_that_still_waits_is_left_to_the_ticker(database: Database, source: Source) -> None:
    subscribed(database)
    told_since(database, 1)
    store(database, draft(source), now=LATER - HOUR)
    assert repaired(database) == (0, 0)


def test_what_is_silent_is_matched_and_nobody_is_told(database: Database, source: Source) -> None:
    subscribed(database)
    told_since(database, 1)
    [stored] = store(database, draft(source, silent=True))
    ask(database)
    forget(database, stored)
    assert repaired(database) == (1, 0)
    assert alerts_of(database) == 0


def test_a_topic_younger_than_the_statement_is_not_asked(database: Database, source: Source) -> None:
    store(database, draft(source))
    ask(database)
    database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW + HOUR)
    assert repaired(database) == (0, 0)


def test_who_subscribed_after_the_statement_is_not_told(database: Database, source: Source) -> None:
    topic = database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", BEFORE)
    channel = database.write(channels.add, SOLE_OWNER, database.keyring, "console", "console", BEFORE)
    [stored] = store(database, draft(source))
    ask(database)
    database.write(subscriptions.subscribe, topic, channel, NOW + HOUR)
    forget(database, stored)
    assert repaired(database) == (1, 0)


def test_only_the_last_days_are_looked_at(database: Database, source: Source) -> None:
    subscribed(database)
    told_since(database, 24 * 30)
    store(database, draft(source), now=LATER - WINDOW - timedelta(minutes=1))
    assert repaired(database) == (0, 0)


def test_a_repair_is_told_and_a_clean_night_is_not(database: Database, source: Source) -> None:
    subscribed(database)
    told_since(database, 1)
    [stored] = store(database, draft(source))
    ask(database)
    events: list[Event] = []
    dispatch = Dispatch(database, owner="test", console=io.StringIO(), report=events.append, clock=lambda: LATER)
    asyncio.run(dispatch.reconcile())
    assert events == []
    forget(database, stored)
    asyncio.run(dispatch.reconcile())
    assert events == [MissesRepaired(versions=1, matches=1, alerts=1)]
