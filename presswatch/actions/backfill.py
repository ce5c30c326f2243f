"""A source's past, read back while somebody watches."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from presswatch.loop import run, running
from presswatch.output import SECONDS_BETWEEN_LINES, EventLines, plural
from storage.clock import now
from storage.errors import InvalidInputError
from storage.events import Event, FaultBegan, MistakeMade
from storage.sources import backfills, sources

if TYPE_CHECKING:
    from crawler.queue import BackfillOutcome, BackfillProgress
    from presswatch.settings import Settings
    from scheduler.local import Local
    from storage.database import Database

MAX_PAGES = 2000
"""Pages, or days of a search form, that are read at a time; running it again goes on."""


def read_back(
    database: Database,
    settings: Settings,
    key: str,
    since: date | None,
    max_pages: int = MAX_PAGES,
) -> tuple[backfills.Backfill, BackfillOutcome]:
    """Read a source's past until the day `since`, silently; one that was stopped goes on from where it was.

    Shows how far it is on stderr. Raises `NotFoundError`, `InvalidInputError` for a day to come, where no day is given
    and none is known, or where another process is at it.
    """
    from storage.leases import owner, owner_is_dead

    source = database.read(sources.get, key)
    if since is not None and since > now().date():
        raise InvalidInputError(f"{since} is still to come", mend="give a day of the past with --since")
    claimed = database.write(backfills.claim, source, since, owner(), now(), owner_is_dead)

    async def work(local: Local, stop: asyncio.Event) -> BackfillOutcome:
        from crawler.queue import BackfillJob
        from scheduler import jobs

        with _shown(key, claimed.since) as (tell, notice):
            job = BackfillJob(claimed, source, max_pages, stop, tell, notice)
            return await jobs.backfill(local.crawl, local.dispatch, job)

    outcome = run(running(settings, database, work, report=_Faults(sys.stderr)))
    return database.read(backfills.get, claimed.id), outcome


class _Faults(EventLines):
    """Prints what goes wrong, and no statement: there may be thousands."""

    def __call__(self, event: Event) -> None:
        if isinstance(event, FaultBegan | MistakeMade):
            super().__call__(event)


@contextmanager
def _shown(key: str, since: date) -> Iterator[tuple[Callable[[BackfillProgress], None], Callable[[str], None]]]:
    """Show how far a backfill is, on stderr: a bar on a terminal, else a line every few seconds.

    Gives two functions: one to call with each progress, one for what a person should know.
    """
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    terminal = Console(stderr=True)
    if not terminal.is_terminal:
        yield _lines(key), lambda text: print(f"{key}: {text}", file=sys.stderr, flush=True)
        return
    days = max(1, (now().date() - since).days)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[words]}"))
    with Bar(*columns, TimeElapsedColumn(), console=terminal, transient=True) as bar:
        task = bar.add_task(key, total=None, words="")

        def tell(progress: BackfillProgress) -> None:
            back = (now().date() - progress.reached).days if progress.reached else None
            done = min(days, back) if back is not None else None
            bar.update(task, total=days if done is not None else None, completed=done, words=_words(progress))

        yield tell, lambda text: terminal.print(f"{key}: {text}", markup=False, highlight=False)


def _lines(key: str) -> Callable[[BackfillProgress], None]:
    said_at = time.monotonic()

    def tell(progress: BackfillProgress) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SECONDS_BETWEEN_LINES:
            said_at = time.monotonic()
            print(f"{key}: {_words(progress)}", file=sys.stderr, flush=True)

    return tell


def _words(progress: BackfillProgress) -> str:
    back = f", back to {progress.reached}" if progress.reached else ""
    return f"{plural(progress.pages, 'page')}{back}, {progress.found} found, {progress.stored} stored"
