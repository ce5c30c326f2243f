"""Alerts are claimed for a delivery: each by one process, for as long as its lease lasts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from notify.delivery.claims import ClaimedMessage, ClaimRequest, Finished, claim_next, settle
from storage.database import Database
from storage.outbox import alerts, deliveries, due
from storage.outbox.deliveries import Delivered
from storage.types import Source, Subscription
from tests.storage.examples import HOUR, MINUTE, NOW, another, draft, matched, store, subscribed
from tests.storage.outbox.sending import LEASE, claim, every, outbox


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


@pytest.mark.sqlite
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
        taken = Delivered(turn.delivery_id, turn.alerts, "taken", NOW)
        database.write(settle, [Finished(taken, turn.channel.buckets)])
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
    database: Database, source: Source, subscription: Subscription
) -> None:
    expected = [alert.id for alert in outbox(database, source, subscription, 60)][:50]

    def work(number: int) -> list[int]:
        mine: list[int] = []
        with another(database) as own:
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
