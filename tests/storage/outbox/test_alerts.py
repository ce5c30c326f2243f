from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from notify.delivery.claims import ClaimedMessage, ClaimRequest, claim_next, settle
from storage.database import Database
from storage.opening import open_database
from storage.outbox import alerts, deliveries, due, matches
from storage.outbox.alert_creation import AlertTiming
from storage.outbox.deliveries import Delivered, NotDelivered
from storage.outbox.matches import POLL_PATIENCE
from storage.people import channels, subscriptions
from storage.people import topics as topics_store
from storage.sources import polls
from storage.types import SOLE_OWNER, Alert, AlertState, ChannelHealth, ChannelReason, Rhythm, Source, Subscription
from tests.storage.examples import (
    HOUR,
    MINUTE,
    NOW,
    channel_named,
    draft,
    matched,
    poll_result,
    polling,
    store,
    subscribed,
    watched,
)

LEASE = timedelta(minutes=10)


def leaves(rhythm: Rhythm, circumstances: AlertTiming) -> datetime:
    return NOW


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
def subscription(database: Database) -> Subscription:
    return subscribed(database)


def claim(
    database: Database, token: str = "host/1/a/1", now: datetime = NOW, *, channel: int = 1, limit: int = 20
) -> tuple[int, tuple[Alert, ...]]:
    waiting = database.read(free, channel, now)[:limit]
    return database.write(deliveries.claim, {token: waiting}, now, lease=LEASE).get(token, (0, ()))


def took(database: Database, delivery_id: int, carried: Sequence[Alert], at: datetime) -> None:
    """The other side took a delivery."""
    database.write(deliveries.delivered, [Delivered(delivery_id, carried, "taken", at)])


def refused(
    database: Database, delivery_id: int, carried: Sequence[Alert], why: str, at: datetime, again: datetime | None
) -> None:
    """The other side did not take a delivery."""
    database.write(deliveries.not_delivered, [NotDelivered(delivery_id, carried, why, at, again)])


def free(connection: Connection, channel: int, now: datetime) -> list[int]:
    """What is due of a channel and nobody sends, whatever else is sent to it."""
    return [alert.id for alert in alerts.load(connection, due.is_due(now)) if alert.channel.id == channel]


def every(database: Database, state: AlertState | None = None) -> list[Alert]:
    return list(database.read(alerts.listing, state=state))


# -- from matches to alerts ---------------------------------------------------------------------------------------


def test_a_match_makes_an_alert_for_each_subscription(database: Database, source: Source) -> None:
    mine, others = subscribed(database, name="mine"), subscribed(database, name="others")
    [stored] = store(database, draft(source, title="On the bridge"))
    assert matched(database, mine, stored) == 2
    assert {alert.subscription_id for alert in every(database)} == {mine.id, others.id}
    for alert in every(database):
        assert (alert.state, alert.attempts, alert.due_at) == (AlertState.PENDING, 0, NOW)
        assert (alert.version.title, alert.item.id, alert.topic.name) == ("On the bridge", stored.item_id, "Bridges")
        assert [hit.name for hit in alert.hits] == ["bridge"]
        assert alert.key == f"{alert.subscription_id}-{stored.item_id}"


def test_asking_again_makes_no_second_alert(database: Database, source: Source, subscription: Subscription) -> None:
    [stored] = store(database, draft(source))
    assert [matched(database, subscription, stored) for _ in range(3)] == [1, 0, 0]
    assert len(every(database)) == 1


def test_copies_of_a_statement_make_one_alert(database: Database, source: Source, subscription: Subscription) -> None:
    stored = store(database, draft(source, 1, title="Copied"), draft(source, 2, title="Copied"))
    assert matched(database, subscription, *stored) == 1
    later = store(database, draft(source, 3, title="Copied"))
    assert matched(database, subscription, *later) == 0


