"""`channels`: where alerts go."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from presswatch.commands.options import AsJSON
from storage.types import SOLE_OWNER

app = typer.Typer(help="Where alerts go: chats, mail, web hooks, the console.", no_args_is_help=True)


@app.command("list")
def list_(json: AsJSON = False) -> None:
    """List the channels, each ok unless the last delivery to it failed.

    Example: presswatch channels list --json
    """
    from notify.channels.kinds import shown
    from presswatch.context import opened
    from presswatch.output import as_json, command, table
    from storage.people import channels

    with opened() as (_, database):
        health = database.read(channels.health)
        every = database.read(channels.every, SOLE_OWNER)
    keyring = database.keyring
    rows = [
        {"name": channel.name, "address": shown(keyring, channel.address), "health": str(health[channel.id])}
        for channel in every
    ]
    if json:
        as_json(rows)
        return
    table(
        ("channel", "address", "health"),
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
    from presswatch.actions.channels import add_channel
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
    from presswatch.actions.channels import test_channel
    from presswatch.context import opened
    from presswatch.output import say

    with opened() as (_, database):
        say(f"{name}: {test_channel(database, name)}")


@app.command("rotate-key")
def rotate_key() -> None:
    """Seal the channels' addresses with a new key and forget the old one.

    Copies of the database that were made before need the old key. Example: presswatch channels rotate-key
    """
    from presswatch.actions.channels import rotate_key as act
    from presswatch.context import opened
    from presswatch.output import plural, say

    with opened() as (_, database):
        say(f"{plural(act(database), 'channel')} sealed with the new key in {database.keyring.place}")
        if database.keyring.from_environment:
            say("the old keys in PRESSWATCH_KEY are not needed any more")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="A channel's name.")]) -> None:
    """Remove a channel and its subscriptions; alerts that wait for it are not sent.

    Example: presswatch channels remove desk
    """
    from presswatch.context import opened
    from presswatch.output import say
    from storage.clock import now
    from storage.people import channels

    with opened() as (_, database):
        database.write(channels.remove, SOLE_OWNER, database.keyring, name, now())
        say(f"channel {name} removed")


@app.command()
def operator(
    name: Annotated[Optional[str], typer.Argument(help="A channel's name.")] = None,  # noqa: UP045
    off: Annotated[bool, typer.Option("--off", help="Tell the operator nothing any more.")] = False,
) -> None:
    """Tell the operator through a channel of sources that fail and of dead alerts; without a name say which it is.

    Example: presswatch channels operator desk
    """
    from presswatch.context import opened
    from presswatch.output import command, say
    from storage.clock import now
    from storage.errors import InvalidInputError
    from storage.operator import notices
    from storage.people import channels

    if name and off:
        raise InvalidInputError("a channel is named, and --off too", mend="leave one of them out")
    with opened() as (_, database):
        if name or off:
            channel = database.read(channels.get, SOLE_OWNER, database.keyring, name) if name else None
            database.write(notices.set_operator, channel, now())
        current = database.read(notices.operator)
    if current is None:
        say(f"the operator is not told of anything; name a channel: {command()} channels operator NAME")
    else:
        say(f"the operator is told of failing sources and dead alerts through {current.name}")
