"""Who has a reason to be told of what: of a statement that met a topic, and of what became of one that was announced.

    a version met a topic for the first time            -> published, for who wants that
    an edit brought the topic into a silent statement   -> published: the edit is news, whoever stored the first version
    an edit changed what met the topic                  -> edited, for who was told of the statement or wants that
    it was withdrawn, or stands there again             -> the same

Who was told is corrected, whatever else he wants. Each row that comes of it is an alert to be made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, literal, null, or_, select, true

from storage.people.subscriptions import RHYTHM, wants
from storage.tables import alerts, changes, item_states, items, matches, mentions, subscriptions, topics, versions
from storage.types import AlertEvent, Became

_STORY = func.coalesce(items.c.story_id, items.c.id)


def published(
    connection: Connection, version_ids: Collection[int], *, subscribed_before: bool = False
) -> Sequence[Row[Any]]:
    """A row for each of these versions and each subscription that is to be told of its statement."""
    earlier, earlier_match = versions.alias("earlier"), matches.alias("earlier_match")
    met_before = exists().where(
        earlier.c.item_id == versions.c.item_id,
        earlier.c.number < versions.c.number,
        earlier_match.c.version_id == earlier.c.id,
        earlier_match.c.topic_id == matches.c.topic_id,
    )
    in_time = subscriptions.c.created_at <= versions.c.seen_at if subscribed_before else true()
    return connection.execute(
        _told_of(literal(AlertEvent.PUBLISHED.value), occasion=literal(0), match_id=matches.c.id)
        .select_from(matches)
        .join(versions, versions.c.id == matches.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .join(subscriptions, subscriptions.c.topic_id == matches.c.topic_id)
        .join(topics, topics.c.id == matches.c.topic_id)
        .outerjoin(changes, and_(changes.c.version_id == versions.c.id, changes.c.topic_id == matches.c.topic_id))
        .where(
            matches.c.version_id.in_(list(version_ids)),
            _listens(versions.c.seen_at),
            wants(AlertEvent.PUBLISHED),
        )
        .where(or_(items.c.silent.is_(False), changes.c.became == Became.MET), ~met_before, in_time)
        .order_by(matches.c.id)
    ).all()


def edited(connection: Connection, version_ids: Collection[int]) -> Sequence[Row[Any]]:
    """A row for each of these versions that is an edit of what met a topic, and each subscription that is to be told.

    Who is told of this version as of a new statement is told all of it there.
    """
    earlier, last_match = versions.alias("earlier"), matches.alias("last_match")
    met_last = (
        select(last_match.c.id)
        .join(earlier, earlier.c.id == last_match.c.version_id)
        .where(earlier.c.item_id == versions.c.item_id, earlier.c.number <= versions.c.number)
        .where(last_match.c.topic_id == changes.c.topic_id)
        .order_by(earlier.c.number.desc())
        .limit(1)
        .correlate(versions, changes)
        .scalar_subquery()
    )
    return connection.execute(
        _told_of(literal(AlertEvent.EDITED.value), occasion=versions.c.id, match_id=met_last)
        .select_from(changes)
        .join(versions, versions.c.id == changes.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .join(subscriptions, subscriptions.c.topic_id == changes.c.topic_id)
        .join(topics, topics.c.id == changes.c.topic_id)
        .where(
            changes.c.version_id.in_(list(version_ids)),
            _listens(versions.c.seen_at),
            met_last.is_not(None),
        )
        .where(or_(was_told_of_item(), wants(AlertEvent.EDITED)), ~_told_as_published())
        .order_by(changes.c.id)
    ).all()


def state_changes(connection: Connection, state_ids: Collection[int]) -> Sequence[Row[Any]]:
    """A row for each of these states of statements and each subscription that is to be told: it was told of the
    statement, or wants to be told of such states, and the statement met its topic."""
    met, of_version = matches.alias("met"), versions.alias("of_met")
    met_last = (
        select(met.c.id)
        .join(of_version, of_version.c.id == met.c.version_id)
        .where(of_version.c.item_id == items.c.id, met.c.topic_id == subscriptions.c.topic_id)
        .order_by(of_version.c.number.desc())
        .limit(1)
        .correlate(items, subscriptions)
        .scalar_subquery()
    )
    wanted = (and_(item_states.c.state == event, wants(event)) for event in (AlertEvent.WITHDRAWN, AlertEvent.RESTORED))
    return connection.execute(
        _told_of(item_states.c.state, occasion=item_states.c.id, match_id=met_last, change_id=null())
        .select_from(item_states)
        .join(items, items.c.id == item_states.c.item_id)
        .join(versions, and_(versions.c.item_id == items.c.id, versions.c.current))
        .join(subscriptions, subscriptions.c.ended_at.is_(None))
        .join(topics, topics.c.id == subscriptions.c.topic_id)
        .where(
            item_states.c.id.in_(list(state_ids)),
            _listens(item_states.c.at),
            met_last.is_not(None),
            or_(was_told_of_item(), *wanted),
        )
        .order_by(item_states.c.id)
    ).all()


def was_told_of_item() -> ColumnElement[bool]:
    """Whether the subscription of the enclosing query has an alert of its item, or one that mentions it."""
    told, of_match, of_version = alerts.alias("told"), matches.alias("of_match"), versions.alias("of_version")
    mentioned = mentions.alias("mentioned")
    announced = exists().where(
        told.c.subscription_id == subscriptions.c.id,
        told.c.event == AlertEvent.PUBLISHED,
        of_match.c.id == told.c.match_id,
        of_version.c.id == of_match.c.version_id,
        of_version.c.item_id == items.c.id,
    )
    also_told, also_version = alerts.alias("also_told"), versions.alias("also_version")
    named = exists().where(
        also_told.c.subscription_id == subscriptions.c.id,
        also_told.c.story_id == _STORY,
        mentioned.c.alert_id == also_told.c.id,
        also_version.c.id == mentioned.c.version_id,
        also_version.c.item_id == items.c.id,
    )
    return or_(announced.correlate(subscriptions, items), named.correlate(subscriptions, items))


def _told_as_published() -> ColumnElement[bool]:
    """Whether the subscription has an alert, or a mention, of this very version."""
    told, of_match = alerts.alias("told_now"), matches.alias("matched_now")
    announced = exists().where(
        told.c.subscription_id == subscriptions.c.id,
        told.c.event == AlertEvent.PUBLISHED,
        of_match.c.id == told.c.match_id,
        of_match.c.version_id == versions.c.id,
    )
    also_told, mentioned = alerts.alias("also_told_now"), mentions.alias("mentioned_now")
    named = exists().where(
        also_told.c.subscription_id == subscriptions.c.id,
        mentioned.c.alert_id == also_told.c.id,
        mentioned.c.version_id == versions.c.id,
    )
    return or_(announced.correlate(subscriptions, versions), named.correlate(subscriptions, versions))


def _listens(seen_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a subscription is in force, and was not paused when something was seen; nor was its topic."""
    pauses = topics.c.paused_until, subscriptions.c.paused_until
    return and_(subscriptions.c.ended_at.is_(None), *(or_(each.is_(None), each <= seen_at) for each in pauses))


def _told_of(
    event: ColumnElement[str],
    *,
    occasion: ColumnElement[int],
    match_id: ColumnElement[Any],
    change_id: ColumnElement[Any] = changes.c.id,
) -> Select[Any]:
    return select(
        subscriptions.c.id.label("subscription_id"),
        subscriptions.c.channel_id,
        *(subscriptions.c[name] for name in RHYTHM),
        _STORY.label("story_id"),
        items.c.id.label("item_id"),
        items.c.source_id,
        versions.c.id.label("version_id"),
        versions.c.number,
        versions.c.poll_id,
        match_id.label("match_id"),
        event.label("event"),
        occasion.label("occasion"),
        change_id.label("change_id"),
    )
