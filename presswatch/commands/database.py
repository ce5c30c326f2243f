"""`database`: everything is moved from one database into another."""

from __future__ import annotations

from typing import Annotated

import typer

from presswatch.output import plural, say, whole_progress

app = typer.Typer(help="Move everything from one database into another.", no_args_is_help=True)


@app.command()
def copy(
    context: typer.Context,
    source: Annotated[str, typer.Option("--from", help="A data folder, or a server's database.", metavar="DATABASE")],
    target: Annotated[str, typer.Option("--to", help="An empty one, or a folder to be made.", metavar="DATABASE")],
) -> None:
    """Copy everything into an empty database of either kind, and verify it: each table by its rows and a digest.

    It may run beside `start`, and copies what there is at its beginning. Broken off, it goes on when it is typed
    again. Exit code 1 if no key opens the address of a channel.

    Example: presswatch database copy --from sqlite:/var/lib/presswatch --to postgresql://presswatch@db.example/presswatch
    """
    from presswatch.actions import databases
    from presswatch.loop import run

    folder = context.obj.settings().data
    done = run(databases.copy(source, target, folder, whole_progress("copying"), whole_progress("verifying")))
    say(
        f"{done.target} holds what {done.source} held: {plural(done.copy.statements, 'statement')}, "
        f"{plural(done.copy.rows, 'row')} in {done.copy.tables} tables, all verified"
    )
    if done.is_watched:
        say("a process watches with the old one still: what it stores from now on is not in the copy")
    if done.evidence is not None:
        say(f"the evidence is still where it was: bring {done.evidence} into {done.folder} before you start there")
    if done.copy.unopened:
        say(f"no key opens the address of {', '.join(done.copy.unopened)}: add them again")
        raise typer.Exit(1)
