"""When an alert may leave, when a failed one is tried again, and which ones share a message. Pure.

A local hour that does not exist on a day (clocks go forward) is taken as if they had not, one that exists twice (they
go back) as the first of the two; but a digest always comes on the local day it belongs to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.people.rhythms import within
from storage.types import Alert, Rhythm, RhythmKind

BASE = timedelta(seconds=30)
"""The longest wait before the second attempt; it doubles with each attempt."""
CAP = timedelta(hours=1)
"""The longest wait between two attempts."""
MAX_ATTEMPTS = 100
"""After so many failed attempts, which take about two days, an alert is dead until somebody asks for it: an outage of a
day makes none dead, however the waits fall (50 took less than a day in nine of ten cases)."""
RETRY_AFTER_CAP = timedelta(hours=6)
"""A receiving side that asks for more than this is not believed."""
MESSAGE_LIMIT = 20
"""More statements than this are not read in full: they come as a digest."""
DIGEST_LIMIT = 1000
"""Statements that one digest lists at most; the rest comes as the next one."""
LOOKED_AT = 2 * DIGEST_LIMIT
"""Due alerts of a channel that are looked at for a message, however many wait: digests may stand among others."""
HOUR = timedelta(hours=1)
FLOOD_WINDOW = timedelta(minutes=10)
"""For so long the statements of a flood are collected: the first polls after an outage, a section built anew."""


# -- when it leaves --------------------------------------------------------------------------------------------------


def leaves_at(rhythm: Rhythm, matched_at: datetime, opened: datetime | None = None, *, flood: bool = False) -> datetime:
    """The instant from which an alert of this rhythm may be sent.

    `opened` is when the alerts leave that are being collected already, for the same subscription if it groups them,
    for the same channel in a `flood`.
    """
    if rhythm.digest:
        due = _next_digest(rhythm, matched_at)
    else:
        window = timedelta(minutes=rhythm.minutes)
        if flood:
            window = max(window, FLOOD_WINDOW)
        together = opened is not None and matched_at < opened <= matched_at + window
        due = opened if together and opened else matched_at + window
    return quiet_until(rhythm, due) or due


def latest(rhythm: Rhythm, now: datetime) -> datetime:
    """No alert of this rhythm that is made or held by now waits longer, so long as the clock is right."""
    longest = max(timedelta(minutes=rhythm.minutes), FLOOD_WINDOW, HOUR)
    held = now + longest
    held = quiet_until(rhythm, held) or held
    return max(held, leaves_at(rhythm, now)) if rhythm.digest else held


def quiet_until(rhythm: Rhythm, at: datetime) -> datetime | None:
    """When the quiet hours are over in which an instant lies, or None if it lies in none."""
    if rhythm.quiet is None or not _is_quiet(rhythm, at):
        return None
    day = at.astimezone(ZoneInfo(rhythm.zone)).date()
    # The day after tomorrow too: where little of a day is not quiet, the clocks can jump over all of it.
    days = [day + timedelta(days=later) for later in range(3)]
    ends = (_instant(on, rhythm.quiet[1], rhythm.zone, fold) for on in days for fold in (0, 1))
    end = min(end for end in ends if end > at and not _is_quiet(rhythm, end))
    change = _clock_change(at, end, rhythm.zone)
    return change if change and not _is_quiet(rhythm, change) else end


def _clock_change(start: datetime, end: datetime, zone: str) -> datetime | None:
    """The first whole second after `start` with the offset of `end`, or None if both have the same."""

    def offset(seconds: int) -> timedelta | None:
        return (first + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone)).utcoffset()

    first = start.replace(microsecond=0)
    low, high = 0, int((end - first).total_seconds())
    if offset(low) == offset(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == offset(0) else (low, middle)
    return first + timedelta(seconds=high)


def _is_quiet(rhythm: Rhythm, at: datetime) -> bool:
    assert rhythm.quiet is not None
    return within(at.astimezone(ZoneInfo(rhythm.zone)).time(), rhythm.quiet)


def _next_digest(rhythm: Rhythm, after: datetime) -> datetime:
    day = after.astimezone(ZoneInfo(rhythm.zone)).date() - timedelta(days=1)
    while True:
        if rhythm.kind is RhythmKind.DAILY or day.weekday() == rhythm.weekday:
            at = _on_its_day(day, rhythm.at, rhythm.zone)
            if at > after:
                return at
        day += timedelta(days=1)


def _on_its_day(day: date, clock: time, zone: str) -> datetime:
    """The instant of a local time; one that does not exist is moved, but not into another day."""
    at = _instant(day, clock, zone, fold=0)
    return at if at.astimezone(ZoneInfo(zone)).date() == day else _instant(day, clock, zone, fold=1)


def _instant(day: date, clock: time, zone: str, fold: int) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=ZoneInfo(zone)).astimezone(UTC)


# -- which ones share a message --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that is due: what decides whether it leaves now, and with whom."""

    alert_id: int
    subscription_id: int
    rhythm: Rhythm
    batch: int | None = None
    """The delivery that may have sent it already."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What leaves as the next message of a channel."""

    alert_ids: tuple[int, ...] = ()
    digest: bool = False
    holds: Mapping[int, datetime] = field(default_factory=dict)
    """Subscriptions whose alerts wait on, and until when."""
    notes: tuple[str, ...] = ()