def test_a_silent_statement_makes_no_alert(database: Database, source: Source, subscription: Subscription) -> None:
    [silent] = store(database, draft(source, 1, silent=True))
    assert matched(database, subscription, silent) == 0
    [edited] = store(database, draft(source, 1, body="The bridge was edited."))
    assert matched(database, subscription, edited) == 0


def test_an_edited_statement_alerts_once(database: Database, source: Source, subscription: Subscription) -> None:
    [first] = store(database, draft(source, body="The bridge stands."))
    assert matched(database, subscription, first) == 1
    [second] = store(database, draft(source, body="The bridge still stands."))
    assert matched(database, subscription, second) == 0


def test_an_edit_that_brings_the_topic_in_alerts(
    database: Database, source: Source, subscription: Subscription
) -> None:
    [first] = store(database, draft(source, body="Nothing of the kind."))
    database.write(matches.record_matches, [first.version_id], [], NOW, leaves)
    [second] = store(database, draft(source, body="The bridge stands."))
    assert matched(database, subscription, second) == 1


def test_an_old_statement_that_is_edited_is_no_news_to_a_new_subscriber(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, body="The bridge stands."))
    matched(database, subscribed(database, name="old"), first)
    newcomer = subscribed(database, name="new")
    [second] = store(database, draft(source, body="The bridge still stands."))
    assert matched(database, newcomer, second) == 0


def test_two_versions_matched_together_make_one_alert(
    database: Database, source: Source, subscription: Subscription
) -> None:
    first, second = store(database, draft(source, body="The bridge stands."), draft(source, body="The bridge fell."))
    assert first.item_id == second.item_id
    assert matched(database, subscription, first, second) == 1


def test_who_has_unsubscribed_is_told_nothing_new(
    database: Database, source: Source, subscription: Subscription
) -> None:
    before, after = store(database, draft(source, 1), draft(source, 2))
    matched(database, subscription, before)
    topic = database.read(topics_store.get, SOLE_OWNER, "Bridges")
    database.write(subscriptions.unsubscribe, topic, None, NOW)
    assert matched(database, subscription, after) == 0
    assert len(claim(database)[1]) == 1


# -- which versions wait ------------------------------------------------------------------------------------------


def waiting(database: Database, now: datetime = NOW) -> list[str]:
    return [version.title for version in database.read(matches.unmatched, now, 100)]


def test_versions_wait_until_the_topics_were_asked(
    database: Database, source: Source, subscription: Subscription
) -> None:
    first, second = store(database, draft(source, 1), draft(source, 2))
    assert waiting(database) == ["Statement 1", "Statement 2"]
    matched(database, subscription, first)
    assert waiting(database) == ["Statement 2"]
    database.write(matches.record_matches, [second.version_id], [], NOW, leaves)
    assert waiting(database) == []
    store(database, draft(source, 2, body="An edit."))
    assert waiting(database) == ["Statement 2"]


def test_the_statements_of_an_open_poll_wait_for_the_rest_of_it(database: Database, source: Source) -> None:
    poll = polling(database, source)
    store(database, draft(source, 1, poll=poll))
    store(database, draft(source, 2, poll=poll), now=NOW + MINUTE / 2)
    assert waiting(database, NOW + MINUTE / 2) == []
    database.write(polls.end_polls, [poll_result(poll)])
    assert waiting(database, NOW + MINUTE / 2) == ["Statement 1", "Statement 2"]


def test_a_poll_that_takes_too_long_is_not_waited_for(database: Database, source: Source) -> None:
    poll = polling(database, source)
    store(database, draft(source, 1, poll=poll))
    assert waiting(database, NOW + POLL_PATIENCE - timedelta(seconds=1)) == []
    assert waiting(database, NOW + POLL_PATIENCE) == ["Statement 1"]


