"""`channels`: where alerts go."""

from __future__ import annotations

import sys
from shlex import quote
from typing import Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import OWNER, asked, opened
from presswatch.output import as_json, command, plural, say, table

app = typer.Typer(help="Where alerts go: chats, mail, web hooks, the console.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, json: AsJSON = False) -> None:
    """List the channels, each ok unless the last delivery to it failed.

    Example: presswatch channels list --json
    """
    from presswatch.actions import channels
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(channels.listing(database, OWNER))
    if json:
        as_json([representations.channel(each.name, each.address, each.health) for each in listed])
        return
    table(
        ("channel", "address", "health"),
        [(each.name, each.address, each.health) for each in listed],
        empty=f"no channels yet; try: {command()} channels add desk mailtos://user:password@example.org",
    )


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    address: Annotated[str, typer.Argument(help="An Apprise address, or console.")],
    signed: Annotated[bool, typer.Option("--signed", help="Sign what a JSON web hook gets, by a new secret.")] = False,
) -> None:
    """Save a channel under a name.

    Example: presswatch channels add desk 'tgram://TOKEN/CHAT'
    """
    from presswatch.actions import channels
    from presswatch.loop import run

    with opened(context.obj) as (settings, database):
        if signed:
            channel, secret = run(channels.add_signed(database, OWNER, name, address, settings.policy))
            say(f"secret, shown this once: {secret}")
        else:
            channel = run(channels.add(database, OWNER, name, address, settings.policy))
    say(f"channel {channel.name} saved; see whether it works with: {command()} channels test {quote(channel.name)}")


@app.command()
def test(context: typer.Context, name: Annotated[str, typer.Argument(help="A channel's name.")]) -> None:
    """Send a real message to a channel and show the answer.

    Example: presswatch channels test desk
    """
    from presswatch.actions import channels
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        say(f"{name}: {run(channels.test(database, OWNER, name, sys.stdout))}")


@app.command("rotate-key")
def rotate_key(context: typer.Context) -> None:
    """Seal the channels' addresses with a new key and forget the old one.

    Copies of the database that were made before need the old key. Example: presswatch channels rotate-key
    """
    from presswatch.actions import channels
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        sealed = run(channels.rotate_key(database))
        say(f"{plural(sealed, 'channel')} sealed with the new key in {database.keyring.place}")
        if database.keyring.from_environment:
            say("the old keys in PRESSWATCH_KEY are not needed any more")


@app.command()
def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="A channel's name.")]) -> None:
    """Remove a channel and its subscriptions; alerts that wait for it are not sent.

    Example: presswatch channels remove desk
    """
    from presswatch.actions import channels
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        run(channels.remove(database, OWNER, name))
    say(f"channel {name} removed")


@app.command()
def operator(
    context: typer.Context,
    name: Annotated[Optional[str], typer.Argument(help="A channel's name.")] = None,  # noqa: UP045
    off: Annotated[bool, typer.Option("--off", help="Tell the operator nothing any more.")] = False,
) -> None:
    """Tell the operator through a channel of sources that fail and of dead alerts; without a name say which it is.

    Example: presswatch channels operator desk
    """
    from presswatch.actions import channels
    from presswatch.loop import run
    from storage.errors import InvalidInputError

    if name and off:
        raise InvalidInputError("a channel is named, and --off too", mend="leave one of them out")
    with asked(context.obj) as (_, database):
        if name or off:
            run(channels.set_operator(database, OWNER, name))
        current = run(channels.operator(database, OWNER))
    if current is None:
        say(f"the operator is not told of anything; name a channel: {command()} channels operator NAME")
    else:
        say(f"the operator is told of failing sources and dead alerts through {current.name}")