def choose(due: Sequence[Due], sent: Mapping[int, Sequence[datetime]], now: datetime, *, alone: bool = False) -> Choice:
    """Which of a channel's due alerts leave now as one message, and which ones wait for how long.

    `sent` are the times of the last hour's messages, by subscription. What may have been sent already is repeated
    with the same neighbours, so that it can be recognised. Digests go by themselves. With `alone` one alert goes: so
    that of those that were refused together only the bad one is lost.
    """
    holds = {one.subscription_id: until for one in due if (until := _held(one, sent.get(one.subscription_id, ()), now))}
    held_batches = {one.batch: holds[one.subscription_id] for one in due if one.subscription_id in holds and one.batch}
    holds |= {one.subscription_id: held_batches[one.batch] for one in due if one.batch in held_batches}
    free = [one for one in due if one.subscription_id not in holds]
    if not free:
        return Choice(holds=holds)
    first = min(free, key=lambda one: (one.batch is None, one.batch or 0))
    if first.batch is not None:
        chosen = [one for one in free if one.batch == first.batch]
    else:
        chosen = [one for one in free if one.rhythm.digest == first.rhythm.digest][: 1 if alone else DIGEST_LIMIT]
    digest = len(chosen) > MESSAGE_LIMIT or any(one.rhythm.digest for one in chosen)
    return Choice(tuple(one.alert_id for one in chosen), digest, holds, _notes(chosen, sent, now))


def _held(one: Due, sent: Sequence[datetime], now: datetime) -> datetime | None:
    if until := quiet_until(one.rhythm, now):
        return until
    cap, recent = one.rhythm.cap, _within_the_hour(sent, now)
    if not cap or one.batch is not None or len(recent) < cap:
        return None
    return recent[-cap] + HOUR


def _within_the_hour(sent: Sequence[datetime], now: datetime) -> list[datetime]:
    """What stands in the future was sent before the clock went back: it says nothing of the last hour."""
    return sorted(at for at in sent if now - HOUR < at <= now)


def _notes(chosen: Sequence[Due], sent: Mapping[int, Sequence[datetime]], now: datetime) -> tuple[str, ...]:
    """What a message says when it is the last one that a cap allows: the rest is collected, not dropped."""
    notes = {}
    for one in chosen:
        before = _within_the_hour(sent.get(one.subscription_id, ()), now)
        if one.rhythm.cap and len(before) + 1 >= one.rhythm.cap:
            until = (before[-(one.rhythm.cap - 1)] if one.rhythm.cap > 1 else now) + HOUR
            local = until.astimezone(ZoneInfo(one.rhythm.zone))
            notes[one.subscription_id] = (
                f"That makes {one.rhythm.cap} {'message' if one.rhythm.cap == 1 else 'messages'} within the hour, as "
                f"many as you want: what comes next is collected until {local:%H:%M} ({one.rhythm.zone})."
            )
    return tuple(dict.fromkeys(notes.values()))


def in_order(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The alerts of a message, the oldest statement first."""
    return tuple(sorted(alerts, key=_age))


def _age(alert: Alert) -> tuple[datetime, datetime, int, int]:
    """The ministry's date orders statements, ours where it gave none; a statement's own alerts stay together."""
    seen = alert.item.first_seen_at
    return alert.version.published.sort_key or seen, seen, alert.version.id, alert.id


# -- when it is tried again ------------------------------------------------------------------------------------------


def retry_at(attempts: int, now: datetime, retry_after: float | None, random: Callable[[], float]) -> datetime:
    """When to try again after `attempts` failed attempts (at least 1).

    `random` gives numbers in [0, 1), `retry_after` is the wait in seconds that the receiving side asked for: never
    shortened, except to six hours. Source: exponential backoff with full jitter, aws.amazon.com/blogs/architecture,
    "Exponential Backoff And Jitter".
    """
    ceiling = min(CAP, BASE * 2.0 ** min(attempts - 1, 10))
    return now + max(ceiling * random(), _asked(retry_after))


def _asked(retry_after: float | None) -> timedelta:
    if retry_after is None or math.isnan(retry_after):
        return timedelta()
    return timedelta(seconds=min(max(retry_after, 0.0), RETRY_AFTER_CAP.total_seconds()))
