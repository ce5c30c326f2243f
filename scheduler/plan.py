"""When a source, an article or a known item is fetched next. Pure: values in, a time out.

A source that is well is polled as its own history says (`scheduler.poll_frequency`), from its floor (`interval`) to its
ceiling (`slowest`). What is odd for the first time is looked at again after the floor, so that it is known soon. A
source that fails is asked more and more slowly, but it is never given up on: the longest wait is `SLOWEST`. What the
server asks for with Retry-After counts where it is longer (RFC 9110, 10.2.3), up to `LONGEST_RETRY_AFTER`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler import poll_frequency
from storage.types import Reason, Source

SLOWEST = timedelta(hours=1)
LONGEST_RETRY_AFTER = timedelta(hours=6)
JITTER = 0.1
"""Share of an interval by which polls are spread, so that sources do not fall into step."""

SLOWEST_ATTEMPT = timedelta(days=1)

REVISIT_FIRST = 3
REVISIT_GROWTH = 4
REVISITS = 7
"""An item is read again after 3 intervals of its source, then after gaps that grow fourfold, 7 times in all: with an
interval of 5 minutes after 15 minutes, 1 hour, 4 hours, 16 hours, 3 days, 11 days and 43 days. Most corrections come
within hours; withdrawals come late."""


def next_poll(source: Source, reason: Reason, now: datetime, retry_after: float | None = None) -> datetime:
    """When to poll the source again after a poll that ended with `reason`; `retry_after` is in seconds."""
    interval = timedelta(seconds=source.spec.interval)
    if not reason.readable:
        interval = min(interval * (1 << min(source.failures, 10)), max(SLOWEST, interval))
    elif reason.healthy or reason is source.reason:
        interval = timedelta(seconds=poll_frequency.wait(source.spec, source.habits, now))
    if retry_after is not None:
        interval = max(interval, min(timedelta(seconds=retry_after), LONGEST_RETRY_AFTER))
        return now + interval
    return now + interval * random.uniform(1 - JITTER, 1 + JITTER)


def next_attempt(interval: int, attempts: int, now: datetime) -> datetime:
    """When to fetch an article again that could not be read `attempts` times before; `interval` is its source's."""
    return now + min(timedelta(seconds=interval) * (1 << min(attempts, 12)), SLOWEST_ATTEMPT)


def next_revisit(interval: int, revisits: int, now: datetime) -> datetime | None:
    """When to read an item again that was re-read `revisits` times, or None when that was the last time."""
    if revisits >= REVISITS:
        return None
    return now + timedelta(seconds=interval * REVISIT_FIRST * REVISIT_GROWTH**revisits)


@dataclass(frozen=True, slots=True)
class BoundedPlan:
    """The plan within the operator's own bounds, in seconds: they count where a source would be polled beyond them."""

    fastest: int = 0
    slowest: int | None = None
    gone_for: timedelta = timedelta(days=1)
    """For how long a statement must have been gone until it is withdrawn."""

    def next_poll(self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None) -> datetime:
        """As `next_poll`, with the source's floor and ceiling inside of the operator's."""
        if self.fastest or self.slowest is not None:
            floor = max(source.spec.interval, self.fastest)
            ceiling = source.spec.slowest if self.slowest is None else min(source.spec.slowest, self.slowest)
            source = replace(source, spec=replace(source.spec, interval=floor, slowest=max(ceiling, floor)))
        return next_poll(source, reason, now, retry_after)

    def next_attempt(self, interval: int, attempts: int, now: datetime) -> datetime:
        return next_attempt(interval, attempts, now)

    def next_revisit(self, interval: int, revisits: int, now: datetime) -> datetime | None:
        return next_revisit(interval, revisits, now)
