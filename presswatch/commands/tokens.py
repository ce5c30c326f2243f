"""`tokens`: which programs are let in, as whom and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import OPERATOR, OWNER, asked
from presswatch.output import as_json, moment, say, table
from storage.types import Scope

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.database import Database

app = typer.Typer(help="Which programs are let in, as whom and for what.", no_args_is_help=True)

OfUser = Annotated[str, typer.Option("--user", help="Whose they are, else the owner's.", metavar="NAME")]


@app.command("list")
def list_(context: typer.Context, user: OfUser = "", json: AsJSON = False) -> None:
    """List the tokens that are in force: for what, until when, and when each was used last.

    Example: presswatch tokens list --user anna
    """
    from presswatch.actions import tokens
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(tokens.listing(database, _owner(database, user)))
    if json:
        as_json([representations.token(each) for each in listed])
        return
    table(
        ("token", "may", "made", "ends", "used"),
        [
            (each.name, " ".join(sorted(each.scopes)), *map(moment, (each.created_at, each.expires_at, each.used_at)))
            for each in listed
        ],
        empty="no tokens",
    )


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it: the program that uses it.")],
    scopes: Annotated[
        Optional[list[Scope]],  # noqa: UP045
        typer.Option("--scope", help="What it may do, once for each; else read."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How long it holds.")] = 90,
    user: OfUser = "",
    json: AsJSON = False,
) -> None:
    """Make a token. It is shown this once, and cannot be had again.

    Example: presswatch tokens add dashboard --scope read --days 30
    """
    from presswatch.actions import tokens
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        owner = _owner(database, user)
        made = run(tokens.add(database, owner, OPERATOR, name, scopes or [Scope.READ], days))
    if json:
        as_json(representations.token(made.token) | {"token": made.secret})
        return
    say(f"token {made.token.name} holds until {moment(made.token.expires_at)}; it is shown this once:")
    say(made.secret)


@app.command()
def revoke(
    context: typer.Context, name: Annotated[str, typer.Argument(help="A token's name.")], user: OfUser = ""
) -> None:
    """End a token at once.

    Example: presswatch tokens revoke dashboard
    """
    from presswatch.actions import tokens
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        token = run(tokens.revoke(database, _owner(database, user), OPERATOR, name))
    say(f"token {token.name} lets nobody in any more")


def _owner(database: Database, user: str) -> int:
    """Whose tokens are meant: the operator may see and end everybody's."""
    from presswatch.actions import users
    from presswatch.loop import run

    return run(users.named(database, user)).id if user else OWNER
