"""`subscribe` and `unsubscribe`."""

from __future__ import annotations

from typing import Annotated, Optional

import typer


def subscribe(
    topic: Annotated[str, typer.Argument(help="A topic's name, or an alias such as CSTO.")],
    to: Annotated[str, typer.Option("--to", help="A channel's name, an Apprise address, or console.")],
) -> None:
    """Tell a channel of a topic's statements from now on.

    Example: presswatch subscribe CSTO --to console
    """
    from presswatch.actions import subscribe as act
    from presswatch.context import opened
    from presswatch.output import say

    with opened() as (settings, database):
        subscription = act(database, topic, to, settings.policy)
        say(f"{subscription.channel_name} is told of {subscription.topic_name} {subscription.rhythm}")


def unsubscribe(
    topic: Annotated[str, typer.Argument(help="A topic's name.")],
    to: Annotated[Optional[str], typer.Option("--to", help="Only this channel, else all.")] = None,  # noqa: UP045
) -> None:
    """Tell a channel no longer of a topic's statements.

    Example: presswatch unsubscribe CSTO --to console
    """
    from presswatch.actions import unsubscribe as act
    from presswatch.context import opened
    from presswatch.output import plural, say

    with opened() as (_, database):
        say(f"{plural(act(database, topic, to), 'subscription')} to {topic} ended")
