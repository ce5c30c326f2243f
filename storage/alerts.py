"""Questions about matches, alerts and deliveries: the outbox.

Every hop is a row. A version without `matched_at` waits for the topics; an alert that is pending or failed waits for
its time; a delivery is written before anything is sent and finished after. Whoever dies in between leaves rows from
which the next process goes on, at the worst sending once more what was sent: a duplicate beats a miss.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, or_, select, update

from storage import items as items_store
from storage.database import insert_new
from storage.tables import (
    alerts,
    channels,
    deliveries,
    delivery_alerts,
    items,
    matches,
    polls,
    published_of,
    sources,
    subscriptions,
    topics,
    versions,
)
from storage.types import Alert, AlertState, Channel, Hit, Item, Reason, Topic, Version

POLL_PATIENCE = timedelta(minutes=1)
"""How long statements wait for the rest of their poll, so that they can go out as one message."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A version that no topic has been asked about yet."""

    version_id: int
    item_id: int
    number: int
    title: str
    body: str
    language: str
    source_key: str
    country: str
    published_day: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """A topic that a version met."""

    version_id: int
    topic_id: int
    hits: tuple[Hit, ...]


# -- matching --------------------------------------------------------------------------------------------------------


def unmatched(
    connection: Connection, now: datetime, limit: int, except_for: Collection[int] = ()
) -> tuple[Unmatched, ...]:
    """Versions to ask the topics about, the oldest first: those whose poll has ended or takes too long.

    `except_for` are the ids of versions to leave for another time.
    """
    rows = connection.execute(
        select(versions, sources.c.key, sources.c.country)
        .join(items, items.c.id == versions.c.item_id)
        .join(sources, sources.c.id == items.c.source_id)
        .outerjoin(polls, polls.c.id == versions.c.poll_id)
        .where(versions.c.matched_at.is_(None), versions.c.id.not_in(except_for))
        .where(or_(polls.c.id.is_(None), polls.c.ended_at.is_not(None), versions.c.seen_at <= now - POLL_PATIENCE))
        .order_by(versions.c.id)
        .limit(limit)
    )
    return tuple(
        Unmatched(
            row.id,
            row.item_id,
            row.number,
            row.title,
            row.body,
            row.language,
            row.key,
            row.country,
            row.published_day,
        )
        for row in rows
    )


def record_matches(
    connection: Connection, asked: Sequence[int], found: Sequence[Found], now: datetime, due_at: datetime
) -> int:
    """Write the matches of the versions that were asked about and an alert for each subscription; return how many.

    A silent item and an edit that met the topic before make no alert. One transaction: when it is through, no match
    and no alert of these versions can be lost or doubled.
    """
    insert_new(
        connection,
        matches,
        [
            {
                "version_id": match.version_id,
                "topic_id": match.topic_id,
                "hits": [asdict(hit) for hit in match.hits],
                "matched_at": now,
            }
            for match in found
        ],
        unique=("version_id", "topic_id"),
    )
    made = _make_alerts(connection, {match.version_id for match in found}, now, due_at)
    connection.execute(update(versions).where(versions.c.id.in_(list(asked))).values(matched_at=now))
    return made


