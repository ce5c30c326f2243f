"""What a watchlist says: topics, subscriptions and sources as values that know their name and their row in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crawler.catalog import table_of
from storage.codec import as_json
from storage.people.subscriptions import PUBLISHED
from storage.types import AlertEvent, Rhythm, SourceSpec

Row = Mapping[str, Any]
"""What a table of the file says, in the order in which it is written. What is as usual is left out."""


class Kind(StrEnum):
    """The tables of the file, in its order."""

    TOPIC = "topic"
    SUBSCRIPTION = "subscription"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A standing query."""

    name: str
    query: str
    place: str = field(default="", compare=False)
    """Where the file says so, for a person."""

    @property
    def identity(self) -> str:
        return self.name.casefold()

    @property
    def row(self) -> Row:
        return _said(self)


@dataclass(frozen=True, slots=True)
class WantedSubscription:
    """A channel that is told of a topic, both by their names."""

    topic: str
    channel: str
    rhythm: Rhythm = field(default_factory=Rhythm)
    canary: int = 0
    on: tuple[AlertEvent, ...] = PUBLISHED
    place: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return f"{self.topic} to {self.channel}"

    @property
    def identity(self) -> tuple[str, str]:
        return self.topic.casefold(), self.channel

    @property
    def row(self) -> Row:
        told = {
            "rhythm": self.rhythm.written,
            "zone": self.rhythm.zone if self.rhythm.zone != "UTC" else "",
            "quiet": self.rhythm.written_quiet,
            "cap": self.rhythm.cap,
            "canary": self.canary,
            "on": "" if self.on == PUBLISHED else " ".join(self.on),
        }
        return {"topic": self.topic, "channel": self.channel} | {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class WantedSource:
    """A source of the desk's own; `spec.enabled` says whether it is polled."""

    spec: SourceSpec
    alert_first: bool = False
    place: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return self.spec.key

    @property
    def identity(self) -> str:
        return self.spec.key

    @property
    def row(self) -> Row:
        return table_of(self.spec) | ({"alert_first": True} if self.alert_first else {})


@dataclass(frozen=True, slots=True)
class WantedSwitch:
    """Whether a source of the catalogue is polled; the rest of it is the catalogue's."""

    key: str
    enabled: bool
    place: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return self.key

    @property
    def identity(self) -> str:
        return self.key

    @property
    def row(self) -> Row:
        return _said(self)


Wanted = WantedTopic | WantedSubscription | WantedSource | WantedSwitch


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What is watched. None: nothing is said of it, and nothing of it is removed."""

    topics: tuple[WantedTopic, ...] | None = None
    subscriptions: tuple[WantedSubscription, ...] | None = None
    sources: tuple[WantedSource | WantedSwitch, ...] | None = None

    def of(self, kind: Kind) -> tuple[Wanted, ...] | None:
        match kind:
            case Kind.TOPIC:
                return self.topics
            case Kind.SUBSCRIPTION:
                return self.subscriptions
            case Kind.SOURCE:
                return self.sources


def _said(wanted: Wanted) -> Row:
    return {name: value for name, value in as_json(wanted, without_defaults=True).items() if name != "place"}
