"""Statements and what is asked of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from presswatch.web.api.shapes.values import (
    Address,
    Claimed,
    Count,
    Country,
    Counts,
    Key,
    Language,
    Query,
    Title,
    TopicName,
)
from storage.items.diff import Change
from storage.items.withdrawals import ItemState
from storage.search.intervals import Interval
from storage.types import Precision


class Version(TypedDict):
    """What a statement said at one time."""

    version: Annotated[int, Field(ge=1, examples=[2])]
    title: Title
    language: Language
    published_at: Claimed
    published_precision: Precision
    published_text: Annotated[str | None, Field(examples=["28 November 2026, 14:30"])]
    published_doubt: Annotated[str | None, Field(examples=["in the future"])]
    seen_at: datetime


class Item(Version):
    """A statement, and what it says now, or said in the version that was asked for."""

    id: Annotated[int, Field(ge=1, examples=[52])]
    story: Annotated[int, Field(ge=1, examples=[52])]
    address: Address
    source: Key
    organisation: str | None
    country: Country
    first_seen_at: datetime
    withdrawn_at: datetime | None
    suspected_at: Annotated[datetime | None, Field(description="Since when it seems gone; not believed yet.")]


class Hit(TypedDict):
    """Where a clause met a text: characters of the title or the body, from 0."""

    clause: Annotated[str, Field(examples=["alias:CSTO"])]
    name: Annotated[str, Field(examples=["ОДКБ"])]
    field: Literal["title", "body"]
    start: Count
    end: Count
    alias: str


class Found(Item):
    """A statement that meets a query, and where."""

    hits: list[Hit]


class FoundPage(TypedDict):
    """`total` is how many there are, or where `exact` is false at least so many; `ranked_among`, how many were compared
    where not all of them were, else 0."""

    data: list[Found]
    next: str | None
    total: Count
    exact: bool
    ranked_among: Count


class State(TypedDict):
    """What was found at a statement's address, and when."""

    state: ItemState
    reason: Annotated[str, Field(examples=["gone"])]
    at: datetime


class WholeItem(Item):
    """A statement with its text."""

    sections: list[str]
    body: str
    cut: Annotated[list[str], Field(description="Paragraphs left out: beside the statement, or on all pages.")]
    versions: list[Version]
    states: list[State]


class Kept(Item):
    """A statement that somebody keeps, and why."""

    note: Annotated[str, Field(examples=["for the weekly review"])]
    kept_at: datetime


class Own(TypedDict):
    """What a statement is to the caller; without `kept_at` it is not kept."""

    item: Annotated[int, Field(ge=1, examples=[52])]
    read: bool
    note: str | None
    kept_at: datetime | None
    collections: list[int]


class Marked(TypedDict):
    """What was marked as read, or as unread."""

    items: Annotated[list[int], Field(examples=[[52, 53]])]
    read: bool


class Collection(TypedDict):
    """Kept statements under a name; one that is shared is read by the desk, with its owner's notes."""

    id: Annotated[int, Field(ge=1, examples=[2])]
    name: Annotated[str, Field(examples=["Border treaty"])]
    owner: Annotated[str | None, Field(examples=["anna"])]
    own: bool
    shared: bool
    statements: Count


class Line(Found):
    """A story by its first statement of the day: the further topics that it met, and the rest of its statements."""

    topics: list[TopicName]
    also: Annotated[list[int], Field(examples=[[53]])]
    read: bool


class Group(TypedDict):
    """The stories of a topic, of a country, or of none: how many there are, and the last ones."""

    name: Annotated[str | None, Field(examples=["CSTO"])]
    query: Query | None
    stories: Count
    statements: Count
    data: list[Line]


class Changed(Item):
    """A statement that was edited, with the words that it gained and lost, or withdrawn; and when."""

    at: datetime
    added: Count | None
    removed: Count | None


class ToldOf(TypedDict):
    """How many alerts were sent to the caller on the day, and what waits."""

    sent: Count
    waiting: Count
    next_at: datetime | None


class Today(TypedDict):
    """A day in the caller's zone. `silent` ones came in with first polls; `hours` counts statements by the hour."""

    day: date
    over: bool
    statements: Count
    ministries: Count
    silent: Count
    hours: list[int]
    edited: Count
    withdrawn: Count
    groups: list[Group]
    changed: list[Changed]
    alerts: ToldOf
    next: str | None


class Run(TypedDict):
    """Words that stand together and were all kept, added or removed."""

    text: str
    change: Change


class Paragraph(TypedDict):
    """What became of a paragraph."""

    change: Change
    runs: list[Run]


class Diff(TypedDict):
    """What the later of two versions says otherwise; `added` and `removed` count words, `moved` paragraphs."""

    before: Annotated[int, Field(ge=1, examples=[1])]
    after: Annotated[int, Field(ge=1, examples=[2])]
    published_before: str | None
    published_after: str | None
    added: Count
    removed: Count
    moved: Count
    title: list[Run]
    paragraphs: list[Paragraph]


class Explanation(TypedDict):
    """What came of a part of a query: a clause, or AND, OR or NOT over `parts`."""

    what: str
    holds: bool
    why: Annotated[str, Field(examples=["it does not occur"])]
    hits: list[Hit]
    parts: list[Explanation]


class Verdict(Explanation):
    """Why a statement meets a query, or why not. `outcome` is what became of it, where the query is a topic's."""

    item: int
    query: Query
    outcome: str


class Facets(TypedDict):
    """How many of the statements that meet a query have what."""

    total: Count
    sources: Counts
    countries: Counts
    languages: Counts
    months: Counts
    topics: Counts
    left_out: Annotated[dict[str, str], Field(description="Topics that cannot be asked any more, and why.")]


class Bar(TypedDict):
    """How many statements are of the step that begins on `first`."""

    first: date
    count: Count


class Histogram(TypedDict):
    """The bars of a query, from the first that has any until today."""

    by: Interval
    bars: list[Bar]


class Commented(TypedDict):
    """How much a source said on a topic, by day; `unread` is why that is not known."""

    source: Key
    topic: TopicName
    total: Count
    days: Counts
    unread: str | None


class Coverage(TypedDict):
    """Who said how much on which topic, on each of these days."""

    days: list[date]
    data: list[Commented]
    left_out: dict[str, str]
