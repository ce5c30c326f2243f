"""Questions about matches: which versions wait for the topics, which met one, and the alerts that this makes.

A version without `matched_at` waits. Its matches and alerts are written in one transaction with that mark: who dies
before it asks again, who dies after it has lost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select, true, update

from storage.database import insert_new
from storage.query.text import AnalysedText, analyse
from storage.subscriptions import RHYTHM, rhythm_of
from storage.tables import alerts, items, matches, mentions, polls, sightings, sources, subscriptions, versions
from storage.types import AlertState, Hit, Reason, Rhythm

POLL_PATIENCE = timedelta(minutes=1)
"""How long statements wait for the rest of their poll, so that they can go out as one message."""

MARKING = timedelta(hours=2)
"""After so long a version that no topic was asked about has been forgotten, not delayed."""

FLOOD = 20
"""A poll that finds more new statements than this is no news but a section built anew, or the end of an outage."""

FLOOD_PATIENCE = timedelta(hours=1)
"""How long the statements of such a poll wait for the rest of it."""


@dataclass(frozen=True, slots=True)
class AskedText:
    """A version, as the topics are asked about it."""

    version_id: int
    item_id: int
    number: int
    title: str
    body: str
    language: str
    source_key: str
    country: str
    published_day: date | None

    @property
    def analysed(self) -> AnalysedText:
        return analyse(
            self.title,
            self.body,
            self.language,
            source=self.source_key,
            country=self.country,
            day=self.published_day,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A topic that a version met."""

    version_id: int
    topic_id: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which an alert is made: what decides when it leaves, beside its subscription's rhythm."""

    new: int = 0
    """How many statements its poll found."""
    silence: timedelta = timedelta()
    """For how long the source had not been read before that poll."""
    group_leaves: datetime | None = None
    """When the waiting alerts of the same subscription leave, if that is still to come."""
    channel_leaves: datetime | None = None
    """When the next waiting alerts of the same channel leave that are no digest's, if that is still to come."""


Leaves = Callable[[Rhythm, Circumstances], datetime]
"""Says when an alert may leave."""


def unmatched(
    connection: Connection, now: datetime, limit: int, except_for: Collection[int] = ()
) -> tuple[AskedText, ...]:
    """Versions to ask the topics about, the oldest first: those whose poll has ended or takes too long.

    `except_for` are the ids of versions to leave for another time.
    """
    rows = connection.execute(
        _texts()
        .outerjoin(polls, polls.c.id == versions.c.poll_id)
        .where(versions.c.matched_at.is_(None), versions.c.id.not_in(except_for))
        .where(or_(polls.c.id.is_(None), polls.c.ended_at.is_not(None), _waited_long_enough(now)))
        .order_by(versions.c.id)
        .limit(limit)
    )
    return tuple(map(_asked_text, rows))


def latest(connection: Connection, limit: int) -> tuple[AskedText, ...]:
    """The versions that were stored last: what those to come will be like."""
    return tuple(map(_asked_text, connection.execute(_texts().order_by(versions.c.id.desc()).limit(limit))))


def _texts() -> Select[Any]:
    return (
        select(versions, sources.c.key, sources.c.country)
        .join(items, items.c.id == versions.c.item_id)
        .join(sources, sources.c.id == items.c.source_id)
    )


