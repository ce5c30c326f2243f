"""`notices`: what the operator is told."""

from __future__ import annotations

from typing import Annotated

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import OWNER, asked
from presswatch.output import as_json, command, moment, table

app = typer.Typer(help="What the operator is told: sources that fail, alerts that are dead.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many to show.")] = 50,
    json: AsJSON = False,
) -> None:
    """List the notices, the newest first, and whether the operator has been told.

    Example: presswatch notices list --json
    """
    from presswatch.actions import notices
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(notices.listing(database, OWNER, limit))
    if json:
        as_json([representations.notice(notice) for notice in listed])
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
