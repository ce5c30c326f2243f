"""What became of a statement and a topic: was it matched, was somebody told, and if not, why."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.tables import alerts, channels, matches, subscriptions, versions
from storage.types import Item, Topic


def outcome(connection: Connection, item: Item, topic: Topic) -> str:
    """One sentence about the topic and the item's current version."""
    waiting = select(versions.c.matched_at).where(versions.c.id == item.version.id)
    if connection.scalar(waiting) is None:
        return "the topics have not been asked about it yet"
    of_item = select(versions.c.id).where(versions.c.item_id == item.id)
    met = select(matches.c.id).where(matches.c.topic_id == topic.id, matches.c.version_id.in_(of_item))
    if not connection.scalars(met).all():
        if topic.created_at > item.version.seen_at:
            return "the topic is younger than the statement, and was not asked about it"
        return "it was not matched"
    told = connection.execute(
        select(alerts.c.id, alerts.c.state, channels.c.name)
        .join(channels, channels.c.id == alerts.c.channel_id)
        .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
        .where(subscriptions.c.topic_id == topic.id, alerts.c.story_id == item.story_id)
    ).all()
    if told:
        states = ", ".join(f"alert {row.id} to {row.name} is {row.state}" for row in told)
        return f"it was matched: {states}"
    if item.silent:
        return "it was matched, without an alert: it was found by the first poll of its source, or in the past"
    return "it was matched, without an alert: nobody was subscribed then"