def _make_alerts(connection: Connection, version_ids: Iterable[int], now: datetime, due_at: datetime) -> int:
    earlier, earlier_match = versions.alias("earlier"), matches.alias("earlier_match")
    met_before = exists().where(
        earlier.c.item_id == versions.c.item_id,
        earlier.c.number < versions.c.number,
        earlier_match.c.version_id == earlier.c.id,
        earlier_match.c.topic_id == matches.c.topic_id,
    )
    rows = connection.execute(
        select(
            subscriptions.c.id.label("subscription_id"),
            subscriptions.c.channel_id,
            func.coalesce(items.c.story_id, items.c.id).label("story_id"),
            matches.c.id.label("match_id"),
        )
        .join(versions, versions.c.id == matches.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .join(subscriptions, subscriptions.c.topic_id == matches.c.topic_id)
        .where(matches.c.version_id.in_(list(version_ids)), subscriptions.c.ended_at.is_(None))
        .where(items.c.silent.is_(False), ~met_before)
        .order_by(matches.c.id)
    )
    return insert_new(
        connection,
        alerts,
        [
            {
                **row._mapping,
                "state": AlertState.PENDING,
                "attempts": 0,
                "created_at": now,
                "due_at": due_at,
                "last_error": "",
            }
            for row in rows
        ],
        unique=("subscription_id", "story_id"),
    )


# -- delivering ------------------------------------------------------------------------------------------------------


def waiting_channels(connection: Connection, now: datetime) -> tuple[int, ...]:
    """The channels with alerts that are due and that nobody is sending."""
    return tuple(connection.scalars(select(alerts.c.channel_id).where(_due(now)).distinct()))


def next_due(connection: Connection) -> datetime | None:
    """When the next waiting alert is due, or None if none waits."""
    waiting = alerts.c.sent_at.is_(None) & alerts.c.state.in_([AlertState.PENDING, AlertState.FAILED])
    due: datetime | None = connection.scalar(select(func.min(alerts.c.due_at)).where(waiting))
    return due


def claim(
    connection: Connection, channel_id: int, token: str, now: datetime, *, lease: timedelta, limit: int
) -> tuple[int, tuple[Alert, ...]]:
    """Claim a channel's due alerts for one delivery, the oldest first; write the delivery before anything is sent.

    Returns the delivery's id and the alerts. Nobody else can claim them until the lease is over; no alerts, no
    delivery and the id 0.
    """
    chosen = connection.scalars(
        select(alerts.c.id).where(_due(now), alerts.c.channel_id == channel_id).order_by(alerts.c.id).limit(limit)
    ).all()
    claimed = connection.execute(
        update(alerts).where(alerts.c.id.in_(chosen), _due(now)).values(lease_owner=token, lease_until=now + lease)
    )
    if not claimed.rowcount:
        return 0, ()
    mine = _load(connection, alerts.c.lease_owner == token)
    delivery_id = connection.execute(
        insert(deliveries)
        .values(channel_id=channel_id, token=token, started_at=now, delivered=False, answer="")
        .returning(deliveries.c.id)
    ).scalar_one()
    connection.execute(insert(delivery_alerts), [{"delivery_id": delivery_id, "alert_id": alert.id} for alert in mine])
    return delivery_id, mine


def delivered(connection: Connection, delivery_id: int, sent: Sequence[Alert], answer: str, now: datetime) -> None:
    """Mark alerts as sent, after they were. Whoever holds the lease by then, they were sent."""
    connection.execute(
        update(alerts)
        .where(alerts.c.id.in_([alert.id for alert in sent]))
        .values(
            state=AlertState.SENT,
            sent_at=now,
            attempts=alerts.c.attempts + 1,
            last_error="",
            lease_owner=None,
            lease_until=None,
        )
    )
    _finish(connection, delivery_id, sent, True, answer, now)


def not_delivered(
    connection: Connection,
    delivery_id: int,
    failed: Sequence[Alert],
    answer: str,
    now: datetime,
    retry_at: datetime | None,
) -> None:
    """Put alerts back for another attempt at `retry_at`, or declare them dead."""
    connection.execute(
        update(alerts)
        .where(alerts.c.id.in_([alert.id for alert in failed]), alerts.c.sent_at.is_(None))
        .values(
            state=AlertState.DEAD if retry_at is None else AlertState.FAILED,
            attempts=alerts.c.attempts + 1,
            due_at=retry_at or now,
            last_error=answer,
            lease_owner=None,
            lease_until=None,
        )
    )
    _finish(connection, delivery_id, failed, False, answer, now)


def release_interrupted(connection: Connection, dead_owners: Iterable[str]) -> int:
    """Free the alerts that processes held which are gone; return how many. They are sent again, with the same key."""
    freed = 0
    for owner in dead_owners:
        held = alerts.c.lease_owner.startswith(owner, autoescape=True)
        freed += connection.execute(update(alerts).where(held).values(lease_owner=None, lease_until=None)).rowcount
    return freed


def open_tokens(connection: Connection) -> tuple[str, ...]:
    """The leases under which alerts are being sent."""
    held = select(alerts.c.lease_owner).where(alerts.c.sent_at.is_(None), alerts.c.lease_owner.is_not(None))
    return tuple(token for token in connection.scalars(held.distinct()) if token)


def retry(connection: Connection, now: datetime, alert_ids: Sequence[int] | None = None) -> int:
    """Send dead and failed alerts again now, all or the named ones; return how many."""
    wanted: ColumnElement[bool] = alerts.c.state.in_([AlertState.DEAD, AlertState.FAILED])
    if alert_ids is not None:
        wanted &= alerts.c.id.in_(list(alert_ids))
    kept = select(channels.c.id).where(channels.c.removed_at.is_(None))
    return connection.execute(
        update(alerts)
        .where(wanted, alerts.c.channel_id.in_(kept))
        .values(state=AlertState.PENDING, attempts=0, due_at=now)
    ).rowcount


def listing(connection: Connection, *, state: AlertState | None = None, limit: int = 50) -> tuple[Alert, ...]:
    """Alerts, the newest first."""
    newest = select(alerts.c.id).order_by(alerts.c.id.desc()).limit(limit)
    if state is not None:
        newest = newest.where(alerts.c.state == state)
    return tuple(reversed(_load(connection, alerts.c.id.in_(newest))))


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many alerts there are in each state."""
    return {row[0]: row[1] for row in connection.execute(select(alerts.c.state, func.count()).group_by(alerts.c.state))}


# -- rows and values -------------------------------------------------------------------------------------------------


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        alerts.c.sent_at.is_(None),
        alerts.c.state.in_([AlertState.PENDING, AlertState.FAILED]),
        alerts.c.due_at <= now,
        or_(alerts.c.lease_until.is_(None), alerts.c.lease_until < now),
    )


def _finish(
    connection: Connection, delivery_id: int, carried: Sequence[Alert], success: bool, answer: str, now: datetime
) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(finished_at=now, delivered=success, answer=answer)
    )
    connection.execute(
        update(channels).where(channels.c.id == carried[0].channel.id).values(reason=Reason.OK if success else answer)
    )


def _load(connection: Connection, which: ColumnElement[bool]) -> tuple[Alert, ...]:
    rows = connection.execute(
        select(
            alerts,
            matches.c.hits,
            topics.c.id.label("topic_id"),
            topics.c.name.label("topic_name"),
            topics.c.query,
            topics.c.created_at.label("topic_created_at"),
            channels.c.name.label("channel_name"),
            channels.c.address.label("channel_address"),
            channels.c.created_at.label("channel_created_at"),
            *(column.label(f"version_{column.name}") for column in versions.c),
        )
        .join(matches, matches.c.id == alerts.c.match_id)
        .join(versions, versions.c.id == matches.c.version_id)
        .join(topics, topics.c.id == matches.c.topic_id)
        .join(channels, channels.c.id == alerts.c.channel_id)
        .where(which)
        .order_by(alerts.c.id)
    ).all()
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
        topic=Topic(row.topic_id, row.topic_name, row.query, row.topic_created_at),
        channel=Channel(row.channel_id, row.channel_name, row.channel_address, row.channel_created_at),
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
        hits=tuple(Hit(**hit) for hit in row.hits),
        sent_at=row.sent_at,
        last_error=row.last_error,
    )
