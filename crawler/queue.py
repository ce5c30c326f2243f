"""What the crawl can be asked: poll, revisit, fetch, backfill; and when things are fetched next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from crawler.reading import search_form
from storage.items import withdrawals
from storage.items.revisits import Revisit
from storage.sources.backfills import Backfill
from storage.sources.polls import Poll
from storage.types import (
    Page,
    Reason,
    Source,
)

FULL_FETCH = timedelta(hours=6)
"""How long a listing is asked for with validators alone: a broken cache says for ever that nothing has changed."""


class Plan(Protocol):
    """When things are fetched next: `scheduler.plan`, or `Steady` where there is no scheduler."""

    @property
    def gone_for(self) -> timedelta:
        """For how long a statement must have been gone until it is withdrawn."""
        ...

    def next_poll(
        self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None
    ) -> datetime: ...
    def next_attempt(self, interval: int, attempts: int, now: datetime) -> datetime: ...
    def next_revisit(self, interval: int, revisits: int, now: datetime) -> datetime | None: ...


class Steady:
    """Everything again after one interval of its source. For `scrapy crawl`, where a person decides when."""

    gone_for = withdrawals.DAY

    def next_poll(self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None) -> datetime:
        return now + timedelta(seconds=max(source.spec.interval, retry_after or 0))

    def next_attempt(self, interval: int, attempts: int, now: datetime) -> datetime:
        return now + timedelta(seconds=interval)

    def next_revisit(self, interval: int, revisits: int, now: datetime) -> datetime | None:
        return now + timedelta(seconds=interval)


@dataclass(frozen=True, slots=True)
class Fetch:
    """A page that somebody waits for, such as a person who adds a source."""

    address: str
    browser: bool = False
    """Whether it is read after its scripts have run."""
    page: asyncio.Future[Page] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


def wants_whole(source: Source, at: datetime) -> bool:
    """Whether a listing is to be fetched whole, whatever its validators say."""
    return source.full_fetch_at is None or source.full_fetch_at + FULL_FETCH <= at


@dataclass(frozen=True, slots=True)
class BackfillProgress:
    """How far a backfill is."""

    pages: int
    found: int
    """How many entries the source did not know."""
    stored: int
    reached: date | None


@dataclass(frozen=True, slots=True)
class BackfillOutcome:
    """How a backfill ended, or why it pauses (`finished` false)."""

    finished: bool
    reason: str
    detail: str


@dataclass(eq=False, slots=True)
class BackfillJob:
    """A claimed backfill on its way through the crawl. `stop` asks it to pause; `tell` and `notice` say how it goes."""

    backfill: Backfill
    source: Source
    max_pages: int
    stop: asyncio.Event
    tell: Callable[[BackfillProgress], None]
    notice: Callable[[str], None]
    outcome: asyncio.Future[BackfillOutcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def first_request(self) -> str:
        """The address that is fetched first."""
        spec = self.source.spec
        return search_form.address_of(spec) if spec.search.fields else self.backfill.next_page or spec.address


Job = Poll | Revisit | Fetch | BackfillJob
