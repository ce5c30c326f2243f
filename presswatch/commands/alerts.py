"""`alerts`: what was announced, what waits, what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON, number
from presswatch.context import OWNER, asked
from presswatch.output import as_json, moment, plural, say, table
from storage.types import AlertState

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from presswatch.actions.alerts import ListedAlert

app = typer.Typer(help="What was announced, what waits, what failed.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[
        Optional[AlertState], typer.Option("--state", help="Only those in this state.")  # noqa: UP045
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many to show.")] = 50,
    json: AsJSON = False,
) -> None:
    """List alerts, the newest first: what, why, where to, and how far it has come.

    Example: presswatch alerts list --state dead
    """
    from presswatch.actions import alerts
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(alerts.listing(database, OWNER, state, limit))
    if json:
        as_json([representations.alert(each.alert, each.why, each.last_answer) for each in listed])
        return
    table(
        ("alert", "state", "topic", "why", "channel", "rhythm", "statement", "tries", "first seen -> matched -> sent",
         "last answer"),
        [_row(each) for each in listed],
        empty="no alerts",
    )  # fmt: skip


@app.command()
def retry(
    context: typer.Context,
    alerts: Annotated[
        Optional[list[str]], typer.Argument(help="Numbers of alerts; all failed and dead ones if none is named.")  # noqa: UP045
    ] = None,
) -> None:
    """Send failed and dead alerts again, as soon as presswatch runs.

    Example: presswatch alerts retry 17 18
    """
    from presswatch.actions import alerts as actions
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        revived = run(actions.retry(database, OWNER, [number(each, "alert") for each in alerts or ()]))
    say(f"{plural(revived, 'alert')} will be sent again")


def _row(listed: ListedAlert) -> tuple[str, ...]:
    alert = listed.alert
    return (
        str(alert.id),
        alert.state,
        alert.topic.name,
        ", ".join(listed.why),
        alert.channel.name,
        str(alert.rhythm),
        f"#{alert.item.id} {alert.version.title}",
        str(alert.attempts),
        " -> ".join(map(moment, (alert.item.first_seen_at, alert.created_at, alert.sent_at))),
        alert.last_error or listed.last_answer or "",
    )
