"""What came of an alert: sent, to be tried again, dead; and how it is shown."""

from __future__ import annotations

from sqlalchemy import text

from storage.database import Database
from storage.outbox import alerts
from storage.people import channels
from storage.types import SOLE_OWNER, AlertState, ChannelHealth, ChannelReason, Source, Subscription
from tests.storage.examples import HOUR, MINUTE, NOW, channel_named, draft, matched, store
from tests.storage.outbox.sending import LEASE, claim, every, outbox, refused, took


def test_a_delivered_alert_is_never_sent_again(database: Database, source: Source, subscription: Subscription) -> None:
    outbox(database, source, subscription)
    delivery_id, claimed = claim(database)
    took(database, delivery_id, claimed, NOW)
    [alert] = every(database)
    assert (alert.state, alert.sent_at, alert.attempts) == (AlertState.SENT, NOW, 1)
    assert claim(database, now=NOW + 24 * HOUR) == (0, ())
    assert database.write(alerts.retry, SOLE_OWNER, NOW) == 0
    assert database.read(alerts.next_due) is None
    assert database.read(alerts.count_by_state) == {AlertState.SENT: 1}
    answers = database.read(lambda c: c.execute(text("SELECT delivered, answer FROM deliveries")).all())
    assert [tuple(row) for row in answers] == [(1, "taken")]


def test_an_alert_that_failed_is_tried_again_at_its_time(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription)
    delivery_id, claimed = claim(database)
    refused(database, delivery_id, claimed, "answered 503", NOW, NOW + HOUR)
    [alert] = every(database, AlertState.FAILED)
    assert (alert.attempts, alert.last_error, alert.due_at) == (1, "answered 503", NOW + HOUR)
    assert claim(database, "host/1/a/2") == (0, ())
    assert database.read(channels.health) == {1: ChannelHealth(ChannelReason.UNDELIVERABLE, "answered 503")}
    delivery_id, [again] = claim(database, "host/1/a/2", NOW + HOUR)
    assert again.key == claimed[0].key
    took(database, delivery_id, [again], NOW + HOUR)
    [alert] = every(database, AlertState.SENT)
    assert (alert.attempts, alert.last_error) == (2, "")
    assert database.read(channels.health) == {1: ChannelHealth(ChannelReason.OK)}


def test_a_dead_alert_waits_until_somebody_asks_for_it(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription, 3)
    delivery_id, claimed = claim(database)
    refused(database, delivery_id, claimed, "answered 404", NOW, None)
    assert database.read(alerts.count_by_state) == {AlertState.DEAD: 3}
    assert claim(database, "host/1/a/2", NOW + 24 * HOUR) == (0, ())
    assert database.read(alerts.next_due) is None
    assert database.write(alerts.retry, SOLE_OWNER, NOW, [claimed[1].id]) == 1
    assert [alert.id for alert in claim(database, "host/1/a/3")[1]] == [claimed[1].id]
    assert database.write(alerts.retry, SOLE_OWNER, NOW) == 2
    assert len(claim(database, "host/1/a/4")[1]) == 2


def test_a_failed_alert_can_be_asked_for_before_its_time(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription)
    delivery_id, claimed = claim(database)
    refused(database, delivery_id, claimed, "answered 503", NOW, NOW + HOUR)
    assert database.write(alerts.retry, SOLE_OWNER, NOW + MINUTE) == 1
    _, [alert] = claim(database, "host/1/a/2", NOW + MINUTE)
    assert (alert.state, alert.attempts) == (AlertState.PENDING, 0)


def test_an_alert_that_was_sent_late_is_not_marked_as_failed(
    database: Database, source: Source, subscription: Subscription
) -> None:
    """The lease was over and another process sent it meanwhile: what was sent stays sent."""
    outbox(database, source, subscription)
    late, claimed = claim(database, "host/1/slow/1")
    quick, again = claim(database, "host/2/quick/1", NOW + LEASE + MINUTE)
    took(database, quick, again, NOW + LEASE + MINUTE)
    refused(database, late, claimed, "timed out", NOW + LEASE + 2 * MINUTE, NOW + HOUR)
    assert database.read(alerts.count_by_state) == {AlertState.SENT: 1}


def test_the_alerts_of_a_removed_channel_are_dead_and_stay_so(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription, 2)
    database.write(channels.remove, SOLE_OWNER, database.keyring, "console", NOW)
    assert {alert.last_error for alert in every(database, AlertState.DEAD)} == {"the channel was removed"}
    assert claim(database) == (0, ())
    assert database.write(alerts.retry, SOLE_OWNER, NOW) == 0
    channel_named(database, "console", "console")
    assert database.write(alerts.retry, SOLE_OWNER, NOW) == 0


def test_alerts_are_listed_the_newest_first(database: Database, source: Source, subscription: Subscription) -> None:
    outbox(database, source, subscription, 5)
    assert [alert.version.title for alert in every(database)] == [f"Statement {number}" for number in (5, 4, 3, 2, 1)]
    assert len(database.read(alerts.listing, SOLE_OWNER, limit=2)) == 2
    assert every(database, AlertState.DEAD) == []


def test_an_alert_shows_the_version_that_matched(
    database: Database, source: Source, subscription: Subscription
) -> None:
    [first] = store(database, draft(source, body="The bridge stands."))
    matched(database, subscription, first)
    store(database, draft(source, body="All of it was edited."))
    [alert] = every(database)
    assert (alert.version.number, alert.version.body) == (1, "The bridge stands.")
    assert (alert.item.version.number, alert.item.versions) == (2, 2)
