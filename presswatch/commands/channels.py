"""`channels`: where alerts go."""

from __future__ import annotations

from typing import Annotated

import typer

from presswatch.commands.options import AsJSON

app = typer.Typer(help="Where alerts go: chats, mail, web hooks, the console.", no_args_is_help=True)


@app.command("list")
def list_(json: AsJSON = False) -> None:
    """List the channels and what the last delivery to each came to.

    Example: presswatch channels list --json
    """
    from notify.channels import masked
    from presswatch.context import opened
    from presswatch.output import as_json, command, table
    from storage import subscriptions

    with opened() as (_, database):
        health = database.read(subscriptions.channel_health)
        every = database.read(subscriptions.every_channel)
    rows = [
        {"name": channel.name, "address": masked(channel.address), "health": health[channel.id]} for channel in every
    ]
    if json:
        as_json(rows)
        return
    table(
        ("channel", "address", "last delivery"),
        [(row["name"], row["address"], row["health"]) for row in rows],
        empty=f"no channels yet; try: {command()} channels add desk mailtos://user:password@example.org",
    )


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    address: Annotated[str, typer.Argument(help="An Apprise address, or console.")],
) -> None:
    """Save a channel under a name.

    Example: presswatch channels add desk 'tgram://TOKEN/CHAT'
    """
    from presswatch.actions import add_channel
    from presswatch.context import opened
    from presswatch.output import command, say

    with opened() as (settings, database):
        channel = add_channel(database, name, address, settings.policy)
        say(f"channel {channel.name} saved; see whether it works with: {command()} channels test {channel.name}")


@app.command()
def test(name: Annotated[str, typer.Argument(help="A channel's name.")]) -> None:
    """Send a real message to a channel and show the answer.

    Example: presswatch channels test desk
    """
    from presswatch.actions import test_channel
    from presswatch.context import opened
    from presswatch.output import say

    with opened() as (_, database):
        say(f"{name}: {test_channel(database, name)}")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="A channel's name.")]) -> None:
    """Remove a channel and its subscriptions; alerts that wait for it are not sent.

    Example: presswatch channels remove desk
    """
    from presswatch.context import opened
    from presswatch.output import say
    from storage import subscriptions
    from storage.clock import now

    with opened() as (_, database):
        database.write(subscriptions.remove_channel, name, now())
        say(f"channel {name} removed")
