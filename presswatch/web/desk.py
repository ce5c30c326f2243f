"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from fastapi import Request

from presswatch.actions.installation import Decided
from presswatch.metrics import Metrics
from scheduler.pulse import Pulse
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from collections.abc import Callable

    from crawler.run import Crawl
    from notify.delivery.dispatch import Dispatch
    from presswatch.web.directory import Directory


@dataclass(frozen=True, slots=True)
class Desk:
    """The open database, and what this process may do for those who read its pages."""

    database: Database
    address: str
    """Where the pages are: `http://127.0.0.1:8420`, without a slash at its end."""
    policy: AddressPolicy = field(default_factory=AddressPolicy)
    """What sources and channels may connect to."""
    crawl: Crawl | None = None
    """By which an address is looked at; without it nothing is fetched."""
    dispatch: Dispatch | None = None
    """By which what a backfill finds is matched; without it no past is read."""
    browser: str = ""
    """Chromium, for pages that are written by scripts; empty: whichever is found."""
    pulse: Pulse | None = None
    """Of the timetable that this process keeps; without it none is kept here."""
    metrics: Metrics = field(default_factory=Metrics)
    """What this process counts."""
    decided: tuple[Decided, ...] = ()
    """What the operator decided where."""
    directory: Directory | None = None
    """What signs people in beside their passphrases."""
    clock: Callable[[], datetime] = now

    @property
    def is_secure(self) -> bool:
        """Whether browsers talk to it by https."""
        return self.address.startswith("https:")


def desk_at(request: Request) -> Desk:
    """The desk that a request came to."""
    return cast(Desk, request.app.state.desk)


async def desk_of(request: Request) -> Desk:
    """`desk_at`, for a route to depend on: what is no coroutine is asked in a thread each time."""
    return desk_at(request)
