"""Topics, channels, subscriptions and their rhythms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import NewType

SOLE_OWNER = 1
"""The owner of every topic, channel and subscription until there are users."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A standing query with a name, and whose it is."""

    id: int
    owner_id: int
    name: str
    query: str
    created_at: datetime
    paused_until: datetime | None = field(default=None, compare=False)
    """Nobody is told of what is seen before; it is asked all the same."""


SealedAddress = NewType("SealedAddress", str)
"""A channel's address as it is stored: sealed, or `console`. A `storage.people.keyring.Keyring` opens it for use."""


@dataclass(frozen=True, slots=True)
class Channel:
    """An address that Apprise can reach, or `console`, and whose it is."""

    id: int
    owner_id: int
    name: str
    address: SealedAddress = field(repr=False)
    created_at: datetime


class ChannelReason(StrEnum):
    """What the last delivery to a channel came to."""

    UNUSED = "unused"
    OK = "ok"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """Whether a channel takes what it is sent."""

    reason: ChannelReason = ChannelReason.OK
    detail: str = ""
    """What was said when it last did not."""

    def __str__(self) -> str:
        return self.detail or self.reason


class RhythmKind(StrEnum):
    """Whether alerts leave one by one, together, or once a day or week."""

    IMMEDIATELY = "immediately"
    GROUPED = "grouped"
    DAILY = "daily"
    WEEKLY = "weekly"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the alerts of a subscription may leave. `storage.people.rhythms` reads and writes it as words."""

    kind: RhythmKind = RhythmKind.IMMEDIATELY
    minutes: int = 0
    """Grouped: for so long what is found is collected, from the first alert on."""
    at: time = time()
    """Daily and weekly: the local hour of the digest."""
    weekday: int = 0
    """Weekly: the day of the digest, Monday is 0."""
    zone: str = "UTC"
    """The IANA zone of the person who is told."""
    quiet: tuple[time, time] | None = None
    """From when until when, in that zone, nothing leaves: it waits."""
    cap: int = 0
    """So many messages an hour at most; 0 is no limit. The last one says that more is collected."""

    @property
    def digest(self) -> bool:
        return self.kind in (RhythmKind.DAILY, RhythmKind.WEEKLY)

    def __str__(self) -> str:
        """In words: `daily 08:00 Europe/Minsk, quiet 22:00-07:00, at most 10 messages an hour`."""
        words = f"{self.written} {self.zone}" if self.digest else self.written
        if self.quiet:
            words += f", quiet {self.written_quiet}" + ("" if self.digest else f" {self.zone}")
        if self.cap:
            words += f", at most {self.cap} {'message' if self.cap == 1 else 'messages'} an hour"
        return words

    @property
    def written(self) -> str:
        """The rhythm alone, as a person writes it: `daily 08:00`."""
        match self.kind:
            case RhythmKind.IMMEDIATELY:
                return "immediately"
            case RhythmKind.GROUPED:
                return f"grouped {self.minutes}m"
            case RhythmKind.DAILY:
                return f"daily {self.at:%H:%M}"
            case RhythmKind.WEEKLY:
                return f"weekly {WEEKDAYS[self.weekday]} {self.at:%H:%M}"

    @property
    def written_quiet(self) -> str:
        """The quiet hours, as a person writes them: `22:00-07:00`, or nothing."""
        return f"{self.quiet[0]:%H:%M}-{self.quiet[1]:%H:%M}" if self.quiet else ""


class AlertEvent(StrEnum):
    """What can happen to a statement that somebody is told of. A subscription wants some of these."""

    PUBLISHED = "published"
    """It met the topic for the first time: new, or edited so that it does."""
    EDITED = "edited"
    """An edit changed what met the topic."""
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic, a channel and a rhythm, all of one owner."""

    id: int
    owner_id: int
    topic_id: int
    channel_id: int
    topic_name: str
    channel_name: str
    rhythm: Rhythm
    created_at: datetime
    canary: int = 0
    """Minutes between two proofs of the whole chain that are sent through it; 0: none are."""
    paused_until: datetime | None = field(default=None, compare=False)
    """It is not told of what is seen before."""
    events: tuple[AlertEvent, ...] = (AlertEvent.PUBLISHED,)
    """What it is told of any statement. Of one that it was told of it hears of edits and withdrawals in any case."""
