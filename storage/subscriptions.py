"""Questions about channels and subscriptions: who is told, of what, and where."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from storage.errors import InvalidInputError, NotFoundError
from storage.tables import alerts, channels, subscriptions, topics
from storage.types import AlertState, Channel, Reason, Rhythm, Subscription, Topic

# -- channels --------------------------------------------------------------------------------------------------------


def add_channel(connection: Connection, name: str, address: str, now: datetime) -> Channel:
    """Save a channel whose address has been checked. Raises `InvalidInputError` for a taken name."""
    if find_channel(connection, name) is not None:
        raise InvalidInputError(f"there is already a channel {name!r}", mend="choose another name, or remove it first")
    connection.execute(insert(channels).values(name=name, address=address, created_at=now, reason=Reason.OK))
    return get_channel(connection, name)


def find_channel(connection: Connection, name_or_address: str) -> Channel | None:
    """The channel of that name or with exactly that address, or None."""
    wanted = (channels.c.name == name_or_address) | (channels.c.address == name_or_address)
    row = connection.execute(select(channels).where(wanted, channels.c.removed_at.is_(None))).first()
    return channel_of(row) if row is not None else None


def get_channel(connection: Connection, name: str) -> Channel:
    """The channel of that name. Raises `NotFoundError`."""
    channel = find_channel(connection, name)
    if channel is None:
        raise NotFoundError(f"there is no channel {name!r}", mend="see all of them with: channels list")
    return channel


def every_channel(connection: Connection) -> tuple[Channel, ...]:
    """All channels that are not removed, the oldest first."""
    rows = connection.execute(select(channels).where(channels.c.removed_at.is_(None)).order_by(channels.c.id))
    return tuple(map(channel_of, rows))


def channel_health(connection: Connection) -> dict[int, str]:
    """What the last delivery to each channel came to: `ok`, or why it failed."""
    return {row.id: row.reason for row in connection.execute(select(channels.c.id, channels.c.reason))}


def remove_channel(connection: Connection, name: str, now: datetime) -> None:
    """End the channel and its subscriptions; alerts that wait for it will not be sent. Raises `NotFoundError`."""
    channel = get_channel(connection, name)
    still_open = (subscriptions.c.channel_id == channel.id) & subscriptions.c.ended_at.is_(None)
    connection.execute(update(subscriptions).where(still_open).values(ended_at=now))
    connection.execute(update(channels).where(channels.c.id == channel.id).values(removed_at=now))
    waiting = (alerts.c.channel_id == channel.id) & alerts.c.sent_at.is_(None)
    connection.execute(
        update(alerts).where(waiting).values(state=AlertState.DEAD, last_error="the channel was removed")
    )


def channel_of(row: Row[Any]) -> Channel:
    """The channel that a row holds."""
    return Channel(row.id, row.name, row.address, row.created_at)


# -- subscriptions ---------------------------------------------------------------------------------------------------


def subscribe(
    connection: Connection, topic: Topic, channel: Channel, now: datetime, rhythm: Rhythm = Rhythm.IMMEDIATELY
) -> Subscription:
    """Tell the channel of the topic's statements from now on. Asking again changes nothing."""
    for subscription in every(connection):
        if (subscription.topic_id, subscription.channel_id) == (topic.id, channel.id):
            return subscription
    connection.execute(
        insert(subscriptions).values(topic_id=topic.id, channel_id=channel.id, rhythm=rhythm, created_at=now)
    )
    return every(connection)[-1]


def unsubscribe(connection: Connection, topic: Topic, channel: Channel | None, now: datetime) -> int:
    """End the topic's subscription to the channel, or all of its subscriptions; return how many.

    What was found before is still sent: it was due then.
    """
    wanted = (subscriptions.c.topic_id == topic.id) & subscriptions.c.ended_at.is_(None)
    if channel is not None:
        wanted &= subscriptions.c.channel_id == channel.id
    return connection.execute(update(subscriptions).where(wanted).values(ended_at=now)).rowcount


def every(connection: Connection) -> tuple[Subscription, ...]:
    """All subscriptions in force, the oldest first."""
    rows = connection.execute(
        select(subscriptions, topics.c.name.label("topic_name"), channels.c.name.label("channel_name"))
        .join(topics, topics.c.id == subscriptions.c.topic_id)
        .join(channels, channels.c.id == subscriptions.c.channel_id)
        .where(subscriptions.c.ended_at.is_(None))
        .order_by(subscriptions.c.id)
    )
    return tuple(
        Subscription(
            id=row.id,
            topic_id=row.topic_id,
            channel_id=row.channel_id,
            topic_name=row.topic_name,
            channel_name=row.channel_name,
            rhythm=Rhythm(row.rhythm),
            created_at=row.created_at,
        )
        for row in rows
    )
