"""Questions about what is due: which channels are to be sent something, and what.

They are asked for every message, and building such a statement costs as much as sending a message does: each is built
once, and asked about many channels together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from storage.database import passing_by
from storage.people.channels import CONSOLE
from storage.people.subscriptions import RHYTHM, rhythm_of
from storage.tables import UTCDateTime, alerts, channels, deliveries, delivery_alerts, subscriptions
from storage.types import AlertState, Rhythm

WAITING = (AlertState.PENDING, AlertState.FAILED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert that is due."""

    alert_id: int
    channel_id: int
    subscription_id: int
    rhythm: Rhythm
    batch: int | None
    attempts: int


def is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether an alert may be sent now and nobody is sending it."""
    return and_(
        alerts.c.sent_at.is_(None),
        or_(*(alerts.c.state == state for state in WAITING)),  # IN cannot be asked about many rows in one call
        alerts.c.due_at <= now,
        or_(alerts.c.lease_until.is_(None), alerts.c.lease_until < now),
    )


_NOW: BindParameter[datetime] = bindparam("now", type_=UTCDateTime)
_SINCE: BindParameter[datetime] = bindparam("since", type_=UTCDateTime)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_served = select(alerts.c.channel_id).where(
    alerts.c.lease_owner.is_not(None), alerts.c.sent_at.is_(None), alerts.c.lease_until >= _NOW
)
_FREE = and_(or_(channels.c.not_before.is_(None), channels.c.not_before <= _NOW), channels.c.id.not_in(_served))
"""Whether a channel is not to be spared and nobody is sending to it: one message at a time goes to each."""

_LOCKED = passing_by(select(channels.c.id).where(channels.c.id.in_(_IDS)))

_WAITING_CHANNELS = (
    select(channels.c.id, func.coalesce(channels.c.failures, 0).label("failures"))
    .where(_FREE, exists().where(is_due(_NOW), alerts.c.channel_id == channels.c.id))
    .where(channels.c.address != bindparam("left"))
    .order_by(channels.c.id)
)
_LAST = (
    select(alerts.c.due_at, alerts.c.id)
    .where(is_due(_NOW), alerts.c.channel_id == channels.c.id)
    .order_by(alerts.c.due_at, alerts.c.id)
    .limit(1)
    .offset(bindparam("most"))
    .correlate(channels)
)
"""Of a channel the first of the alerts that are too many."""
_MOST = (
    select(
        channels.c.id,
        _LAST.with_only_columns(alerts.c.due_at).scalar_subquery().label("due_at"),
        _LAST.with_only_columns(alerts.c.id).scalar_subquery().label("alert_id"),
    )
    .where(_FREE, channels.c.id.in_(_IDS))
    .cte("most")
    .prefix_with("MATERIALIZED")
)
_PLACE = tuple_(alerts.c.due_at, alerts.c.id)
_DUE = (
    select(
        alerts.c.id, alerts.c.channel_id, alerts.c.subscription_id, alerts.c.batch, alerts.c.attempts,
        *(subscriptions.c[name] for name in RHYTHM),
    )
    .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
    .join(_MOST, _MOST.c.id == alerts.c.channel_id)
    .where(is_due(_NOW), or_(_MOST.c.alert_id.is_(None), tuple_(_MOST.c.due_at, _MOST.c.alert_id) > _PLACE))
    .order_by(alerts.c.id)
)  # fmt: skip
_MESSAGES_SINCE = (
    select(alerts.c.subscription_id, deliveries.c.finished_at)
    .join(delivery_alerts, delivery_alerts.c.alert_id == alerts.c.id)
    .join(deliveries, deliveries.c.id == delivery_alerts.c.delivery_id)
    .where(alerts.c.subscription_id.in_(_IDS), alerts.c.sent_at >= _SINCE)
    .where(deliveries.c.delivered, deliveries.c.finished_at >= _SINCE)
    .distinct()
)


def waiting_channels(connection: Connection, now: datetime, *, without_console: bool = False) -> dict[int, int]:
    """The channels with alerts that are due and that nobody is sending, and how often each has failed in a row.

    The console is left out where another process prints what is for it.
    """
    values = {"now": now, "left": CONSOLE if without_console else ""}
    return {row.id: row.failures for row in connection.execute(_WAITING_CHANNELS, values)}


def waiting(connection: Connection, channel_ids: Collection[int], now: datetime, most: int) -> dict[int, list[Waiting]]:
    """The alerts of each of these channels that are due, the oldest first: `most` of each, those that wait longest.

    A channel without any, one that is to be spared and one to which something is being sent are left out.
    """
    found: dict[int, list[Waiting]] = {}
    for row in connection.execute(_DUE, {"now": now, "ids": list(channel_ids), "most": most}):
        one = Waiting(row.id, row.channel_id, row.subscription_id, rhythm_of(row), row.batch, row.attempts)
        found.setdefault(row.channel_id, []).append(one)
    return found


def locked(connection: Connection, channel_ids: Collection[int]) -> set[int]:
    """Those of these channels for which nobody else is choosing a message now; nobody else does before this one ends.

    What is due is to be asked after that: it is as the one before has left it.
    """
    return set(connection.scalars(_LOCKED, {"ids": list(channel_ids)}))


def messages_since(
    connection: Connection, subscription_ids: Collection[int], since: datetime
) -> dict[int, tuple[datetime, ...]]:
    """When messages with alerts of these subscriptions were taken, from `since` on."""
    times: dict[int, list[datetime]] = {}
    for row in connection.execute(_MESSAGES_SINCE, {"ids": list(subscription_ids), "since": since}):
        times.setdefault(row.subscription_id, []).append(row.finished_at)
    return {subscription_id: tuple(sorted(found)) for subscription_id, found in times.items()}


def hold(connection: Connection, channel_id: int, holds: Mapping[int, datetime], now: datetime) -> None:
    """Let the due alerts of subscriptions wait on, until the times given."""
    for subscription_id, until in holds.items():
        connection.execute(
            update(alerts)
            .where(is_due(now), alerts.c.channel_id == channel_id, alerts.c.subscription_id == subscription_id)
            .values(due_at=until)
        )


def pause_channel(connection: Connection, channel_id: int, until: datetime) -> None:
    """Send nothing to the channel before `until`."""
    connection.execute(update(channels).where(channels.c.id == channel_id).values(not_before=until))
