"""`subscribe`, `unsubscribe` and `subscriptions`: who is told of what, and when."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON, UntilDay
from presswatch.context import OWNER, asked, opened
from presswatch.output import as_json, moment, plural, say, table
from storage.clock import now
from storage.types import AlertEvent, Subscription

app = typer.Typer(help="Who is told of what, and when.", no_args_is_help=True)

ToChannel = Annotated[Optional[str], typer.Option("--to", help="Only this channel, else all.")]  # noqa: UP045


def subscribe(
    context: typer.Context,
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
    on: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--on",
            help="Some of published,edited,withdrawn,restored; what it was told of is corrected anyway.",
            metavar="EVENTS",
        ),
    ] = None,
) -> None:
    """Tell a channel of a topic's statements from now on, or change when it is told.

    Example: presswatch subscribe CSTO --to console --rhythm 'daily 08:00' --zone Europe/Minsk
    """
    from presswatch.actions import subscriptions
    from presswatch.loop import run

    wanted = subscriptions.WantedRhythm(rhythm, zone, quiet, cap, on)
    with opened(context.obj) as (settings, database):
        told = run(subscriptions.subscribe(database, OWNER, topic, to, settings.policy, wanted))
    say(f"{told.channel_name} is told of {told.topic_name} {told.rhythm}")


def canary(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", help="A channel's name, an Apprise address, or console.")],
    every: Annotated[int, typer.Option("--every", min=1, max=1440, help="Minutes between two of them.")] = 60,
) -> None:
    """Send a proof of the whole chain to a channel every so many minutes; doctor fails when two are missing.

    End it with: unsubscribe canary. Example: presswatch canary --to console --every 15
    """
    from presswatch.actions import subscriptions
    from presswatch.loop import run

    with opened(context.obj) as (settings, database):
        told = run(subscriptions.subscribe_canary(database, OWNER, to, settings.policy, every))
    say(f"{told.channel_name} gets a canary every {told.canary} minutes while presswatch runs")


def unsubscribe(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="A topic's name.")],
    to: ToChannel = None,
) -> None:
    """Tell a channel no longer of a topic's statements.

    Example: presswatch unsubscribe CSTO --to console
    """
    from presswatch.actions import subscriptions
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        ended = run(subscriptions.unsubscribe(database, OWNER, topic, to))
    say(f"{plural(ended, 'subscription')} to {topic} ended")


@app.command("list")
def list_(context: typer.Context, json: AsJSON = False) -> None:
    """List the subscriptions: who is told of what, and when.

    Example: presswatch subscriptions list
    """
    from presswatch.actions import subscriptions
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(subscriptions.listing(database, OWNER))
    if json:
        as_json([representations.subscription(each.subscription, each.waiting, each.next_at) for each in listed])
        return
    table(
        ("topic", "channel", "rhythm", "waiting", "next"),
        [
            (
                each.subscription.topic_name,
                each.subscription.channel_name,
                _rhythm(each.subscription),
                str(each.waiting),
                moment(each.next_at),
            )
            for each in listed
        ],
        empty="nobody is told of anything",
    )


def _rhythm(told: Subscription) -> str:
    canary = f", a canary every {told.canary} minutes" if told.canary else ""
    is_paused = told.paused_until is not None and told.paused_until > now()
    events = "" if told.events == (AlertEvent.PUBLISHED,) else f", on {', '.join(told.events)}"
    return f"{told.rhythm}{events}{canary}{f', paused until {moment(told.paused_until)}' if is_paused else ''}"


@app.command()
def pause(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="A topic's name.")],
    until: UntilDay,
    to: ToChannel = None,
) -> None:
    """Tell a channel of nothing of a topic that is seen until a day, also not later; what waits already leaves.

    Example: presswatch subscriptions pause CSTO --to desk --until 2026-12-05
    """
    from presswatch.actions import pauses
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        paused = run(pauses.pause(database, OWNER, topic, to, until.astimezone()))
    for each in paused:
        say(f"{each.channel_name} is not told of {each.topic_name} until {moment(each.paused_until)}")


@app.command()
def go_on(
    context: typer.Context, topic: Annotated[str, typer.Argument(help="A topic's name.")], to: ToChannel = None
) -> None:
    """End a pause: the channel is told of what is seen from now on.

    Example: presswatch subscriptions go-on CSTO --to desk
    """
    from presswatch.actions import pauses
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        told = run(pauses.go_on(database, OWNER, topic, to))
    for each in told:
        say(f"{each.channel_name} is told of {each.topic_name} {each.rhythm}")
