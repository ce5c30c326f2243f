"""Matches become alerts: one for a subscription and a story, due when its rhythm says, or a mention."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select

from storage.database import insert_new
from storage.people.subscriptions import RHYTHM, rhythm_of
from storage.tables import alerts, items, matches, mentions, polls, sightings, subscriptions, versions
from storage.types import AlertEvent, AlertState, Reason, Rhythm, RhythmKind

EDITS = timedelta(hours=1)
"""A source that edits very many statements within this time has been built anew: that is no news of each of them."""


@dataclass(frozen=True, slots=True)
class AlertTiming:
    """Under which an alert is made: what decides when it leaves, beside its subscription's rhythm."""

    new: int = 0
    """How many statements its poll found, or the listing that showed it first: a poll may leave some to the next. Of an
    edit: how many its source made within `EDITS`, if those are more."""
    silence: timedelta = timedelta()
    """For how long the source had not been read before that poll."""
    group_leaves: datetime | None = None
    """When the waiting alerts of the same subscription leave, if that is still to come."""
    channel_leaves: datetime | None = None
    """When the waiting flood of the same channel leaves, if that is still to come."""


DueTime = Callable[[Rhythm, AlertTiming], datetime]
"""Says when an alert may leave."""


def new_in_poll() -> Any:
    """How many new entries a poll of the enclosing query found."""
    return (
        select(func.count())
        .where(sightings.c.source_id == polls.c.source_id, sightings.c.first_seen_at >= polls.c.started_at)
        .where(sightings.c.silent.is_(False))
        .correlate(polls)
    )


def make_alerts(connection: Connection, candidates: Sequence[Row[Any]], now: datetime, leaves: DueTime) -> int:
    """Make an alert of each of the candidates, or a mention where its story has one; return how many alerts.

    `leaves` says when each is due.
    """
    if not candidates:
        return 0
    timings = _Timings(connection, candidates, now)
    rows = []
    for row in candidates:
        due_at = leaves(rhythm_of(row), timings.of(row))
        timings.note(row, due_at, now)
        rows.append(
            {
                "subscription_id": row.subscription_id,
                "channel_id": row.channel_id,
                "story_id": row.story_id,
                "match_id": row.match_id,
                "event": row.event,
                "occasion": row.occasion,
                "change_id": row.change_id,
                "state": AlertState.PENDING,
                "attempts": 0,
                "created_at": now,
                "due_at": due_at,
                "last_error": "",
            }
        )
    made = insert_new(connection, alerts, rows, unique=("subscription_id", "story_id", "event", "occasion"))
    if made < len(rows):
        _make_mentions(connection, [row for row in candidates if row.event == AlertEvent.PUBLISHED], now)
    return made


