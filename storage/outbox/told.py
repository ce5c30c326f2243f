"""Questions about what an owner was told: of a story, and on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from storage.items.days import Period
from storage.outbox.alerts import load
from storage.tables import alerts, channels, matches, subscriptions, versions
from storage.types import Alert, AlertState, RhythmKind


@dataclass(frozen=True, slots=True)
class Told:
    """How far the alerts of a story have come."""

    channels: int = 0
    sent: int = 0
    failed: int = 0
    first_at: datetime | None = None
    """When the first of them was taken."""


def told(connection: Connection, owner: int, story_ids: Collection[int]) -> dict[int, Told]:
    """What the owner was told of these stories."""
    sent = alerts.c.state == AlertState.SENT
    failed = alerts.c.state.in_((AlertState.FAILED, AlertState.DEAD))
    rows = connection.execute(
        select(
            alerts.c.story_id,
            func.count(),
            func.count().filter(sent),
            func.count().filter(failed),
            func.min(alerts.c.sent_at),
        )
        .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
        .where(subscriptions.c.owner_id == owner, alerts.c.story_id.in_(list(story_ids)))
        .group_by(alerts.c.story_id)
    )
    return {row[0]: Told(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Failure:
    """Alerts that a channel did not take, and what it answered last."""

    channel: str
    alerts: int
    answer: str


@dataclass(frozen=True, slots=True)
class Day:
    """What an owner was told in a period, and what is still on its way."""

    sent: int
    slowest: timedelta | None
    """The longest time between the first sight of a statement and its message, of what was to leave at once."""
    waiting: int
    next_at: datetime | None
    """When the first of what waits leaves."""
    failures: tuple[Failure, ...] = field(default=())


def day(connection: Connection, owner: int, period: Period) -> Day:
    """What the owner was told in the period, and what waits or failed."""
    mine = alerts.c.subscription_id.in_(select(subscriptions.c.id).where(subscriptions.c.owner_id == owner))
    sent = _sent(connection, owner, period)
    waiting = and_(mine, alerts.c.sent_at.is_(None), alerts.c.state == AlertState.PENDING)
    left, next_at = connection.execute(select(func.count(), func.min(alerts.c.due_at)).where(waiting)).one()
    given_up = and_(alerts.c.state == AlertState.DEAD, alerts.c.created_at >= period.start)
    bad = and_(mine, or_(alerts.c.state == AlertState.FAILED, given_up), alerts.c.sent_at.is_(None))
    failed = connection.execute(
        select(channels.c.name, func.count(), func.max(alerts.c.last_error))
        .join(channels, channels.c.id == alerts.c.channel_id)
        .where(bad, channels.c.removed_at.is_(None))
        .group_by(channels.c.id, channels.c.name)
        .order_by(channels.c.name)
    )
    slowest = max((time for at_once, time in sent if at_once), default=None)
    return Day(len(sent), slowest, left, next_at, tuple(Failure(*row) for row in failed))


def _sent(connection: Connection, owner: int, period: Period) -> Sequence[tuple[bool, timedelta]]:
    """The messages of the period: whether each was to leave at once, and how long it took."""
    rows = connection.execute(
        select(alerts.c.sent_at, versions.c.seen_at, subscriptions.c.rhythm)
        .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .join(versions, versions.c.id == matches.c.version_id)
        .where(subscriptions.c.owner_id == owner, alerts.c.sent_at >= period.start, alerts.c.sent_at < period.end)
    )
    at_once = RhythmKind.IMMEDIATELY.value
    return [(row.rhythm == at_once, row.sent_at - row.seen_at) for row in rows]


def of_story(connection: Connection, owner: int, story_id: int) -> tuple[Alert, ...]:
    """The owner's alerts of a story, the oldest first."""
    mine = select(subscriptions.c.id).where(subscriptions.c.owner_id == owner)
    return load(connection, and_(alerts.c.story_id == story_id, alerts.c.subscription_id.in_(mine)))
