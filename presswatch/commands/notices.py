"""`notices`: what the operator is told."""

from __future__ import annotations

from typing import Annotated

import typer

from presswatch.commands.options import AsJSON

app = typer.Typer(help="What the operator is told: sources that fail, alerts that are dead.", no_args_is_help=True)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many to show.")] = 50,
    json: AsJSON = False,
) -> None:
    """List the notices, the newest first, and whether the operator has been told.

    Example: presswatch notices list --json
    """
    from presswatch.context import opened
    from presswatch.output import as_json, command, moment, table
    from storage.operator import notices

    with opened() as (_, database):
        listed = database.read(notices.listing, limit)
    if json:
        as_json(
            [
                {
                    "id": notice.id,
                    "key": notice.stable_key,
                    "source": notice.key or None,
                    "channel": notice.channel or None,
                    "state": "began" if notice.began else "ended",
                    "reason": notice.reason,
                    "detail": notice.detail,
                    "mend": notice.mend,
                    "created_at": notice.created_at,
                    "due_at": notice.due_at,
                    "attempts": notice.attempts,
                    "last_error": notice.last_error,
                    "sent_at": notice.sent_at,
                }
                for notice in listed
            ]
        )
        return
    table(
        ("notice", "at", "about", "state", "reason", "detail", "told"),
        [
            (
                str(notice.id),
                moment(notice.created_at),
                notice.where,
                "began" if notice.began else "ended",
                notice.reason,
                notice.detail,
                moment(notice.sent_at) or notice.last_error or "not yet",
            )
            for notice in listed
        ],
        empty=f"no notices; they go to the operator's channel: {command()} channels operator NAME",
    )
