"""Questions about matches: which versions wait for the topics, which met one, and the alerts that this makes.

A version without `matched_at` waits. Its matches and alerts are written in one transaction with that mark: who dies
before it asks again, who dies after it has lost nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, tuple_, update

from storage.codec import as_json
from storage.database import insert_new
from storage.outbox import candidates, match_claims
from storage.outbox.alert_creation import DueTime, make_alerts, new_in_poll
from storage.query.text import AnalysedText, analyse
from storage.tables import changes, items, matches, polls, sources, versions
from storage.types import Hit, TopicChange

POLL_PATIENCE = timedelta(minutes=1)
"""How long statements wait for the rest of their poll, so that they can go out as one message."""

MARKING = timedelta(hours=2)
"""After so long a version that no topic was asked about has been forgotten, not delayed."""

FLOOD = 20
"""A poll that finds more new statements than this is no news but a section built anew, or the end of an outage."""

FLOOD_PATIENCE = timedelta(hours=1)
"""How long the statements of such a poll wait for the rest of it."""


@dataclass(frozen=True, slots=True)
class UnmatchedVersion:
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
    before: UnmatchedVersion | None = None
    """What it was edited from."""

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
class FoundChange:
    """A topic for which an edit changed something."""

    version_id: int
    topic_id: int
    change: TopicChange


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A topic that a version met."""

    version_id: int
    topic_id: int
    hits: tuple[Hit, ...]


def unmatched(
    connection: Connection, now: datetime, limit: int, except_for: Collection[int] = (), *, owner: str = ""
) -> tuple[UnmatchedVersion, ...]:
    """Versions to ask the topics about, the oldest first: those whose poll has ended or takes too long.

    `except_for` are the ids of versions to leave for another time; what others than `owner` ask about is left to them.
    """
    rows = connection.execute(
        _texts()
        .outerjoin(polls, polls.c.id == versions.c.poll_id)
        .where(versions.c.matched_at.is_(None), versions.c.id.not_in(except_for))
        .where(versions.c.id.not_in(match_claims.of_others(owner, now)))
        .where(or_(polls.c.id.is_(None), polls.c.ended_at.is_not(None), _waited_long_enough(now)))
        .order_by(versions.c.id)
        .limit(limit)
    ).all()
    before = _edited_from(connection, [(row.item_id, row.number - 1) for row in rows if row.number > 1])
    return tuple(replace(_asked_text(row), before=before.get((row.item_id, row.number - 1))) for row in rows)


def _edited_from(connection: Connection, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], UnmatchedVersion]:
    """Versions by their item and number."""
    if not wanted:
        return {}
    rows = connection.execute(_texts().where(tuple_(versions.c.item_id, versions.c.number).in_(wanted)))
    return {(row.item_id, row.number): _asked_text(row) for row in rows}


def latest(connection: Connection, limit: int) -> tuple[UnmatchedVersion, ...]:
    """The versions that were stored last: what those to come will be like."""
    return tuple(map(_asked_text, connection.execute(_texts().order_by(versions.c.id.desc()).limit(limit))))


def _texts() -> Select[Any]:
    return (
        select(versions, sources.c.key, sources.c.country)
        .join(items, items.c.id == versions.c.item_id)
        .join(sources, sources.c.id == items.c.source_id)
    )


def _asked_text(row: Row[Any]) -> UnmatchedVersion:
    return UnmatchedVersion(
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
    flood = new_in_poll().scalar_subquery() > FLOOD
    return or_(versions.c.seen_at <= now - FLOOD_PATIENCE, and_(versions.c.seen_at <= now - POLL_PATIENCE, ~flood))


def record_matches(
    connection: Connection,
    asked: Sequence[int],
    found: Sequence[FoundMatch],
    now: datetime,
    leaves: DueTime,
    changed: Sequence[FoundChange] = (),
) -> int:
    """Write the matches of the versions that were asked about, what edits did to topics, and an alert for each
    subscription that is to be told; return how many.

    `candidates` says who is. A further statement of a story that has an alert makes a mention. One transaction: when
    it is through, nothing of these versions can be lost or doubled.
    """
    _insert_matches(connection, found, now)
    _insert_changes(connection, changed, now)
    new = candidates.published(connection, {match.version_id for match in found})
    made = make_alerts(connection, new, now, leaves)
    edits = candidates.edited(connection, {change.version_id for change in changed})
    made += make_alerts(connection, edits, now, leaves)
    connection.execute(update(versions).where(versions.c.id.in_(list(asked))).values(matched_at=now))
    match_claims.end(connection, asked)
    return made


# -- asking again ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AlreadyMatched:
    """A version that the topics have been asked about, or should have been, and those that it is known to meet."""

    text: UnmatchedVersion
    seen_at: datetime
    topic_ids: frozenset[int]


def already_matched(
    connection: Connection, after: int, since: datetime, until: datetime, limit: int
) -> tuple[AlreadyMatched, ...]:
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
    return tuple(AlreadyMatched(_asked_text(row), row.seen_at, frozenset(known[row.id])) for row in rows)


def repair(
    connection: Connection, asked: Sequence[int], missed: Sequence[FoundMatch], now: datetime, leaves: DueTime
) -> tuple[int, int]:
    """Write the matches that versions lack, and the alerts; return how many of each.

    Nobody is told of what was seen before he subscribed, nor of what is silent. What was announced is not again.
    """
    made = _insert_matches(connection, missed, now)
    told = make_alerts(connection, candidates.published(connection, asked, subscribed_before=True), now, leaves)
    unmarked = versions.c.id.in_(list(asked)) & versions.c.matched_at.is_(None)
    connection.execute(update(versions).where(unmarked).values(matched_at=now))
    return made, told


# -- rows ------------------------------------------------------------------------------------------------------------


def _insert_matches(connection: Connection, found: Sequence[FoundMatch], now: datetime) -> int:
    rows = [
        {
            "version_id": match.version_id,
            "topic_id": match.topic_id,
            "hits": [as_json(hit) for hit in match.hits],
            "matched_at": now,
        }
        for match in found
    ]
    return insert_new(connection, matches, rows, unique=("version_id", "topic_id"))


def _insert_changes(connection: Connection, changed: Sequence[FoundChange], now: datetime) -> None:
    rows = [
        {
            "version_id": one.version_id,
            "topic_id": one.topic_id,
            "became": one.change.became,
            "sentences": [as_json(sentence) for sentence in one.change.sentences],
            "noted_at": now,
        }
        for one in changed
    ]
    insert_new(connection, changes, rows, unique=("version_id", "topic_id"))
