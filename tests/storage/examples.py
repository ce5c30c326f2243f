"""Sources, statements, topics and channels to fill a database with. The words are our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.database import Database
from storage.items.store import store as store_drafts
from storage.opening import open_database
from storage.outbox import matches
from storage.outbox.matches import FoundMatch
from storage.people import channels, subscriptions, topics
from storage.sources import polls, sources
from storage.sources.polls import Poll, PollResult
from storage.types import (
    SOLE_OWNER,
    Article,
    ArticleDraft,
    Channel,
    Entry,
    Hit,
    Published,
    Reason,
    Rhythm,
    Source,
    SourceSpec,
    Stored,
    Subscription,
)

NOW = datetime(2024, 11, 28, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BODY = (
    "The ministers of Riverland and Hillmark met on Thursday and spoke about the bridge that both countries build. "
    "They praised the masons, thanked the drivers, and agreed that the tolls will be the same on either bank of the "
    "river for as long as the treaty lasts."
)


def spec(key: str = "mfa-xy/news", **values: Any) -> SourceSpec:
    """A section; each key has an address of its own."""
    return SourceSpec(**{"key": key, "name": f"News of {key}", "address": f"https://mfa.example/{key}/", **values})


def another(database: Database) -> Database:
    """The same database, opened by somebody else."""
    return open_database(database.path.parent, address=database.place.address)


def watched(database: Database, key: str = "mfa-xy/news", *, alert_first: bool = False) -> Source:
    """A source that a person added."""
    return database.write(sources.add, spec(key), alert_first=alert_first, now=NOW)


def entry(number: int = 1, title: str = "", *, address: str = "") -> Entry:
    return Entry(address or f"https://mfa.example/news/{number}", title or f"Statement {number}")


def draft(
    source: Source,
    number: int = 1,
    *,
    title: str = "",
    body: str = BODY,
    address: str = "",
    fetched: str = "",
    language: str = "en",
    published: Published | None = None,
    silent: bool = False,
    poll: Poll | None = None,
    sighting_id: int | None = None,
    item_id: int | None = None,
) -> ArticleDraft:
    """A statement on its way into the archive; each number has an address and a title of its own."""
    address = address or f"https://mfa.example/news/{number}"
    return ArticleDraft(
        Article(address, title or f"Statement {number}", body, language, published or Published()),
        source_id=source.id,
        source_key=source.key,
        poll_id=poll.id if poll else None,
        sighting_id=sighting_id,
        item_id=item_id,
        fetched_address=fetched,
        silent=silent,
    )


def store(database: Database, *drafts: ArticleDraft, now: datetime = NOW) -> list[Stored]:
    return database.write(store_drafts, drafts, now=now)


def polling(database: Database, source: Source, owner: str = "host/1/a", now: datetime = NOW) -> Poll:
    """A poll of the source that is now under way."""
    [poll] = database.write(polls.claim_due, owner, now, limit=1, keys=[source.key])
    return poll


def poll_result(poll: Poll, reason: Reason = Reason.OK, *, at: datetime = NOW, **values: Any) -> PollResult:
    return PollResult(poll, at, reason, at + 5 * MINUTE, **values)


def subscribed(
    database: Database,
    topic: str = "Bridges",
    query: str = "bridge",
    channel: str = "console",
    name: str = "",
    rhythm: Rhythm = subscriptions.IMMEDIATELY,
) -> Subscription:
    """A topic, a channel and the subscription between them; what there is already is taken."""
    found = database.read(topics.find, SOLE_OWNER, topic) or database.write(
        topics.add, SOLE_OWNER, database.packs, topic, query, NOW
    )
    to = channel_named(database, name or channel, channel)
    return database.write(subscriptions.subscribe, found, to, NOW, rhythm)


def channel_named(database: Database, name: str, address: str) -> Channel:
    found = database.read(channels.find, SOLE_OWNER, database.keyring, name)
    return found or database.write(channels.add, SOLE_OWNER, database.keyring, name, address, NOW)


def matched(database: Database, subscription: Subscription, *stored: Stored, now: datetime = NOW) -> int:
    """Say that the versions met the subscription's topic; return how many alerts that made."""
    version_ids = [one.version_id for one in stored]
    hit = Hit(clause="bridge", name="bridge", field="body", start=70, end=76)
    found = [FoundMatch(version_id, subscription.topic_id, (hit,)) for version_id in version_ids]
    return database.write(matches.record_matches, version_ids, found, now, lambda rhythm, circumstances: now)
