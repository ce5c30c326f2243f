"""A database in which two owners have a topic, a channel, a subscription, alerts and dead letters each.

What the other one's are called is given: an action that must not know of them does the same whatever that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select, update

from storage.database import Database
from storage.items import kept
from storage.operator import dead_letters, notices
from storage.outbox import matches
from storage.outbox.matches import FoundMatch
from storage.people import channels, identities, sessions, subscriptions, tokens, topics, users
from storage.tables import alerts, deliveries, delivery_alerts
from storage.tables import channels as channels_table
from storage.tables import collected as collected_table
from storage.tables import collections as collections_table
from storage.tables import kept as kept_table
from storage.tables import matches as matches_table
from storage.tables import notices as notices_table
from storage.tables import reads as reads_table
from storage.tables import sessions as sessions_table
from storage.tables import subscriptions as subscriptions_table
from storage.tables import tokens as tokens_table
from storage.tables import topics as topics_table
from storage.types import AlertState, Browser, Hit, Role, Scope, Subscription
from tests.storage.examples import NOW, draft, store, watched

MINE, THEIRS = 1, 2


@dataclass(frozen=True, slots=True)
class Belongings:
    """What an owner has, by the names that he gave it."""

    topic: str
    query: str
    channel: str
    address: str
    token: str


OURS = Belongings("Masons", "masons", "study", "json://127.0.0.1:9/study", "notebook")
KNOWN = Belongings("Bridges", "bridge", "desk", "json://127.0.0.1:9/desk", "dashboard")
"""What the other owner has, and what is asked for in the name of the first one."""
UNKNOWN = Belongings("Zeppelins", "drivers", "attic", "json://127.0.0.1:9/attic", "telegraph")
"""What the other owner has instead, in the other database."""


def fill(database: Database, theirs: Belongings) -> None:
    """Two statements, each matched and announced to both; the other owner is told what fails, as the operator."""
    for name in ("Anna", "Béla"):
        database.write(users.add, name, Role.OWNER, None, NOW)
    source = watched(database)
    stored = store(database, draft(source, 1), draft(source, 2))
    told = {owner: _desk(database, owner, has) for owner, has in ((MINE, OURS), (THEIRS, theirs))}
    for one in stored:
        found = [
            FoundMatch(one.version_id, each.topic_id, (Hit(has.query, has.query, "body", 70, 76),))
            for each, has in ((told[MINE], OURS), (told[THEIRS], theirs))
        ]
        database.write(matches.record_matches, [one.version_id], found, NOW, lambda rhythm, timing: NOW)
    database.write(_fail, theirs)
    database.write(lambda connection: notices.set_operator(connection, _channel(connection, database, theirs), NOW))


def _desk(database: Database, owner: int, has: Belongings) -> Subscription:
    topic = database.write(topics.add, owner, database.packs, has.topic, has.query, NOW - timedelta(days=1))
    channel = database.write(channels.add, owner, database.keyring, has.channel, has.address, NOW)
    database.write(tokens.add, owner, has.token, [Scope.READ], NOW, NOW + timedelta(days=9))
    database.write(lambda connection: sessions.begin(connection, owner, NOW, browser=Browser(has.token)))
    if owner == THEIRS:
        database.write(identities.link, owner, "https://login.example.org", has.token, NOW)
    database.write(kept.keep, owner, 1, has.topic, NOW)
    database.write(kept.put, database.write(kept.make, owner, has.topic, NOW), 1)
    return database.write(subscriptions.subscribe, topic, channel, NOW - timedelta(days=1))


def _channel(connection: Connection, database: Database, theirs: Belongings) -> Any:
    return channels.get(connection, THEIRS, database.keyring, theirs.channel)


def _fail(connection: Connection, theirs: Belongings) -> None:
    """The first alert of each owner is dead after an attempt, and the operator is to be told so."""
    for owner, has in ((MINE, OURS), (THEIRS, theirs)):
        first = select(func.min(alerts.c.id)).where(alerts.c.id.in_(alerts_of(owner)))
        alert_id = connection.scalar(first)
        channel_id = connection.scalar(select(alerts.c.channel_id).where(alerts.c.id == alert_id))
        assert alert_id is not None and channel_id is not None
        why = f"{has.channel} answered 410"
        connection.execute(
            update(alerts).where(alerts.c.id == alert_id).values(state=AlertState.DEAD, attempts=1, last_error=why)
        )
        sent = {"token": f"host/1/{owner}", "started_at": NOW, "finished_at": NOW, "delivered": False, "answer": why}
        connection.execute(deliveries.insert().values(id=owner, channel_id=channel_id, **sent))
        connection.execute(delivery_alerts.insert().values(delivery_id=owner, alert_id=alert_id))
        channels.tried(connection, channel_id, why)
        dead_letters.record(connection, channel_id, 1, why, NOW)


def alerts_of(owner: int) -> Any:
    """The ids of an owner's alerts."""
    his = select(subscriptions_table.c.id).where(subscriptions_table.c.owner_id == owner)
    return select(alerts.c.id).where(alerts.c.subscription_id.in_(his))


def rows_of(connection: Connection, owner: int, *, sealed: bool) -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in the database of an owner's topics, channels, subscriptions, matches, alerts, notices, tokens,
    sessions.

    What is sealed or a digest only with `sealed`: it is another one each time.
    """
    his_kept = select(kept_table.c.id).where(kept_table.c.owner_id == owner)
    his_channels = select(channels_table.c.id).where(channels_table.c.owner_id == owner)
    his_topics = select(topics_table.c.id).where(topics_table.c.owner_id == owner)
    whose = {
        topics_table: topics_table.c.owner_id == owner,
        channels_table: channels_table.c.owner_id == owner,
        subscriptions_table: subscriptions_table.c.owner_id == owner,
        matches_table: matches_table.c.topic_id.in_(his_topics),
        alerts: alerts.c.id.in_(alerts_of(owner)),
        deliveries: deliveries.c.channel_id.in_(his_channels),
        notices_table: notices_table.c.channel_id.in_(his_channels),
        tokens_table: tokens_table.c.user_id == owner,
        sessions_table: sessions_table.c.user_id == owner,
        reads_table: reads_table.c.owner_id == owner,
        kept_table: kept_table.c.owner_id == owner,
        collections_table: collections_table.c.owner_id == owner,
        collected_table: collected_table.c.kept_id.in_(his_kept),
    }
    wanted = {table: _shown(table, sealed).where(his).order_by(*table.primary_key) for table, his in whose.items()}
    return {table.name: [tuple(row) for row in connection.execute(rows)] for table, rows in wanted.items()}


def _shown(table: Table, sealed: bool) -> Select[Any]:
    return select(*(column for column in table.c if sealed or column.name not in ("address", "fingerprint", "digest")))
