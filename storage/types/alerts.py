"""From a match to an alert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.items import Item, Version
from storage.types.people import AlertEvent, Channel, Rhythm, Topic


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a clause of a query met a text. `start` and `end` count characters of the original field."""

    clause: str
    """The clause as it stands in the query, such as `alias:CSTO`."""
    name: str
    """The word or name that was met, such as `ОДКБ`."""
    field: str
    """`title` or `body`."""
    start: int
    end: int
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A version met a topic, and why."""

    id: int
    version_id: int
    topic_id: int
    hits: tuple[Hit, ...]
    matched_at: datetime


class AlertState(StrEnum):
    """`failed` will be tried again, `dead` will not unless somebody asks."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"


class Became(StrEnum):
    """What an edit made of a topic's statement."""

    MET = "met"
    """It did not meet the topic before."""
    UNMET = "unmet"
    """It does not any more."""
    KEPT = "kept"
    """It met the topic and does still; a sentence that met it changed."""


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """A sentence with what met a topic, before and after an edit; where it was added or removed, one is empty."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What an edit did to a topic's statement."""

    became: Became
    sentences: tuple[ChangedSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """Where else a statement stands, in its story or in another body's section: it makes no alert of its own."""

    id: int
    """0 for what is told with the statement itself, and not noted."""
    alert_id: int
    title: str
    language: str
    """Of an edition in another language; empty where it is the same."""
    organisation: str
    address: str
    of: str
    """The title that was announced."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One row per subscription, story and event: the outbox, with what a message needs to be written."""

    id: int
    subscription_id: int
    story_id: int
    state: AlertState
    attempts: int
    created_at: datetime
    due_at: datetime
    topic: Topic
    channel: Channel
    item: Item
    version: Version
    """The version that it tells of: the one that matched, or that is an edit."""
    hits: tuple[Hit, ...]
    """Where that version met the topic; none where it does not any more."""
    sent_at: datetime | None = None
    last_error: str = ""
    rhythm: Rhythm = field(default_factory=Rhythm)
    """Of its subscription, as it is now."""
    event: AlertEvent = AlertEvent.PUBLISHED
    occasion: int = 0
    """Which of the story's events of this kind; 0 where there is only one."""
    change: TopicChange | None = None
    """What the edit did that it tells of."""

    @property
    def key(self) -> str:
        """The stable key by which a duplicate can be recognised."""
        which = f"-{self.event}-{self.occasion}" if self.occasion else ""
        return f"{self.subscription_id}-{self.story_id}{which}"
