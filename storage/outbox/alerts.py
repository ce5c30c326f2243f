"""Questions about alerts: what was announced, what waits, what failed. `due` says what leaves, `deliveries` sends.

An alert is its subscription's owner's. A person sees and repeats his own; `next_due` and `count_by_state` are of all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from storage.codec import from_json
from storage.items import items as items_store
from storage.outbox.due import WAITING
from storage.people.subscriptions import RHYTHM, rhythm_of
from storage.tables import (
    alerts,
    changes,
    channels,
    deliveries,
    delivery_alerts,
    matches,
    published_of,
    subscriptions,
    topics,
    versions,
)
from storage.types import (
    Alert,
    AlertEvent,
    AlertState,
    Became,
    ChangedSentence,
    Channel,
    Hit,
    Item,
    Topic,
    TopicChange,
    Version,
)

# -- for people ------------------------------------------------------------------------------------------------------


def next_due(connection: Connection) -> datetime | None:
    """When the next waiting alert is due, or None if none waits."""
    waiting = alerts.c.sent_at.is_(None) & alerts.c.state.in_(WAITING)
    due_at: datetime | None = connection.scalar(select(func.min(alerts.c.due_at)).where(waiting))
    return due_at


def retry(connection: Connection, owner: int, now: datetime, alert_ids: Sequence[int] | None = None) -> int:
    """Send the owner's dead and failed alerts again now, all or the named ones; return how many."""
    wanted = _of(owner) & alerts.c.state.in_([AlertState.DEAD, AlertState.FAILED])
    if alert_ids is not None:
        wanted &= alerts.c.id.in_(list(alert_ids))
    wanted &= alerts.c.channel_id.in_(select(channels.c.id).where(channels.c.removed_at.is_(None)))
    revived = select(alerts.c.channel_id).where(wanted)
    connection.execute(update(channels).where(channels.c.id.in_(revived)).values(not_before=None))
    return connection.execute(
        update(alerts).where(wanted).values(state=AlertState.PENDING, attempts=0, due_at=now)
    ).rowcount


def send_again(connection: Connection, owner: int, now: datetime, alert_id: int) -> int:
    """Send an alert of the owner's now, whatever became of it before; return how many, 0 where that cannot be.

    It may arrive twice, with the same key. What is being sent at this moment, and what was for a channel that is gone,
    is left alone.
    """
    wanted = _of(owner) & (alerts.c.id == alert_id) & or_(alerts.c.lease_until.is_(None), alerts.c.lease_until < now)
    wanted &= alerts.c.channel_id.in_(select(channels.c.id).where(channels.c.removed_at.is_(None)))
    resting = select(alerts.c.channel_id).where(wanted)
    connection.execute(update(channels).where(channels.c.id.in_(resting)).values(not_before=None))
    anew = {"state": AlertState.PENDING, "attempts": 0, "due_at": now, "sent_at": None}
    return connection.execute(update(alerts).where(wanted).values(**anew)).rowcount


def listing(
    connection: Connection, owner: int, *, state: AlertState | None = None, limit: int = 50, before: int | None = None
) -> tuple[Alert, ...]:
    """The owner's alerts, the newest first; `before` is the id of one: only those made before it."""
    newest = select(alerts.c.id).where(_of(owner)).order_by(alerts.c.id.desc()).limit(limit)
    if before is not None:
        newest = newest.where(alerts.c.id < before)
    if state is not None:
        newest = newest.where(alerts.c.state == state)
    return tuple(reversed(load(connection, alerts.c.id.in_(newest))))


def _of(owner: int) -> ColumnElement[bool]:
    """The alerts of the owner's subscriptions, those in force and those that ended."""
    return alerts.c.subscription_id.in_(select(subscriptions.c.id).where(subscriptions.c.owner_id == owner))


