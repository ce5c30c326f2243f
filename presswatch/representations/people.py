"""Who is told of what, in JSON, and the aliases and watchlists that say so shorter. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from presswatch.representations.values import JSON
from storage.types import Alert, Subscription, Topic

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.outbox.delivery_log import LoggedDelivery
    from storage.query.aliases import AliasName, AliasPack


def topic(topic: Topic, channels: tuple[str, ...]) -> JSON:
    """A topic, and who is told of it."""
    return {
        "name": topic.name,
        "query": topic.query,
        "created_at": topic.created_at,
        "paused_until": topic.paused_until,
        "channels": list(channels),
    }


def channel(name: str, masked_address: str, health: str) -> JSON:
    """A channel, without the secrets of its address."""
    return {"name": name, "address": masked_address, "health": health}


def subscription(told: Subscription, waiting: int, next_at: datetime | None) -> JSON:
    """A subscription, how many alerts wait, and when the next ones may leave."""
    return {
        "id": told.id,
        "topic": told.topic_name,
        "channel": told.channel_name,
        "rhythm": told.rhythm.written,
        "zone": told.rhythm.zone,
        "quiet": told.rhythm.written_quiet or None,
        "cap": told.rhythm.cap or None,
        "canary": told.canary or None,
        "on": list(told.events),
        "created_at": told.created_at,
        "paused_until": told.paused_until,
        "waiting": waiting,
        "next_at": next_at,
    }


def alert(alert: Alert, why: list[str], last_answer: str | None) -> JSON:
    """An alert: of what, why, where to, and how far it has come."""
    return {
        "id": alert.id,
        "key": alert.key,
        "event": alert.event,
        "version": alert.version.number,
        "state": alert.state,
        "topic": alert.topic.name,
        "channel": alert.channel.name,
        "item": alert.item.id,
        "title": alert.version.title,
        "published_at": str(alert.version.published) or None,
        "why": why,
        "rhythm": str(alert.rhythm),
        "attempts": alert.attempts,
        "last_error": alert.last_error,
        "last_answer": last_answer,
        "first_seen_at": alert.item.first_seen_at,
        "matched_at": alert.created_at,
        "due_at": alert.due_at,
        "sent_at": alert.sent_at,
    }


def delivery(attempt: LoggedDelivery) -> JSON:
    """An attempt to send, what it carried, and what the other side said."""
    return {
        "id": attempt.id,
        "channel": attempt.channel_name,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "delivered": attempt.delivered,
        "answer": attempt.answer,
        "alerts": list(attempt.alert_ids),
    }


def alias(pack: AliasPack, is_own: bool) -> JSON:
    """An alias, without its names."""
    return {
        "name": pack.name,
        "description": pack.description,
        "synonyms": list(pack.synonyms),
        "languages": list(pack.languages),
        "names": len(pack.names),
        "from": "yours" if is_own else "shipped",
    }


def alias_name(name: AliasName) -> JSON:
    """A name that an alias stands for."""
    return {"name": name.text, "language": name.language, "exact": name.exact, "languages": list(name.only)}


def watchlist_change(verb: str, kind: str, name: str, before: JSON | None, after: JSON | None) -> JSON:
    """What a watchlist adds, changes or removes; rows of the file before and after."""
    return {"verb": verb, "kind": kind, "name": name, "before": before, "after": after}
