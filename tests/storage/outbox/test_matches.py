"""From versions to alerts: which versions wait for the topics, and whom a match tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.database import Database
from storage.outbox import matches
from storage.outbox.alert_creation import AlertTiming
from storage.outbox.matches import POLL_PATIENCE
from storage.people import subscriptions
from storage.people import topics as topics_store
from storage.sources import polls
from storage.types import SOLE_OWNER, AlertState, Rhythm, Source, Subscription
from tests.storage.examples import MINUTE, NOW, draft, matched, poll_result, polling, store, subscribed, watched
from tests.storage.outbox.sending import claim, every


def leaves(rhythm: Rhythm, circumstances: AlertTiming) -> datetime:
    return NOW


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
