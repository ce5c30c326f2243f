"""Sources, and what is told of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from presswatch.web.api.shapes.values import Address, Count, Country, Counts, Health, Key
from storage.types import Reason
from storage.types.sources import Evidence


class Poll(TypedDict):
    """What came of a poll."""

    started_at: datetime
    seconds: float
    reason: Reason
    detail: str
    entries: Count
    new: Count


class Source(TypedDict):
    """A section that is or can be watched, its health with the mend, and its last polls, the newest first."""

    key: Key
    name: str
    organisation: str | None
    country: Country
    languages: list[str]
    zone: str
    packs: list[str]
    verified: bool
    fact_year: int
    evidence: Evidence
    note: str
    address: Address
    origin: Literal["catalogue", "user"]
    enabled: bool
    health: Health
    detail: str
    exceptions: str
    since: datetime | None
    mend: str
    items: Count
    failures: Count
    polls: list[Poll]
    last_poll_at: datetime | None
    next_poll_at: datetime | None


class Pack(TypedDict):
    """Sources of the catalogue that are enabled together."""

    name: Annotated[str, Field(examples=["csto"])]
    sources: list[Key]
    enabled: Count


class Switched(TypedDict):
    """How many sources of a pack were switched, were so before, and were never seen live by anybody."""

    changed: Count
    unchanged: Count
    unverified: Count


class Trouble(TypedDict):
    """A source that is unwell."""

    source: Key
    reason: Reason
    detail: str
    since: datetime | None
    mend: str


class HealthOfAll(TypedDict):
    """How things stand: sources by reason, those in trouble with the mend, the caller's alerts by state."""

    sources: Counts
    trouble: list[Trouble]
    alerts: Counts


class Notice(TypedDict):
    """What there was to tell the operator, and whether he was told."""

    id: Annotated[int, Field(ge=1, examples=[3])]
    key: str
    source: str | None
    channel: str | None
    state: Literal["began", "ended"]
    reason: Annotated[str, Field(examples=["unreachable"])]
    detail: str
    mend: str
    created_at: datetime
    due_at: datetime
    attempts: Count
    last_error: str
    sent_at: datetime | None


class Backfill(TypedDict):
    """How far a source's past is read."""

    source: Key
    state: Literal["ended", "under way", "paused"]
    reason: str | None
    detail: str
    since: date
    reached: date | None
    pages: Count
    entries: Count
    unread: Count
    next_page: str | None
    started_at: datetime
    ended_at: datetime | None


class Proposal(TypedDict, total=False):
    """A section as it would be watched, and what it shows."""

    key: Key
    name: str
    address: Address
    organisation: str | None
    country: Country
    languages: list[str]
    zone: str
    reader: str
    why: str
    reason: Reason
    detail: str
    problem: str | None