def _asked_text(row: Row[Any]) -> AskedText:
    return AskedText(
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


def _waited_long_enough(now: datetime) -> ColumnElement[bool]:
    flood = _new_in_poll().scalar_subquery() > FLOOD
    return or_(versions.c.seen_at <= now - FLOOD_PATIENCE, and_(versions.c.seen_at <= now - POLL_PATIENCE, ~flood))


def _new_in_poll() -> Any:
    """How many new entries a poll of the enclosing query found."""
    return (
        select(func.count())
        .where(sightings.c.source_id == polls.c.source_id, sightings.c.first_seen_at >= polls.c.started_at)
        .where(sightings.c.silent.is_(False))
        .correlate(polls)
    )


def record_matches(
    connection: Connection, asked: Sequence[int], found: Sequence[Found], now: datetime, leaves: Leaves
) -> int:
    """Write the matches of the versions that were asked about and an alert for each subscription; return how many.

    A silent item and an edit that met the topic before make no alert. A further statement of a story that has an
    alert makes a mention. One transaction: when it is through, nothing of these versions can be lost or doubled.
    """
    _insert_matches(connection, found, now)
    made = _make_alerts(connection, _candidates(connection, {match.version_id for match in found}), now, leaves)
    connection.execute(update(versions).where(versions.c.id.in_(list(asked))).values(matched_at=now))
    return made


# -- asking again ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A version that the topics have been asked about, or should have been, and those that it is known to meet."""

    text: AskedText
    seen_at: datetime
    topic_ids: frozenset[int]


def asked_before(
    connection: Connection, after: int, since: datetime, until: datetime, limit: int
) -> tuple[AskedBefore, ...]:
    """Versions seen between two instants, those behind the id `after`, by ascending id: `MARKING` gives no time to
    those that the topics have not been asked about."""
    rows = connection.execute(
        _texts()
        .where(versions.c.id > after, versions.c.seen_at >= since, versions.c.seen_at <= until)
        .where(or_(versions.c.matched_at.is_not(None), versions.c.seen_at <= until - MARKING))
        .order_by(versions.c.id)
        .limit(limit)
    ).all()
    known: dict[int, set[int]] = {row.id: set() for row in rows}
    for match in connection.execute(select(matches).where(matches.c.version_id.in_(known))):
        known[match.version_id].add(match.topic_id)
    return tuple(AskedBefore(_asked_text(row), row.seen_at, frozenset(known[row.id])) for row in rows)


def repair(
    connection: Connection, asked: Sequence[int], missed: Sequence[Found], now: datetime, leaves: Leaves
) -> tuple[int, int]:
    """Write the matches that versions lack, and the alerts; return how many of each.

    Nobody is told of what was seen before he subscribed, nor of what is silent. What was announced is not again.
    """
    made = _insert_matches(connection, missed, now)
    told = _make_alerts(connection, _candidates(connection, asked, subscribed_before=True), now, leaves)
    unmarked = versions.c.id.in_(list(asked)) & versions.c.matched_at.is_(None)
    connection.execute(update(versions).where(unmarked).values(matched_at=now))
    return made, told


# -- rows ------------------------------------------------------------------------------------------------------------


def _insert_matches(connection: Connection, found: Sequence[Found], now: datetime) -> int:
    rows = [
        {
            "version_id": match.version_id,
            "topic_id": match.topic_id,
            "hits": [asdict(hit) for hit in match.hits],
            "matched_at": now,
        }
        for match in found
    ]
    return insert_new(connection, matches, rows, unique=("version_id", "topic_id"))


def _make_alerts(connection: Connection, candidates: Sequence[Any], now: datetime, leaves: Leaves) -> int:
    if not candidates:
        return 0
    circumstances = _Circumstances(connection, candidates, now)
    rows = []
    for row in candidates:
        due_at = leaves(rhythm_of(row), circumstances.of(row))
        circumstances.note(row, due_at)
        rows.append(
            {
                "subscription_id": row.subscription_id,
                "channel_id": row.channel_id,
                "story_id": row.story_id,
                "match_id": row.match_id,
                "state": AlertState.PENDING,
                "attempts": 0,
                "created_at": now,
                "due_at": due_at,
                "last_error": "",
            }
        )
    made = insert_new(connection, alerts, rows, unique=("subscription_id", "story_id"))
    if made < len(rows):
        _make_mentions(connection, candidates, now)
    return made


def _candidates(
    connection: Connection, version_ids: Collection[int], *, subscribed_before: bool = False
) -> Sequence[Any]:
    """A row for each version and subscription that has a reason to be told."""
    earlier, earlier_match = versions.alias("earlier"), matches.alias("earlier_match")
    met_before = exists().where(
        earlier.c.item_id == versions.c.item_id,
        earlier.c.number < versions.c.number,
        earlier_match.c.version_id == earlier.c.id,
        earlier_match.c.topic_id == matches.c.topic_id,
    )
    in_time = subscriptions.c.created_at <= versions.c.seen_at if subscribed_before else true()
    return connection.execute(
        select(
            subscriptions.c.id.label("subscription_id"),
            subscriptions.c.channel_id,
            *(subscriptions.c[name] for name in RHYTHM),
            func.coalesce(items.c.story_id, items.c.id).label("story_id"),
            items.c.id.label("item_id"),
            versions.c.id.label("version_id"),
            versions.c.poll_id,
            matches.c.id.label("match_id"),
        )
        .join(versions, versions.c.id == matches.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .join(subscriptions, subscriptions.c.topic_id == matches.c.topic_id)
        .where(matches.c.version_id.in_(list(version_ids)), subscriptions.c.ended_at.is_(None))
        .where(items.c.silent.is_(False), ~met_before, in_time)
        .order_by(matches.c.id)
    ).all()


def _make_mentions(connection: Connection, candidates: Iterable[Row[Any]], now: datetime) -> None:
    """Note which candidates are further statements of a story that has an alert already."""
    wanted = {(row.subscription_id, row.story_id): row for row in candidates}
    announced = connection.execute(
        select(alerts.c.id, alerts.c.subscription_id, alerts.c.story_id, versions.c.item_id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .join(versions, versions.c.id == matches.c.version_id)
        .where(alerts.c.story_id.in_({story_id for _, story_id in wanted}))
    ).all()
    by_key = {(row.subscription_id, row.story_id): row for row in announced}
    rows = [
        {"alert_id": known.id, "version_id": row.version_id, "created_at": now}
        for row in candidates
        if (known := by_key.get((row.subscription_id, row.story_id))) and known.item_id != row.item_id
    ]
    insert_new(connection, mentions, rows, unique=("alert_id", "version_id"))


class _Circumstances:
    """What the alerts to be made have in common with those that wait, kept up as they are made."""

    def __init__(self, connection: Connection, candidates: Sequence[Row[Any]], now: datetime) -> None:
        self._polls = _polls(connection, {row.poll_id for row in candidates if row.poll_id is not None})
        self._groups: dict[int, datetime] = {}
        self._channels: dict[int, datetime] = {}
        self._now = now
        waiting = connection.execute(
            select(
                alerts.c.subscription_id,
                alerts.c.channel_id,
                func.min(alerts.c.due_at).label("due_at"),
                *(subscriptions.c[name] for name in RHYTHM),
            )
            .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
            .where(alerts.c.sent_at.is_(None), alerts.c.state == AlertState.PENDING, alerts.c.due_at > now)
            .where(alerts.c.channel_id.in_({row.channel_id for row in candidates}))
            .group_by(alerts.c.subscription_id, alerts.c.channel_id)
        )
        for row in waiting:
            self.note(row, row.due_at)

    def of(self, row: Row[Any]) -> Circumstances:
        new, silence = self._polls.get(row.poll_id, (0, timedelta()))
        return Circumstances(new, silence, self._groups.get(row.subscription_id), self._channels.get(row.channel_id))

    def note(self, row: Row[Any], due_at: datetime) -> None:
        if due_at <= self._now:
            return
        groups, channels = self._groups, self._channels
        groups[row.subscription_id] = min(due_at, groups.get(row.subscription_id, due_at))
        if not rhythm_of(row).digest:
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
        select(polls.c.id, polls.c.started_at, _new_in_poll().scalar_subquery().label("new"), last.label("last")).where(
            polls.c.id.in_(poll_ids)
        )
    )
    return {row.id: (row.new, row.started_at - row.last if row.last else timedelta()) for row in rows}
