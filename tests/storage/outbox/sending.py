"""Helpers of the outbox's tests: alerts wait, are claimed, and are taken or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage.database import Database
from storage.outbox import alerts, deliveries, due
from storage.outbox.deliveries import Delivered, NotDelivered
from storage.types import SOLE_OWNER, Alert, AlertState, Source, Subscription
from tests.storage.examples import NOW, draft, matched, store

LEASE = timedelta(minutes=10)


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
    return list(database.read(alerts.listing, SOLE_OWNER, state=state))


def outbox(database: Database, source: Source, subscription: Subscription, count: int = 1) -> list[Alert]:
    """So many pending alerts."""
    matched(database, subscription, *store(database, *(draft(source, number) for number in range(1, count + 1))))
    return sorted(every(database), key=lambda alert: alert.id)
