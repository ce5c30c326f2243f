"""Questions about how much comes of a topic and of a channel, for who looks after them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.outbox.alerts import last_answers
from storage.tables import alerts, items, matches, subscriptions, versions


def stories_met(
    connection: Connection, topic_ids: Collection[int], since: datetime
) -> dict[int, tuple[tuple[int, datetime], ...]]:
    """For each topic the stories that met it from `since` on, each with when it first did; first polls are left out."""
    story = func.coalesce(items.c.story_id, items.c.id)
    rows = connection.execute(
        select(matches.c.topic_id, story, func.min(matches.c.matched_at))
        .join(versions, versions.c.id == matches.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .where(matches.c.topic_id.in_(list(topic_ids)), matches.c.matched_at >= since, items.c.silent.is_(False))
        .group_by(matches.c.topic_id, story)
    )
    found: dict[int, tuple[tuple[int, datetime], ...]] = {}
    for topic_id, story_id, at in rows:
        found[topic_id] = (*found.get(topic_id, ()), (story_id, at))
    return found


def last_met(connection: Connection, topic_ids: Collection[int]) -> dict[int, datetime]:
    """When each topic was met last."""
    last = select(func.max(matches.c.id)).where(matches.c.topic_id.in_(list(topic_ids))).group_by(matches.c.topic_id)
    rows = connection.execute(select(matches.c.topic_id, matches.c.matched_at).where(matches.c.id.in_(last)))
    return {row.topic_id: row.matched_at for row in rows}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a channel took: so many alerts since a time, when the last one ever, and what was answered to that."""

    alerts: int
    at: datetime
    answer: str


def taken(connection: Connection, owner: int, since: datetime) -> dict[int, Taken]:
    """For each of the owner's channels that ever took an alert what it took, `alerts` from `since` on."""
    told = {
        row.id: row.channel_id
        for row in connection.execute(
            select(subscriptions.c.id, subscriptions.c.channel_id).where(subscriptions.c.owner_id == owner)
        )
    }
    mine = alerts.c.subscription_id.in_(told)
    last: dict[int, tuple[datetime, int]] = {}
    newest = select(alerts.c.subscription_id, func.max(alerts.c.sent_at)).where(mine, alerts.c.sent_at.is_not(None))
    for subscription_id, at in connection.execute(newest.group_by(alerts.c.subscription_id)):
        channel_id = told[subscription_id]
        last[channel_id] = max(last.get(channel_id, (at, subscription_id)), (at, subscription_id))
    counted = (
        select(alerts.c.subscription_id, func.count())
        .where(mine, alerts.c.sent_at >= since)
        .group_by(alerts.c.subscription_id)
    )
    sent: dict[int, int] = {}
    for subscription_id, count in connection.execute(counted):
        sent[told[subscription_id]] = sent.get(told[subscription_id], 0) + count
    return {
        channel_id: Taken(sent.get(channel_id, 0), at, _answer(connection, subscription_id, at))
        for channel_id, (at, subscription_id) in last.items()
    }


def _answer(connection: Connection, subscription_id: int, at: datetime) -> str:
    alert_id = connection.scalar(
        select(func.max(alerts.c.id)).where(alerts.c.subscription_id == subscription_id, alerts.c.sent_at == at)
    )
    return next(iter(last_answers(connection, [alert_id or 0]).values()), "")
