"""What waits of a subscription, and when it may leave."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage.database import Database
from storage.outbox import due
from storage.people import subscriptions
from storage.types import Source
from tests.storage.examples import HOUR, MINUTE, NOW, subscribed, watched
from tests.storage.outbox.sending import claim, every, outbox, refused, took


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.mark.parametrize(
    ("rests_until", "leaves_at"),
    [(None, NOW), (NOW - HOUR, NOW), (NOW + MINUTE, NOW + MINUTE), (NOW + 6 * HOUR, NOW + 6 * HOUR)],
    ids=["never", "no longer", "for a minute", "for hours"],
)
def test_what_waits_leaves_when_its_channel_rests_no_longer(
    database: Database, source: Source, rests_until: datetime | None, leaves_at: datetime
) -> None:
    subscription = subscribed(database)
    outbox(database, source, subscription, count=3)
    if rests_until is not None:
        database.write(due.pause_channel, subscription.channel_id, rests_until)
    assert database.read(subscriptions.waiting) == {subscription.id: (3, leaves_at)}


def test_what_was_refused_waits_for_its_next_attempt_and_what_was_taken_for_nothing(
    database: Database, source: Source
) -> None:
    subscription = subscribed(database)
    outbox(database, source, subscription, count=2)
    delivery, carried = claim(database)
    refused(database, delivery, carried, "answered 503", NOW, NOW + HOUR)
    assert database.read(subscriptions.waiting) == {subscription.id: (2, NOW + HOUR)}
    delivery, carried = claim(database, "host/1/a/2", NOW + HOUR)
    took(database, delivery, carried, NOW + HOUR)
    assert database.read(subscriptions.waiting) == {}
    assert len(every(database)) == 2


def test_a_channel_that_rests_holds_back_nothing_of_another(database: Database, source: Source) -> None:
    resting, other = subscribed(database), subscribed(database, "Bridges", "bridge", "json://127.0.0.1/", "hook")
    outbox(database, source, resting)
    outbox(database, source, other)
    database.write(due.pause_channel, resting.channel_id, NOW + HOUR)
    waiting = database.read(subscriptions.waiting)
    assert waiting[resting.id][1] == NOW + HOUR
    assert waiting[other.id][1] == NOW
