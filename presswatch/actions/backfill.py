"""What a person can do with a source's past: read it back, and see how far that has come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from crawler.queue import BackfillJob, BackfillOutcome, BackfillProgress
from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from scheduler import jobs
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError
from storage.leases import owner, owner_is_dead
from storage.sources import backfills, sources
from storage.sources.backfills import Backfill
from storage.types import Source

MAX_PAGES = 2000
"""Pages, or days of a search form, that are read at a time; running it again goes on."""


@dataclass(frozen=True, slots=True)
class ListedBackfill:
    """A backfill, and whether it ended, is under way, or waits to be taken up again."""

    backfill: Backfill
    state: str


async def listing(database: Database, key: str = "") -> tuple[ListedBackfill, ...]:
    """All backfills, or those of a source, as they are now, the last one first."""
    every = await database.read_async(backfills.every)
    return tuple(_listed(row) for row in every if key in ("", row.source_key))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A source whose past this process is to read back, and its backfill."""

    source: Source
    backfill: Backfill


async def claim(database: Database, key: str, since: date | None = None) -> Claimed:
    """Claim the past of a source until the day `since`; one that was stopped goes on from where it was.

    Raises `NotFoundError`, `InvalidInputError` for a day to come, where no day is given and none is known, or where
    another process is at it.
    """
    return await database.write_async(_claim, key, since)


def _claim(connection: Connection, key: str, since: date | None) -> Claimed:
    source, when = sources.get(connection, key), now()
    if since is not None and since > when.date():
        raise InvalidInputError(f"{since} is still to come", mend="give a day of the past with --since")
    return Claimed(source, backfills.claim(connection, source, since, owner(), when, owner_is_dead))


async def read_back(
    crawl: Crawl,
    dispatch: Dispatch,
    claimed: Claimed,
    stop: asyncio.Event,
    *,
    max_pages: int = MAX_PAGES,
    tell: Callable[[BackfillProgress], None] = lambda progress: None,
    notice: Callable[[str], None] = lambda text: None,
) -> tuple[ListedBackfill, BackfillOutcome]:
    """Read a source's past as far as it was claimed, silently, until `stop` is set; then return how far it has come.

    `tell` is told of each progress, `notice` of what a person should know.
    """
    job = BackfillJob(claimed.backfill, claimed.source, max_pages, stop, tell, notice)
    outcome = await jobs.backfill(crawl, dispatch, job)
    return _listed(await crawl.database.read_async(backfills.get, claimed.backfill.id)), outcome


def _listed(row: Backfill) -> ListedBackfill:
    if row.ended_at is not None:
        return ListedBackfill(row, "ended")
    held = row.lease_until is not None and row.lease_until > now()
    return ListedBackfill(row, "under way" if held else "paused")
