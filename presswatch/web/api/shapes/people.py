"""Who is told of what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from presswatch.watchlist.file_format import Form
from presswatch.web.api.shapes.statements import Found
from presswatch.web.api.shapes.values import ChannelName, Claimed, Count, Counts, Query, Title, TopicName
from storage.types import AlertEvent, AlertState


class Topic(TypedDict):
    """A standing query with a name, and the channels that are told of it."""

    name: TopicName
    query: Query
    created_at: datetime
    paused_until: Annotated[datetime | None, Field(description="Nobody is told of what is seen before.")]
    channels: list[ChannelName]


class SavedTopic(Topic):
    """A topic that was saved, and what may have been meant otherwise."""

    remarks: Annotated[list[str], Field(examples=[["and is a word here; AND joins"]])]


class Exchange(TypedDict):
    """Numbers of statements that a changed query gains and loses, the newest first."""

    gained: list[int]
    lost: list[int]


class Week(TypedDict):
    """How many alerts a week would have brought, by its Monday."""

    first: date
    alerts: Count


class Preview(TypedDict):
    """What a query would have found in the last months, and how often it would have alerted."""

    since: date
    found: Count
    alerts: Count
    per_week: Annotated[float, Field(examples=[4.2])]
    samples: list[Found]
    looked_at: Count
    by_clause: Counts
    by_name: dict[str, dict[str, int]]
    warning: str
    change: Exchange | None
    by_source: Counts
    saved_per_week: Annotated[float | None, Field(examples=[3.4])]
    weeks: list[Week]


class Subscription(TypedDict):
    """A topic, a channel and a rhythm; how many alerts wait, and when the next ones may leave."""

    id: Annotated[int, Field(ge=1, examples=[4])]
    topic: TopicName
    channel: ChannelName
    rhythm: Annotated[str, Field(examples=["daily 08:00"])]
    zone: Annotated[str, Field(examples=["Europe/Minsk"])]
    quiet: Annotated[str | None, Field(examples=["22:00-07:00"])]
    cap: Annotated[int | None, Field(examples=[10])]
    canary: int | None
    on: Annotated[list[AlertEvent], Field(examples=[["published"]])]
    created_at: datetime
    paused_until: Annotated[datetime | None, Field(description="It is not told of what is seen before.")]
    waiting: Count
    next_at: datetime | None


class Channel(TypedDict):
    """A channel; what is secret in its address is masked."""

    name: ChannelName
    address: Annotated[str, Field(examples=["mailtos://desk:****@mail.example"])]
    health: Annotated[str, Field(examples=["ok"])]


class MadeChannel(Channel):
    """A channel that was saved; the secret by which it is signed is shown this once."""

    secret: Annotated[str | None, Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])]


class Tested(TypedDict):
    """What the other side answered."""

    channel: ChannelName
    answer: Annotated[str, Field(examples=["250 2.0.0 Ok: queued"])]


class Operator(TypedDict):
    """Through which of the caller's channels the operator is told of what fails; null: through none of his."""

    channel: ChannelName | None


class Alert(TypedDict):
    """An alert: of what, why, where to, and how far it has come."""

    id: Annotated[int, Field(ge=1, examples=[7])]
    key: Annotated[str, Field(description="The same in every repetition.")]
    event: AlertEvent
    version: Annotated[int, Field(ge=1, examples=[1])]
    state: AlertState
    topic: TopicName
    channel: ChannelName
    item: int
    title: Title
    published_at: Claimed
    why: list[str]
    rhythm: str
    attempts: Count
    last_error: str
    last_answer: str | None
    first_seen_at: datetime
    matched_at: datetime
    due_at: datetime
    sent_at: datetime | None


class Revived(TypedDict):
    """How many alerts are sent again."""

    alerts: Count


class Delivery(TypedDict):
    """One attempt to send, and what the other side answered; not finished: it is under way, or its process died."""

    id: Annotated[int, Field(ge=1, examples=[31])]
    channel: ChannelName
    started_at: datetime
    finished_at: datetime | None
    delivered: bool
    answer: Annotated[str, Field(examples=["250 2.0.0 Ok: queued"])]
    alerts: list[int]


_From = TypedDict("_From", {"from": Literal["yours", "shipped"]})


Row = dict[str, str | int | float | list[str] | dict[str, str | bool] | None]


class WatchlistFile(TypedDict):
    """Topics, subscriptions and sources as a file's text."""

    form: Form
    content: Annotated[str, Field(examples=['[[topic]]\nname = "Roads"\nquery = "road"\n'])]


class WatchlistChange(TypedDict):
    """One thing that a file adds, changes or removes: its row in the file before and after."""

    verb: Literal["added", "changed", "removed"]
    kind: Literal["topic", "subscription", "source"]
    name: Annotated[str, Field(examples=["Roads"])]
    before: Annotated[Row | None, Field(examples=[None])]
    after: Annotated[Row | None, Field(examples=[{"name": "Roads", "query": "road"}])]


class Alias(_From):
    """A word group that means one thing in many languages, without its names."""

    name: Annotated[str, Field(examples=["CSTO"])]
    description: str
    synonyms: list[str]
    languages: list[str]
    names: Count


class AliasName(TypedDict):
    """A name that an alias stands for; `languages` are those that it counts in, none is all."""

    name: Annotated[str, Field(examples=["ОДКБ"])]
    language: str
    exact: bool
    languages: list[str]


class WholeAlias(Alias):
    """An alias with all of its names."""

    every_name: list[AliasName]
