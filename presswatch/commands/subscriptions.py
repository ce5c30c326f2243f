"""`subscribe`, `unsubscribe` and `subscriptions`: who is told of what, and when."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from presswatch.commands.options import AsJSON
from storage.types import SOLE_OWNER

app = typer.Typer(help="Who is told of what, and when.", no_args_is_help=True)


def subscribe(
    topic: Annotated[str, typer.Argument(help="A topic's name, or an alias such as CSTO.")],
    to: Annotated[str, typer.Option("--to", help="A channel's name, an Apprise address, or console.")],
    rhythm: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--rhythm", help="immediately, 'grouped 15m', 'daily 08:00' or 'weekly monday 08:00'.", metavar="WORDS"
        ),
    ] = None,
    zone: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--zone", help="The time zone of these hours, such as Europe/Minsk; else UTC.", metavar="ZONE"),
    ] = None,
    quiet: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--quiet", help="Hours in which nothing leaves, 22:00-07:00; 'none' ends them.", metavar="HOURS"),
    ] = None,
    cap: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--cap", help="Messages an hour at most; what is more is collected. 0 is no limit."),
    ] = None,
) -> None:
    """Tell a channel of a topic's statements from now on, or change when it is told.

    Example: presswatch subscribe CSTO --to console --rhythm 'daily 08:00' --zone Europe/Minsk
    """
    from presswatch.actions.subscriptions import WantedRhythm
    from presswatch.actions.subscriptions import subscribe as act
    from presswatch.context import opened
    from presswatch.output import say

    with opened() as (settings, database):
        told = act(database, topic, to, settings.policy, WantedRhythm(rhythm, zone, quiet, cap))
        say(f"{told.channel_name} is told of {told.topic_name} {told.rhythm}")


def canary(
    to: Annotated[str, typer.Option("--to", help="A channel's name, an Apprise address, or console.")],
    every: Annotated[int, typer.Option("--every", min=1, max=1440, help="Minutes between two of them.")] = 60,
) -> None:
    """Send a proof of the whole chain to a channel every so many minutes; doctor fails when two are missing.

    End it with: unsubscribe canary. Example: presswatch canary --to console --every 15
    """
    from presswatch.actions.subscriptions import subscribe_canary
    from presswatch.context import opened
    from presswatch.output import say

    with opened() as (settings, database):
        told = subscribe_canary(database, to, settings.policy, every)
        say(f"{told.channel_name} gets a canary every {told.canary} minutes while presswatch runs")


def unsubscribe(
    topic: Annotated[str, typer.Argument(help="A topic's name.")],
    to: Annotated[Optional[str], typer.Option("--to", help="Only this channel, else all.")] = None,  # noqa: UP045
) -> None:
    """Tell a channel no longer of a topic's statements.

    Example: presswatch unsubscribe CSTO --to console
    """
    from presswatch.actions.subscriptions import unsubscribe as act
    from presswatch.context import opened
    from presswatch.output import plural, say

    with opened() as (_, database):
        say(f"{plural(act(database, topic, to), 'subscription')} to {topic} ended")


@app.command("list")
def list_(json: AsJSON = False) -> None:
    """List the subscriptions: who is told of what, and when.

    Example: presswatch subscriptions list
    """
    from presswatch.context import opened
    from presswatch.output import as_json, moment, table
    from storage.people import subscriptions

    with opened() as (_, database):
        listed = database.read(subscriptions.every, SOLE_OWNER)
        waiting = database.read(subscriptions.waiting)
    if json:
        as_json(
            [
                {
                    "id": each.id,
                    "topic": each.topic_name,
                    "channel": each.channel_name,
                    "rhythm": each.rhythm.written,
                    "zone": each.rhythm.zone,
                    "quiet": each.rhythm.written_quiet or None,
                    "cap": each.rhythm.cap or None,
                    "canary": each.canary or None,
                    "created_at": each.created_at,
                    "waiting": waiting.get(each.id, (0, None))[0],
                    "next_at": waiting.get(each.id, (0, None))[1],
                }
                for each in listed
            ]
        )
        return
    table(
        ("topic", "channel", "rhythm", "waiting", "next"),
        [
            (
                each.topic_name,
                each.channel_name,
                str(each.rhythm) + (f", a canary every {each.canary} minutes" if each.canary else ""),
                str(waiting.get(each.id, (0, None))[0]),
                moment(waiting.get(each.id, (0, None))[1]),
            )
            for each in listed
        ],
        empty="nobody is told of anything",
    )
