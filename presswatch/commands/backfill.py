"""`backfill`: the past of a section."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from presswatch.commands.options import AsJSON

if TYPE_CHECKING:
    from storage.sources.backfills import Backfill


def backfill(
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
    from presswatch.actions.backfill import read_back
    from presswatch.context import opened
    from presswatch.output import as_json
    from storage.errors import InvalidInputError

    if status == (source is not None):
        raise InvalidInputError("name one source, or ask for --status", mend="see the sources with: sources list")
    with opened() as (settings, database):
        if source is None:
            _list(database, json)
            return
        day = since.date() if since is not None else None
        row, outcome = read_back(database, settings, source, day, max_pages)
    if json:
        as_json(_values(row))
    else:
        _print(row)
    raise typer.Exit(0 if outcome.finished else 130 if outcome.reason == "stopped" else 1)


def _list(database: Any, json: bool) -> None:
    from presswatch.output import as_json, moment, table
    from storage.sources import backfills

    listed = database.read(backfills.every)
    if json:
        as_json([_values(row) for row in listed])
        return
    table(
        ("source", "state", "since", "reached", "pages", "found", "unread", "started", "why"),
        [
            (
                row.source_key,
                state_of(row),
                str(row.since),
                _day(row.reached),
                str(row.pages),
                str(row.entries),
                str(row.waiting),
                moment(row.started_at),
                row.detail,
            )
            for row in listed
        ],
        empty="nothing was read back yet; do it with: backfill SOURCE --since 2024-01-01",
    )


def state_of(row: Backfill) -> str:
    """Whether a backfill ended, is under way, or waits to be taken up again."""
    from storage.clock import now

    if row.ended_at is not None:
        return "ended"
    return "under way" if row.lease_until is not None and row.lease_until > now() else "paused"


def _values(row: Backfill) -> dict[str, Any]:
    return {
        "source": row.source_key,
        "state": state_of(row),
        "reason": row.reason or None,
        "detail": row.detail,
        "since": row.since,
        "reached": row.reached,
        "pages": row.pages,
        "entries": row.entries,
        "unread": row.waiting,
        "next_page": row.next_page or None,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }


def _day(day: date | None) -> str:
    return str(day) if day is not None else ""


def _print(row: Backfill) -> None:
    from presswatch.output import command, plural, say

    back = f", back to {row.reached}" if row.reached else ""
    read = f"{plural(row.pages, 'page')} read{back}; {row.entries} entries that were not known"
    if row.ended_at is not None:
        say(f"{row.source_key}: done, {row.detail}: {read}")
        return
    say(f"{row.source_key}: paused, {row.detail}: {read}")
    if row.waiting:
        say(f"{plural(row.waiting, 'article')} of them still to be read")
    say(f"go on with: {command()} backfill {row.source_key}")
