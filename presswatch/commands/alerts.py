"""`alerts`: what was announced, what waits, what failed."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from presswatch.commands.options import AsJSON
from storage.types import AlertState

app = typer.Typer(help="What was announced, what waits, what failed.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[
        Optional[AlertState], typer.Option("--state", help="Only those in this state.")  # noqa: UP045
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many to show.")] = 50,
    json: AsJSON = False,
) -> None:
    """List alerts, the newest first: what, why, where to, and how far it has come.

    Example: presswatch alerts list --state dead
    """
    from presswatch.context import opened
    from presswatch.output import as_json, moment, table
    from storage.outbox import alerts

    with opened() as (_, database):
        listed = database.read(alerts.listing, state=state, limit=limit)
        answers = database.read(alerts.last_answers, [alert.id for alert in listed])
    if json:
        as_json(
            [
                {
                    "id": alert.id,
                    "key": alert.key,
                    "state": alert.state,
                    "topic": alert.topic.name,
                    "channel": alert.channel.name,
                    "item": alert.item.id,
                    "title": alert.version.title,
                    "published_at": str(alert.version.published) or None,
                    "why": sorted({hit.name for hit in alert.hits}),
                    "rhythm": str(alert.rhythm),
                    "attempts": alert.attempts,
                    "last_error": alert.last_error,
                    "last_answer": answers.get(alert.id),
                    "first_seen_at": alert.item.first_seen_at,
                    "matched_at": alert.created_at,
                    "due_at": alert.due_at,
                    "sent_at": alert.sent_at,
                }
                for alert in listed
            ]
        )
        return
    table(
        ("alert", "state", "topic", "why", "channel", "rhythm", "statement", "tries", "first seen -> matched -> sent",
         "last answer"),
        [
            (
                str(alert.id),
                alert.state,
                alert.topic.name,
                ", ".join(sorted({hit.name for hit in alert.hits})),
                alert.channel.name,
                str(alert.rhythm),
                f"#{alert.item.id} {alert.version.title}",
                str(alert.attempts),
                " -> ".join(map(moment, (alert.item.first_seen_at, alert.created_at, alert.sent_at))),
                alert.last_error or answers.get(alert.id, ""),
            )
            for alert in listed
        ],
        empty="no alerts",
    )  # fmt: skip


@app.command()
def retry(
    alerts: Annotated[
        Optional[list[int]], typer.Argument(help="Numbers of alerts; all failed and dead ones if none is named.")  # noqa: UP045
    ] = None,
) -> None:
    """Send failed and dead alerts again, as soon as presswatch runs.

    Example: presswatch alerts retry 17 18
    """
    from presswatch.context import opened
    from presswatch.output import plural, say
    from storage.clock import now
    from storage.errors import NotFoundError
    from storage.outbox import alerts as outbox

    with opened() as (_, database):
        revived = database.write(outbox.retry, now(), alerts)
        if alerts and not revived:
            raise NotFoundError(
                "none of these alerts failed, or their channels are gone", mend="see them with: alerts list"
            )
        say(f"{plural(revived, 'alert')} will be sent again")