def _make_mentions(connection: Connection, candidates: Iterable[Row[Any]], now: datetime) -> None:
    """Note which candidates are further statements of a story that has an alert already."""
    wanted = {(row.subscription_id, row.story_id): row for row in candidates}
    announced = connection.execute(
        select(alerts.c.id, alerts.c.subscription_id, alerts.c.story_id, versions.c.item_id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .join(versions, versions.c.id == matches.c.version_id)
        .where(alerts.c.story_id.in_({story_id for _, story_id in wanted}), alerts.c.event == AlertEvent.PUBLISHED)
    ).all()
    by_key = {(row.subscription_id, row.story_id): row for row in announced}
    rows = [
        {"alert_id": known.id, "version_id": row.version_id, "created_at": now}
        for row in candidates
        if (known := by_key.get((row.subscription_id, row.story_id))) and known.item_id != row.item_id
    ]
    insert_new(connection, mentions, rows, unique=("alert_id", "version_id"))


class _Timings:
    """What the alerts to be made have in common with those that wait, kept up as they are made."""

    def __init__(self, connection: Connection, candidates: Sequence[Row[Any]], now: datetime) -> None:
        found = [row for row in candidates if row.poll_id is not None]
        self._polls = _polls(connection, {row.poll_id for row in found})
        self._together = _seen_together(connection, {row.item_id for row in found})
        self._edits = _edits_since(connection, {row.source_id for row in candidates if row.number > 1}, now - EDITS)
        self._groups: dict[int, datetime] = {}
        self._channels: dict[int, datetime] = {}
        self._now = now
        # Of a digest it is enough to know when it comes: a row for each of its alerts would be as many as wait.
        is_digest = or_(*(subscriptions.c.rhythm.startswith(kind) for kind in (RhythmKind.DAILY, RhythmKind.WEEKLY)))
        apart = case((is_digest, None), else_=alerts.c.created_at)
        waiting = connection.execute(
            select(
                alerts.c.subscription_id,
                alerts.c.channel_id,
                alerts.c.due_at,
                func.min(alerts.c.created_at).label("created_at"),
                func.max(alerts.c.attempts).label("attempts"),
                *(subscriptions.c[name] for name in RHYTHM),
            )
            .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
            .where(alerts.c.sent_at.is_(None), alerts.c.state == AlertState.PENDING, alerts.c.due_at > now)
            .where(alerts.c.channel_id.in_({row.channel_id for row in candidates}))
            .group_by(subscriptions.c.id, alerts.c.subscription_id, alerts.c.channel_id, alerts.c.due_at, apart)
        )
        for row in waiting:
            self.note(row, row.due_at, row.created_at, row.attempts)

    def of(self, row: Row[Any]) -> AlertTiming:
        new, silence = self._polls.get(row.poll_id, (0, timedelta()))
        if row.poll_id is not None:
            new = max(new, self._together.get(row.item_id, 0))
        if row.number > 1:
            new = max(new, self._edits.get(row.source_id, 0))
        return AlertTiming(new, silence, self._groups.get(row.subscription_id), self._channels.get(row.channel_id))

    def note(self, row: Row[Any], due_at: datetime, created_at: datetime, attempts: int = 0) -> None:
        """Remember when an alert leaves. One that waits longer than its rhythm says belongs to a flood."""
        if due_at <= self._now:
            return
        groups, channels = self._groups, self._channels
        groups[row.subscription_id] = min(due_at, groups.get(row.subscription_id, due_at))
        told = rhythm_of(row)
        if not told.digest and not attempts and due_at > created_at + timedelta(minutes=told.minutes):
            channels[row.channel_id] = min(due_at, channels.get(row.channel_id, due_at))


def _polls(connection: Connection, poll_ids: Collection[int]) -> dict[int, tuple[int, timedelta]]:
    """Of polls: how many new entries each found, and for how long its source had not been read before."""
    before = polls.alias("before")
    readable = [reason for reason in Reason if reason.readable]
    last = (
        select(func.max(before.c.ended_at))
        .where(before.c.source_id == polls.c.source_id, before.c.id < polls.c.id, before.c.reason.in_(readable))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(polls.c.id, polls.c.started_at, new_in_poll().scalar_subquery().label("new"), last.label("last")).where(
            polls.c.id.in_(poll_ids)
        )
    )
    return {row.id: (row.new, row.started_at - row.last if row.last else timedelta()) for row in rows}


def _seen_together(connection: Connection, item_ids: Collection[int]) -> dict[int, int]:
    """Of items: how many entries were new in their source in the same listing."""
    columns = sightings.c.source_id, sightings.c.first_seen_at
    rows = connection.execute(select(sightings.c.item_id, *columns).where(sightings.c.item_id.in_(item_ids))).all()
    wanted = {(row.source_id, row.first_seen_at) for row in rows}
    counts = {
        (source_id, at): connection.scalar(
            select(func.count()).where(columns[0] == source_id, columns[1] == at, sightings.c.silent.is_(False))
        )
        for source_id, at in wanted
    }
    most: dict[int, int] = {}
    for row in rows:
        most[row.item_id] = max(most.get(row.item_id, 0), counts[row.source_id, row.first_seen_at] or 0)
    return most


def _edits_since(connection: Connection, source_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many statements of these sources were edited since then."""
    if not source_ids:
        return {}
    rows = connection.execute(
        select(items.c.source_id, func.count(items.c.id.distinct()))
        .join(versions, versions.c.item_id == items.c.id)
        .where(items.c.source_id.in_(list(source_ids)), versions.c.number > 1, versions.c.seen_at > since)
        .group_by(items.c.source_id)
    )
    return {row[0]: row[1] for row in rows}