def test_one_poll_does_not_hold_up_anothers_statements(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    store(database, draft(source, 1, poll=polling(database, source)))
    ended = polling(database, other)
    store(database, draft(other, 2, poll=ended), draft(other, 3))
    database.write(polls.end_polls, [poll_result(ended)])
    assert waiting(database) == ["Statement 2", "Statement 3"]


# -- claims -------------------------------------------------------------------------------------------------------


def outbox(database: Database, source: Source, subscription: Subscription, count: int = 1) -> list[Alert]:
    """So many pending alerts."""
    matched(database, subscription, *store(database, *(draft(source, number) for number in range(1, count + 1))))
    return sorted(every(database), key=lambda alert: alert.id)


def test_a_delivery_is_written_before_anything_is_sent(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription, 3)
    delivery_id, claimed = claim(database)
    assert [alert.version.title for alert in claimed] == ["Statement 1", "Statement 2", "Statement 3"]
    rows = database.read(lambda c: c.execute(text("SELECT id, token, finished_at, delivered FROM deliveries")).all())
    assert [tuple(row) for row in rows] == [(delivery_id, "host/1/a/1", None, 0)]
    carried = database.read(lambda c: c.execute(text("SELECT alert_id FROM delivery_alerts")).scalars().all())
    assert list(carried) == [alert.id for alert in claimed]


def test_a_claimed_alert_is_nobody_elses(database: Database, source: Source, subscription: Subscription) -> None:
    outbox(database, source, subscription, 3)
    assert len(claim(database, "host/1/a/1", limit=2)[1]) == 2
    assert len(claim(database, "host/2/b/1")[1]) == 1
    assert claim(database, "host/2/b/2") == (0, ())
    assert database.read(due.waiting_channels, NOW) == {}


def test_one_claim_serves_many_channels(database: Database, source: Source) -> None:
    one, two = subscribed(database, name="one"), subscribed(database, name="two")
    matched(database, one, *store(database, draft(source, 1), draft(source, 2)))
    wanted = {
        f"host/1/a/{each.id}": [alert.id for alert in every(database) if alert.subscription_id == each.id]
        for each in (one, two)
    }
    claimed = database.write(deliveries.claim, wanted | {"host/1/a/nothing": []}, NOW, lease=LEASE)
    assert {token: {alert.id for alert in carried} for token, (_, carried) in claimed.items()} == {
        token: set(ids) for token, ids in wanted.items()
    }
    assert len({delivery_id for delivery_id, _ in claimed.values()}) == 2
    again = {"host/2/b/1": [alert.id for alert in every(database)]}
    assert database.write(deliveries.claim, again, NOW, lease=LEASE) == {}


def test_no_claim_walks_through_all_that_was_ever_sent(
    database: Database, source: Source, subscription: Subscription
) -> None:
    asked: list[tuple[str, object]] = []

    def note(_: object, cursor: object, statement: str, values: object, *__: object) -> None:
        asked.append((statement, values[0] if isinstance(values, list) else values))

    outbox(database, source, subscription, 3)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        database.read(due.waiting_channels, NOW)
        [turn] = database.write(claim_next, database.keyring, [ClaimRequest(1, "host/1/a/1")], NOW, LEASE)
        assert isinstance(turn, ClaimedMessage)
        database.read(due.messages_since, [1], NOW)
        database.write(deliveries.renew, ["host/1/a/1"], NOW)
        database.write(settle, database.keyring, [Delivered(turn.delivery_id, turn.alerts, "taken", NOW)])
        database.write(deliveries.close_interrupted, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    plans = database.read(plans_of, asked)
    assert len(plans) > 10
    assert [
        plan
        for plan in plans
        if re.search(r"SCAN (alerts|deliveries|delivery_alerts|items|versions)\b(?! USING)", plan)
    ] == []


def plans_of(connection: Connection, asked: Sequence[tuple[str, Any]]) -> list[str]:
    """How SQLite answers these questions."""
    plans = []
    for statement, values in asked:
        if statement.split()[0] in ("SELECT", "UPDATE"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append(statement + "\n" + "\n".join(row[3] for row in rows))
    return plans


def test_processes_that_claim_at_once_share_the_alerts_out(
    database: Database, source: Source, subscription: Subscription, tmp_path: Path
) -> None:
    expected = [alert.id for alert in outbox(database, source, subscription, 60)][:50]

    def work(number: int) -> list[int]:
        mine: list[int] = []
        with open_database(tmp_path) as own:
            for attempt in range(60):
                mine += [alert.id for alert in claim(own, f"host/{number}/x/{attempt}", limit=3)[1]]
        return mine

    with ThreadPoolExecutor(8) as pool:
        shares = [alert_id for share in pool.map(work, range(8)) for alert_id in share]
    assert len(shares) == len(set(shares)) == 60
    assert set(expected) <= set(shares)


def test_a_claim_ends_with_its_lease(database: Database, source: Source, subscription: Subscription) -> None:
    outbox(database, source, subscription)
    claim(database, "host/1/a/1")
    assert claim(database, "host/2/b/1", NOW + LEASE) == (0, ())
    assert len(claim(database, "host/2/b/2", NOW + LEASE + MINUTE)[1]) == 1


def test_only_the_alerts_of_a_dead_process_are_freed(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription, 2)
    claim(database, "host/1/dead/1", limit=1)
    claim(database, "host/2/alive/1", limit=1)
    assert set(database.read(deliveries.open_tokens)) == {"host/1/dead/1", "host/2/alive/1"}
    assert database.write(deliveries.release_interrupted, ["host/1/dead/1"]) == 1
    assert [alert.version.title for alert in claim(database, "host/3/new/1")[1]] == ["Statement 1"]


def test_an_alert_is_not_sent_before_it_is_due(database: Database, source: Source, subscription: Subscription) -> None:
    [stored] = store(database, draft(source))
    matched(database, subscription, stored, now=NOW + HOUR)
    assert database.read(due.waiting_channels, NOW) == {}
    assert claim(database) == (0, ())
    assert database.read(alerts.next_due) == NOW + HOUR
    assert database.read(due.waiting_channels, NOW + HOUR) == {1: 0}


def test_each_channel_has_its_own_alerts(database: Database, source: Source) -> None:
    first, second = subscribed(database, name="one"), subscribed(database, name="two")
    matched(database, first, *store(database, draft(source)))
    assert set(database.read(due.waiting_channels, NOW)) == {first.channel_id, second.channel_id}
    _, [alert] = claim(database, channel=second.channel_id)
    assert alert.channel.name == "two"


# -- what came of them --------------------------------------------------------------------------------------------


def test_a_delivered_alert_is_never_sent_again(database: Database, source: Source, subscription: Subscription) -> None:
    outbox(database, source, subscription)
    delivery_id, claimed = claim(database)
    took(database, delivery_id, claimed, NOW)
    [alert] = every(database)
    assert (alert.state, alert.sent_at, alert.attempts) == (AlertState.SENT, NOW, 1)
    assert claim(database, now=NOW + 24 * HOUR) == (0, ())
    assert database.write(alerts.retry, NOW) == 0
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
    assert database.write(alerts.retry, NOW, [claimed[1].id]) == 1
    assert [alert.id for alert in claim(database, "host/1/a/3")[1]] == [claimed[1].id]
    assert database.write(alerts.retry, NOW) == 2
    assert len(claim(database, "host/1/a/4")[1]) == 2


def test_a_failed_alert_can_be_asked_for_before_its_time(
    database: Database, source: Source, subscription: Subscription
) -> None:
    outbox(database, source, subscription)
    delivery_id, claimed = claim(database)
    refused(database, delivery_id, claimed, "answered 503", NOW, NOW + HOUR)
    assert database.write(alerts.retry, NOW + MINUTE) == 1
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
    assert database.write(alerts.retry, NOW) == 0
    channel_named(database, "console", "console")
    assert database.write(alerts.retry, NOW) == 0


def test_alerts_are_listed_the_newest_first(database: Database, source: Source, subscription: Subscription) -> None:
    outbox(database, source, subscription, 5)
    assert [alert.version.title for alert in every(database)] == [f"Statement {number}" for number in (5, 4, 3, 2, 1)]
    assert len(database.read(alerts.listing, limit=2)) == 2
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
