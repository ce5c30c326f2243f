"""For how long a topic or a subscription may be paused; and pauses of subscriptions that are named by their topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.people import channels, subscriptions, topics
from storage.people.keyring import Keyring
from storage.types import Subscription

LONGEST = timedelta(days=366)
"""What is paused for ever is forgotten."""


def check(until: datetime) -> None:
    """Raise `InvalidInputError` for an end that is past or too far away."""
    if not timedelta() < until - now() <= LONGEST:
        raise InvalidInputError("a pause ends within a year", mend="choose a day to come")


async def pause(
    database: Database, owner: int, topic: str, channel: str | None, until: datetime
) -> tuple[Subscription, ...]:
    """Tell a channel, or all that are told of the topic, of nothing that is seen until then; return whom.

    Raises `NotFoundError`, `InvalidInputError` for a time that is past or too far away.
    """
    check(until)
    return await database.write_async(_paused, owner, database.keyring, topic, channel, until)


async def go_on(database: Database, owner: int, topic: str, channel: str | None) -> tuple[Subscription, ...]:
    """Tell them again of what is seen from now on; return whom. Raises `NotFoundError`."""
    return await database.write_async(_paused, owner, database.keyring, topic, channel, now())


def _paused(
    connection: Connection, owner: int, keyring: Keyring, topic_name: str, channel_name: str | None, until: datetime
) -> tuple[Subscription, ...]:
    topic = topics.get(connection, owner, topic_name)
    channel = channels.get(connection, owner, keyring, channel_name) if channel_name else None
    told = [
        each
        for each in subscriptions.every(connection, owner)
        if each.topic_name == topic.name and (channel is None or each.channel_name == channel.name)
    ]
    if not told:
        raise NotFoundError(
            f"nobody there is subscribed to {topic.name}", mend="see who is with: presswatch subscriptions list"
        )
    for each in told:
        subscriptions.pause(connection, each.id, until)
    return tuple(replace(each, paused_until=until) for each in told)
