"""`backfill`: the past of a section."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import asked, opened
from presswatch.logs import Log
from presswatch.output import as_json, command, moment, note, now_and_then, plural, say, table
from presswatch.visible import visible
from storage.clock import now

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    import asyncio

    from crawler.queue import BackfillOutcome, BackfillProgress
    from presswatch.actions.backfill import ListedBackfill
    from scheduler.local import Local
    from storage.events import Event
    from storage.sources.backfills import Backfill


def backfill(
    context: typer.Context,
    source: Annotated[Optional[str], typer.Argument(help="A source's key.", metavar="SOURCE")] = None,  # noqa: UP045
    since: Annotated[
        Optional[datetime],  # noqa: UP045
        typer.Option("--since", formats=["%Y-%m-%d"], help="The day to go back to.", metavar="YYYY-MM-DD"),
    ] = None,
    max_pages: Annotated[
        int, typer.Option("--max-pages", min=1, max=100_000, help="Pages to read before it pauses.")
    ] = 2000,
    status: Annotated[bool, typer.Option("--status", help="List what was read back, and how far it is.")] = False,
    json: AsJSON = False,
) -> None:
    """Read a section's past, page by page, without alerting anybody; run it again to go on.

    Example: presswatch backfill mfa-by/news-en --since 2024-01-01
    """
    from presswatch.actions import backfill as actions
    from presswatch.loop import run, running
    from storage.errors import InvalidInputError

    if status == (source is not None):
        raise InvalidInputError(
            "name one source, or ask for --status", mend="see the sources with: presswatch sources list"
        )
    with (asked if source is None else opened)(context.obj) as (settings, database):
        if source is None:
            _print_all(run(actions.listing(database)), json)
            return
        claimed = run(actions.claim(database, source, since.date() if since is not None else None))

        async def work(local: Local, stop: asyncio.Event) -> tuple[ListedBackfill, BackfillOutcome]:
            with _shown(claimed.source.key, claimed.backfill.since) as (tell, notice):
                return await actions.read_back(
                    local.crawl, local.dispatch, claimed, stop, max_pages=max_pages, tell=tell, notice=notice
                )

        listed, outcome = run(running(settings, database, work, report=_Faults(sys.stderr)))
    if json:
        as_json(representations.backfill(listed.backfill, listed.state))
    else:
        _print(listed.backfill)
    raise typer.Exit(0 if outcome.finished else 130 if outcome.reason == "stopped" else 1)


def _print_all(listed: tuple[ListedBackfill, ...], json: bool) -> None:
    if json:
        as_json([representations.backfill(each.backfill, each.state) for each in listed])
        return
    table(
        ("source", "state", "since", "reached", "pages", "found", "unread", "started", "why"),
        [_row(each.backfill, each.state) for each in listed],
        empty=f"nothing was read back yet; do it with: {command()} backfill SOURCE --since 2024-01-01",
    )


def _row(row: Backfill, state: str) -> tuple[str, ...]:
    return (
        row.source_key,
        state,
        str(row.since),
        str(row.reached or ""),
        str(row.pages),
        str(row.entries),
        str(row.waiting),
        moment(row.started_at),
        row.detail,
    )


def _print(row: Backfill) -> None:
    back = f", back to {row.reached}" if row.reached else ""
    read = f"{plural(row.pages, 'page')} read{back}; {row.entries} entries that were not known"
    if row.ended_at is not None:
        say(f"{row.source_key}: done, {row.detail}: {read}")
        return
    say(f"{row.source_key}: paused, {row.detail}: {read}")
    if row.waiting:
        say(f"{plural(row.waiting, 'article')} of them still to be read")
    say(f"go on with: {command()} backfill {row.source_key}")


class _Faults(Log):
    """Prints what goes wrong, and no statement: there may be thousands."""

    def __call__(self, event: Event) -> None:
        from storage.events import FaultBegan, MistakeMade

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
        yield _lines(key), lambda text: note(f"{key}: {text}")
        return
    days = max(1, (now().date() - since).days)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[words]}"))
    with Bar(*columns, TimeElapsedColumn(), console=terminal, transient=True) as bar:
        task = bar.add_task(key, total=None, words="")

        def tell(progress: BackfillProgress) -> None:
            back = (now().date() - progress.reached).days if progress.reached else None
            done = min(days, back) if back is not None else None
            bar.update(task, total=days if done is not None else None, completed=done, words=_words(progress))

        yield tell, lambda text: terminal.print(visible(f"{key}: {text}"), markup=False, highlight=False)


def _lines(key: str) -> Callable[[BackfillProgress], None]:
    tell = now_and_then()
    return lambda progress: tell(f"{key}: {_words(progress)}")


def _words(progress: BackfillProgress) -> str:
    back = f", back to {progress.reached}" if progress.reached else ""
    return f"{plural(progress.pages, 'page')}{back}, {progress.found} found, {progress.stored} stored"
