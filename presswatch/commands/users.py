"""`users`: who may sign in, and as what."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import OPERATOR, asked, opened
from presswatch.output import as_json, moment, plural, say, table
from storage.types import Role

app = typer.Typer(help="Who may sign in, and as what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A user's name.")]


@app.command("list")
def list_(context: typer.Context, json: AsJSON = False) -> None:
    """List the users, how much each owns, and when he was seen last.

    Example: presswatch users list
    """
    from presswatch.actions import users
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(users.listing(database))
    if json:
        as_json([representations.user(each.user, each.owned, each.seen_at) for each in listed])
        return
    table(
        ("user", "role", "since", "seen", "topics", "channels", "tokens"),
        [
            (
                each.user.name,
                each.user.role if each.user.has_password else f"{each.user.role}, no password yet",
                moment(each.user.created_at),
                moment(each.seen_at),
                str(each.owned.topics),
                str(each.owned.channels),
                str(each.owned.tokens),
            )
            for each in listed
        ],
        empty="no users yet: what there is belongs to whoever is added first",
    )


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call him; he signs in with it.")],
    role: Annotated[Role, typer.Option("--role", help="What he may do. The first user is an owner.")] = Role.READER,
) -> None:
    """Add a user. His password is asked for, or read from the first line of the input.

    The first one gets the topics, channels and subscriptions that there are.

    Example: presswatch users add anna --role owner
    """
    from presswatch.actions import users
    from presswatch.loop import run

    with opened(context.obj) as (_, database):
        user = run(users.add(database, OPERATOR, name, role, _new_password()))
    say(f"user {user.name} may sign in as {user.role}")


@app.command()
def password(context: typer.Context, name: Name) -> None:
    """Give a user another password; it is asked for, or read from the first line of the input. He is signed out.

    Example: presswatch users password anna
    """
    from presswatch.actions import users
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        user = run(users.named(database, name))
        ended = run(users.set_password(database, OPERATOR, name, _new_password()))
    say(f"user {user.name} has another password; {plural(ended, 'session')} ended")


@app.command()
def link(context: typer.Context, name: Name) -> None:
    """Make a link by which a user sets another password on the pages. It works once; the one before works no more.

    Example: presswatch users link anna
    """
    from presswatch.actions import signing_in
    from presswatch.loop import run

    with asked(context.obj) as (settings, database):
        begin = f"{settings.pages}/begin"
        secret = run(signing_in.renew(database, name))
    say(f"user {name} sets a password, once, within two days: {begin}/{secret}")


@app.command()
def invite(
    context: typer.Context,
    role: Annotated[Role, typer.Option("--role", help="What he may do.")] = Role.READER,
    mail: Annotated[str, typer.Option("--mail", help="His address; who has it in the directory may come in.")] = "",
) -> None:
    """Make a link by which somebody becomes a user on the pages, under a name of his own. It works once.

    Example: presswatch users invite --role editor
    """
    from presswatch.actions import signing_in
    from presswatch.loop import run

    with opened(context.obj) as (settings, database):
        begin = f"{settings.pages}/begin"
        secret = run(signing_in.invite(database, role, mail, by=OPERATOR))
    say(f"whoever opens this becomes {role}, once, within two days: {begin}/{secret}")


@app.command("role")
def role_(
    context: typer.Context, name: Name, role: Annotated[Role, typer.Argument(help="What he may do from now on.")]
) -> None:
    """Say what a user may do from now on.

    Example: presswatch users role anna editor
    """
    from presswatch.actions import users
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        user = run(users.set_role(database, OPERATOR, name, role))
    say(f"user {user.name} is {user.role} from now on")


@app.command()
def remove(context: typer.Context, name: Name) -> None:
    """Remove a user with his topics, channels, subscriptions and tokens; what was announced stays as a record.

    Example: presswatch users remove anna
    """
    from presswatch.actions import users
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        ended = run(users.remove(database, OPERATOR, name))
    counted = (
        plural(ended.topics, "topic"),
        plural(ended.channels, "channel"),
        plural(ended.subscriptions, "subscription"),
        plural(ended.tokens, "token"),
    )
    say(f"user {name} removed, with {', '.join(counted[:-1])} and {counted[-1]}")


@app.command()
def log(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many to show.")] = 50,
    json: AsJSON = False,
) -> None:
    """Show who did what to which user or token, the newest first.

    Example: presswatch users log --limit 10
    """
    from presswatch.actions import users
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        done = run(users.audited(database, limit))
    if json:
        as_json([representations.audited(each) for each in done])
        return
    table(
        ("when", "who", "through", "what", "user", "detail"),
        [(moment(each.at), each.by or "the operator", each.face, each.deed, each.of, each.detail) for each in done],
        empty="nothing yet",
    )


def _new_password() -> str:
    """Asked for twice at a terminal, without showing it; never an argument, which other users of a machine can see."""
    from storage.errors import InvalidInputError

    if sys.stdin.isatty():
        asked_for: str = typer.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        return asked_for
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        mend = "type it at a terminal, or give it as the first line of the input"
        raise InvalidInputError("a user needs a password", mend=mend)
    return given
