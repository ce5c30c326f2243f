"""Questions about subscriptions: who is told, of what, and where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, true, update

from storage.people import rhythms
from storage.people import topics as topics_store
from storage.tables import alerts, channels, subscriptions, topics
from storage.types import AlertEvent, AlertState, Channel, Rhythm, Subscription, Topic

RHYTHM = ("rhythm", "zone", "quiet", "cap")
"""The columns of a subscription that hold its rhythm."""

IMMEDIATELY = Rhythm()

PUBLISHED = (AlertEvent.PUBLISHED,)
"""What a subscription is told of where nothing else is said."""


def subscribe(
    connection: Connection,
    topic: Topic,
    channel: Channel,
    now: datetime,
    rhythm: Rhythm = IMMEDIATELY,
    *,
    canary: int = 0,
) -> Subscription:
    """Tell the channel of the topic's statements from now on. Asking again changes nothing.

    `canary` is in minutes: see `storage.outbox.canaries`. Raises `NotFoundError` for a topic of another owner's.
    """
    if topic.owner_id != channel.owner_id:
        raise topics_store.unknown(topic.name)
    known = find(connection, topic, channel)
    if known is not None:
        return known
    connection.execute(
        insert(subscriptions).values(
            owner_id=channel.owner_id,
            topic_id=topic.id,
            channel_id=channel.id,
            created_at=now,
            canary=canary or None,
            **_columns(rhythm),
        )
    )
    made = find(connection, topic, channel)
    assert made is not None
    return made


def wants(event: AlertEvent) -> ColumnElement[bool]:
    """Whether a subscription is told of an event of statements that it was not told of before."""
    named = subscriptions.c.events.contains(event.value)
    return or_(subscriptions.c.events.is_(None), named) if event in PUBLISHED else named


def tell_of(connection: Connection, subscription_id: int, events: Collection[AlertEvent]) -> None:
    """Tell a subscription of these events from now on."""
    wanted = tuple(each for each in AlertEvent if each in events)
    words = None if wanted == PUBLISHED else " ".join(wanted)
    connection.execute(update(subscriptions).where(subscriptions.c.id == subscription_id).values(events=words))


def find(connection: Connection, topic: Topic, channel: Channel) -> Subscription | None:
    """The channel's subscription to the topic, or None."""
    wanted = (subscriptions.c.topic_id == topic.id) & (subscriptions.c.channel_id == channel.id)
    return next(iter(_those(connection, wanted)), None)


def change(connection: Connection, subscription_id: int, rhythm: Rhythm, due_at: datetime) -> int:
    """Give a subscription another rhythm; what waits for its first attempt is due at `due_at`. Return how many wait."""
    connection.execute(update(subscriptions).where(subscriptions.c.id == subscription_id).values(**_columns(rhythm)))
    waiting = (alerts.c.subscription_id == subscription_id) & (alerts.c.state == AlertState.PENDING)
    untouched = alerts.c.lease_owner.is_(None) & alerts.c.batch.is_(None)
    return connection.execute(update(alerts).where(waiting, untouched).values(due_at=due_at)).rowcount


def pause(connection: Connection, subscription_id: int, until: datetime) -> None:
    """Tell its channel of nothing that is seen before `until`, also not later; what waits already leaves."""
    connection.execute(update(subscriptions).where(subscriptions.c.id == subscription_id).values(paused_until=until))


def set_canary(connection: Connection, subscription_id: int, minutes: int) -> None:
    """Say how often the subscription gets a canary."""
    connection.execute(update(subscriptions).where(subscriptions.c.id == subscription_id).values(canary=minutes))


def waiting(connection: Connection) -> dict[int, tuple[int, datetime]]:
    """How many alerts of each subscription wait, and when the next ones may leave: not while their channel rests."""
    rows = connection.execute(
        select(
            alerts.c.subscription_id, func.count().label("count"), func.min(alerts.c.due_at).label("due_at"),
            channels.c.not_before,
        )
        .join(channels, channels.c.id == alerts.c.channel_id)
        .where(alerts.c.sent_at.is_(None), alerts.c.state.in_([AlertState.PENDING, AlertState.FAILED]))
        .group_by(alerts.c.subscription_id, channels.c.not_before)
    )  # fmt: skip
    return {row.subscription_id: (row[1], max(row.due_at, row.not_before or row.due_at)) for row in rows}


def rhythm_of(row: Row[Any], prefix: str = "") -> Rhythm:
    """The rhythm that a row holds; `prefix` is what a query put before the columns' names."""
    words, zone, quiet, cap = (row._mapping[f"{prefix}{name}"] for name in RHYTHM)
    return _rhythm(words, zone or "UTC", quiet or "", cap or 0)


@cache
def _rhythm(words: str, zone: str, quiet: str, cap: int) -> Rhythm:
    return rhythms.parse(words, zone=zone, quiet=quiet, cap=cap)


def _columns(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "rhythm": rhythm.written,
        "zone": rhythm.zone,
        "quiet": rhythm.written_quiet or None,
        "cap": rhythm.cap or None,
    }


def unsubscribe(connection: Connection, topic: Topic, channel: Channel | None, now: datetime) -> int:
    """End the topic's subscription to the channel, or all of its subscriptions; return how many.

    What was found before is still sent: it was due then.
    """
    wanted = (subscriptions.c.topic_id == topic.id) & subscriptions.c.ended_at.is_(None)
    if channel is not None:
        wanted &= subscriptions.c.channel_id == channel.id
    return connection.execute(update(subscriptions).where(wanted).values(ended_at=now)).rowcount


def every(connection: Connection, owner: int) -> tuple[Subscription, ...]:
    """The owner's subscriptions in force, the oldest first."""
    return _those(connection, subscriptions.c.owner_id == owner)


def in_force(connection: Connection) -> tuple[Subscription, ...]:
    """The subscriptions in force of all owners, the oldest first."""
    return _those(connection, true())


def _those(connection: Connection, which: ColumnElement[bool]) -> tuple[Subscription, ...]:
    """The subscriptions in force for which the condition holds, the oldest first."""
    rows = connection.execute(
        select(subscriptions, topics.c.name.label("topic_name"), channels.c.name.label("channel_name"))
        .join(topics, topics.c.id == subscriptions.c.topic_id)
        .join(channels, channels.c.id == subscriptions.c.channel_id)
        .where(subscriptions.c.ended_at.is_(None), which)
        .order_by(subscriptions.c.id)
    )
    return tuple(
        Subscription(
            id=row.id,
            owner_id=row.owner_id,
            topic_id=row.topic_id,
            channel_id=row.channel_id,
            topic_name=row.topic_name,
            channel_name=row.channel_name,
            rhythm=rhythm_of(row),
            created_at=row.created_at,
            canary=row.canary or 0,
            paused_until=row.paused_until,
            events=tuple(map(AlertEvent, row.events.split())) if row.events else PUBLISHED,
        )
        for row in rows
    )
