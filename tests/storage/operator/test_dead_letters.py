"""What the operator is told of alerts that are given up on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from notify.messages.notices import compose
from storage.database import Database
from storage.operator import notices, own_network
from storage.outbox import alerts, deliveries
from storage.outbox.deliveries import NotDelivered
from storage.people import channels
from storage.types import SOLE_OWNER, AlertState, Source, Subscription
from tests.storage.examples import HOUR, MINUTE, NOW, draft, matched, store, subscribed, watched

LEASE = 10 * MINUTE


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
def subscription(database: Database) -> Subscription:
    desk = database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW)
    database.write(notices.set_operator, desk, NOW)
    return subscribed(database, name="broken")


def die(
    database: Database, source: Source, subscription: Subscription, *numbers: int, at: datetime, again: bool = False
) -> None:
    """Give the alerts of these statements up, or try them again."""
    matched(database, subscription, *store(database, *(draft(source, number) for number in numbers), now=at), now=at)
    waiting = [alert.id for alert in database.read(alerts.listing, SOLE_OWNER, state=AlertState.PENDING)]
    claimed = database.write(deliveries.claim, {f"host/1/a/{at.isoformat()}": waiting}, at, lease=LEASE)
    retry_at = at + HOUR if again else None
    failed = [NotDelivered(number, carried, "answered 404", at, retry_at) for number, carried in claimed.values()]
    database.write(deliveries.not_delivered, failed)


def told(database: Database) -> list[tuple[str, int]]:
    return [(one.where, one.letters) for one in reversed(database.read(notices.listing, SOLE_OWNER))]


def test_what_dies_together_is_told_as_one_with_its_mend(
    database: Database, source: Source, subscription: Subscription
) -> None:
    die(database, source, subscription, 1, 2, at=NOW)
    die(database, source, subscription, 3, at=NOW + MINUTE)
    assert told(database) == [("channel broken", 3)]
    [notice] = database.write(notices.claim, NOW + 11 * MINUTE, LEASE)
    message = compose([notice], command="./run")
    assert message.subject == "presswatch: 3 alerts to broken not delivered"
    assert "the last one: answered 404" in message.text
    shown = "Mend: see them with: ./run alerts list --state dead; send them again with: ./run alerts retry"
    assert shown in message.text


def test_each_dead_alert_is_told_once_and_a_channel_six_times_a_day(
    database: Database, source: Source, subscription: Subscription
) -> None:
    sent: list[tuple[datetime, int]] = []
    for number in range(24 * 4):
        at = NOW + number * 15 * MINUTE
        die(database, source, subscription, number, at=at)
        if claimed := database.write(notices.claim, at, LEASE):
            sent += [(at, one.letters) for one in claimed]
            database.write(notices.sent, claimed, at)
    last = database.write(notices.claim, NOW + timedelta(days=2), LEASE)
    assert sum(letters for _, letters in sent) + sum(one.letters for one in last) == 24 * 4
    assert len(sent) <= 7
    assert sent[0][0] <= NOW + 15 * MINUTE


def test_what_dies_while_a_notice_is_on_its_way_is_in_the_next(
    database: Database, source: Source, subscription: Subscription
) -> None:
    die(database, source, subscription, 1, at=NOW)
    carried = database.write(notices.claim, NOW + 11 * MINUTE, LEASE)
    die(database, source, subscription, 2, at=NOW + 12 * MINUTE)
    assert [one.letters for one in carried] == [1]
    assert told(database) == [("channel broken", 1), ("channel broken", 1)]


def test_what_is_tried_again_is_not_told(database: Database, source: Source, subscription: Subscription) -> None:
    die(database, source, subscription, 1, at=NOW, again=True)
    assert told(database) == []


def test_dead_letters_say_nothing_of_our_network(
    database: Database, source: Source, subscription: Subscription
) -> None:
    die(database, source, subscription, 1, at=NOW)
    assert database.read(own_network._network_notice) is None
