"""Questions about canaries: statements of our own that prove the whole chain, from the storage to the channel.

A subscription with `canary` minutes gets one every so many minutes. It is stored, matched, made an alert and delivered
like any other, by the same rows; whether it arrived in time says whether the chain holds. Its source is no section: it
is never polled, listed or counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from storage.errors import InvalidInputError
from storage.items import store
from storage.people import subscriptions, topics
from storage.sources import sources
from storage.tables import alerts
from storage.tables import items as items_table
from storage.tables import sources as sources_table
from storage.types import AlertState, Article, ArticleDraft, SourceSpec, Subscription, Topic

KEY = "presswatch/canary"
TOPIC = "canary"
WORD = "presswatchcanary"
"""What the topic asks for, and no ministry says."""

LONGEST = 24 * 60
"""Minutes between two canaries at most."""

PERIODS = 2
"""After so many periods without an arrival the chain counts as broken."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a canary's chain holds; `broken` says which part does not, and is empty where all do."""

    subscription: Subscription
    last_sent_at: datetime | None
    broken: str = ""


def check(minutes: int) -> None:
    """Raise `InvalidInputError` for a period that no canary can have."""
    if not 1 <= minutes <= LONGEST:
        raise InvalidInputError(f"{minutes} is no period of canaries", mend=f"use minutes from 1 to {LONGEST}")


def topic(connection: Connection, owner: int, now: datetime) -> Topic:
    """The owner's topic of canaries, made where it is missing."""
    return topics.find(connection, owner, TOPIC) or topics.add(connection, owner, {}, TOPIC, WORD, now)


def plant(connection: Connection, now: datetime) -> int:
    """Store a canary if one is due for any subscription; return how many."""
    periods = [each.canary for each in subscriptions.in_force(connection) if each.canary]
    if not periods:
        return 0
    source_id = _source_id(connection, now)
    last = _last_planted(connection)
    if last is not None and now - timedelta(minutes=min(periods)) < last <= now:
        return 0
    stamp = f"{now:%Y-%m-%d %H:%M:%S}"
    article = Article(
        f"https://presswatch.invalid/canary/{now:%Y%m%d%H%M%S}",
        f"Canary of {stamp} UTC",
        f"{WORD}: presswatch stored this at {stamp} UTC. That you read it proves that alerts reach you.",
        "en",
    )
    return len(store.store(connection, [ArticleDraft(article, source_id, KEY)], now=now))


def proofs(connection: Connection, now: datetime) -> Iterator[Proof]:
    """For each canary subscription whether its chain holds."""
    for subscription in subscriptions.in_force(connection):
        if subscription.canary:
            mine = alerts.c.subscription_id == subscription.id
            sent: datetime | None = connection.scalar(select(func.max(alerts.c.sent_at)).where(mine))
            yield Proof(subscription, sent, _broken(connection, subscription, sent, now))


def _broken(connection: Connection, subscription: Subscription, sent: datetime | None, now: datetime) -> str:
    patience = timedelta(minutes=subscription.canary * PERIODS)
    if now - max(subscription.created_at, sent or subscription.created_at) > patience:
        planted = _last_planted(connection)
        if planted is None or now - planted > patience:
            return "no canary is stored: presswatch does not run"
        mine = (alerts.c.subscription_id == subscription.id) & (alerts.c.created_at > now - patience)
        made = connection.execute(
            select(alerts.c.state, alerts.c.last_error).where(mine).order_by(-alerts.c.id)
        ).first()
        if made is None:
            return "canaries are stored and meet no topic"
        state = "refused for good" if made.state == AlertState.DEAD else "not delivered"
        return f"canaries are {state}: {made.last_error}" if made.last_error else f"canaries are {state}"
    late = select(func.count()).where(
        sources_table.c.enabled, sources_table.c.removed_at.is_(None), sources_table.c.next_poll_at < now - patience
    )
    overdue = connection.scalar(late) or 0
    return f"{overdue} sources are overdue: the crawl stands still" if overdue else ""


def _last_planted(connection: Connection) -> datetime | None:
    mine = select(sources_table.c.id).where(sources_table.c.key == KEY)
    last: datetime | None = connection.scalar(
        select(func.max(items_table.c.first_seen_at)).where(items_table.c.source_id.in_(mine))
    )
    return last


def _source_id(connection: Connection, now: datetime) -> int:
    known: int | None = connection.scalar(select(sources_table.c.id).where(sources_table.c.key == KEY))
    if known is not None:
        return known
    spec = SourceSpec(KEY, "presswatch", "https://presswatch.invalid/canary/", enabled=False)
    source = sources.add(connection, spec, alert_first=True, now=now)
    connection.execute(
        update(sources_table).where(sources_table.c.id == source.id).values(removed_at=now, enabled=False)
    )
    return source.id
