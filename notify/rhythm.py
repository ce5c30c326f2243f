"""When an alert may leave, when a failed one is tried again, and which alerts share a message. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from storage.types import Alert, Rhythm

BASE = timedelta(seconds=30)
"""The longest wait before the second attempt; it doubles with each attempt."""
CAP = timedelta(hours=1)
MAX_ATTEMPTS = 50
"""After so many failed attempts, which take about a day, an alert is dead until somebody asks for it."""
RETRY_AFTER_CAP = timedelta(hours=6)
"""A receiving side that asks for more than this is not believed."""
MESSAGE_LIMIT = 20
"""More statements than this in one message are not read."""


def leaves_at(rhythm: Rhythm, matched_at: datetime) -> datetime:
    """The instant from which an alert of this rhythm may be sent."""
    match rhythm:
        case Rhythm.IMMEDIATELY:
            return matched_at


def retry_at(attempts: int, now: datetime, retry_after: float | None, random: Callable[[], float]) -> datetime | None:
    """When to try again after `attempts` failed attempts (at least 1), or None if the alert is dead.

    `random` gives numbers in [0, 1), `retry_after` is the wait in seconds that the receiving side asked for: never
    shortened, except to six hours. Source: exponential backoff with full jitter, aws.amazon.com/blogs/architecture,
    "Exponential Backoff And Jitter".
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    ceiling = min(CAP, BASE * 2.0 ** min(attempts - 1, 10))
    return now + max(ceiling * random(), _asked(retry_after))


def group(alerts: Iterable[Alert], limit: int = MESSAGE_LIMIT) -> tuple[tuple[Alert, ...], ...]:
    """The alerts that go out as one message each: of one channel, oldest statement first, at most `limit`."""
    channels: dict[int, list[Alert]] = {}
    for alert in sorted(alerts, key=_age):
        channels.setdefault(alert.channel.id, []).append(alert)
    return tuple(
        tuple(waiting[start : start + limit])
        for waiting in channels.values()
        for start in range(0, len(waiting), limit)
    )


def _asked(retry_after: float | None) -> timedelta:
    if retry_after is None or math.isnan(retry_after):
        return timedelta()
    return timedelta(seconds=min(max(retry_after, 0.0), RETRY_AFTER_CAP.total_seconds()))


def _age(alert: Alert) -> tuple[datetime, datetime, int, int]:
    """The ministry's date orders statements, ours where it gave none; a statement's own alerts stay together."""
    seen = alert.item.first_seen_at
    return alert.version.published.sort_key or seen, seen, alert.version.id, alert.id