def last_answers(connection: Connection, alert_ids: Collection[int]) -> dict[int, str]:
    """What the receiving side said to the last delivery of each alert, or that it has not answered yet."""
    last = (
        select(delivery_alerts.c.alert_id, func.max(delivery_alerts.c.delivery_id).label("delivery_id"))
        .where(delivery_alerts.c.alert_id.in_(list(alert_ids)))
        .group_by(delivery_alerts.c.alert_id)
        .subquery()
    )
    rows = connection.execute(
        select(last.c.alert_id, deliveries.c.answer, deliveries.c.finished_at).join(
            deliveries, deliveries.c.id == last.c.delivery_id
        )
    )
    return {row.alert_id: row.answer if row.finished_at else "being sent" for row in rows}


def count_by_state(connection: Connection, owner: int | None = None) -> dict[str, int]:
    """How many alerts there are in each state, of all owners or of one."""
    counted = select(alerts.c.state, func.count()).group_by(alerts.c.state)
    return {row[0]: row[1] for row in connection.execute(counted if owner is None else counted.where(_of(owner)))}


# -- rows and values -------------------------------------------------------------------------------------------------


_ALERTS = (
    select(
        alerts,
        matches.c.hits,
        matches.c.version_id.label("met_version_id"),
        changes.c.became,
        changes.c.sentences,
        topics.c.id.label("topic_id"),
        topics.c.owner_id.label("topic_owner_id"),
        topics.c.name.label("topic_name"),
        topics.c.query,
        topics.c.created_at.label("topic_created_at"),
        channels.c.owner_id.label("channel_owner_id"),
        channels.c.name.label("channel_name"),
        channels.c.address.label("channel_address"),
        channels.c.created_at.label("channel_created_at"),
        *(subscriptions.c[name] for name in RHYTHM),
        *(column.label(f"version_{column.name}") for column in versions.c),
    )
    .join(matches, matches.c.id == alerts.c.match_id)
    .outerjoin(changes, changes.c.id == alerts.c.change_id)
    .join(versions, versions.c.id == func.coalesce(changes.c.version_id, matches.c.version_id))
    .join(topics, topics.c.id == matches.c.topic_id)
    .join(channels, channels.c.id == alerts.c.channel_id)
    .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
    .order_by(alerts.c.id)
)


def load(connection: Connection, which: ColumnElement[bool]) -> tuple[Alert, ...]:
    """The alerts for which the condition holds, with all that a message needs, the oldest first."""
    rows = connection.execute(_ALERTS.where(which)).all()
    by_id = {item.id: item for item in items_store.get_many(connection, [row.version_item_id for row in rows])}
    return tuple(_alert(row, by_id[row.version_item_id]) for row in rows)


def _alert(row: Row[Any], item: Item) -> Alert:
    return Alert(
        id=row.id,
        subscription_id=row.subscription_id,
        story_id=row.story_id,
        state=AlertState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        topic=Topic(row.topic_id, row.topic_owner_id, row.topic_name, row.query, row.topic_created_at),
        channel=Channel(
            row.channel_id, row.channel_owner_id, row.channel_name, row.channel_address, row.channel_created_at
        ),
        item=item,
        version=Version(
            id=row.version_id,
            item_id=row.version_item_id,
            number=row.version_number,
            title=row.version_title,
            body=row.version_body,
            language=row.version_language,
            published=published_of(row, "version_"),
            seen_at=row.version_seen_at,
            fingerprint=row.version_fingerprint,
        ),
        hits=tuple(from_json(Hit, hit) for hit in row.hits) if row.met_version_id == row.version_id else (),
        sent_at=row.sent_at,
        last_error=row.last_error,
        rhythm=rhythm_of(row),
        event=AlertEvent(row.event),
        occasion=row.occasion,
        change=_change(row),
    )


def _change(row: Row[Any]) -> TopicChange | None:
    if row.became is None:
        return None
    return TopicChange(Became(row.became), tuple(from_json(ChangedSentence, each) for each in row.sentences))
