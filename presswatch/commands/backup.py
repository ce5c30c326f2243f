"""`backup` and `restore`: one file with everything, made while presswatch runs, and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.context import asked
from presswatch.output import command, moment, plural, say
from storage.errors import InvalidInputError

if TYPE_CHECKING:
    from storage.backups.archive import Backup

Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(help="A file, or a folder: then it is named by the time.", metavar="FILE")],
    force: Force = False,
    without_evidence: Annotated[
        bool, typer.Option("--without-evidence", help="Leave the raw pages where they are; their chain is known.")
    ] = False,
) -> None:
    """Write everything to one file, and verify it: the history, topics, channels, their key, alias packs, evidence.

    It may run beside `start`. Whoever has the file can open the channels' addresses. Exit code 1 if no key opens one,
    or evidence is not as it was written.

    Example: presswatch backup /srv/backups
    """
    from presswatch.actions import backup as backups
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        file, made = run(backups.make(database, to, replace=force, evidence=not without_evidence))
    say(f"{file} holds {plural(made.statements, 'statement')}, and can be brought back: {command()} restore {file}")
    if not made.has_key:
        say("it holds no key: keep that of PRESSWATCH_KEY, if there is one")
    _warn(made)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `presswatch backup` has written.")],
    force: Force = False,
    check: Annotated[bool, typer.Option("--check", help="Only verify the file.")] = False,
) -> None:
    """Bring a backup back, while no presswatch runs on the data folder. What is there is kept beside it.

    Exit code 1 if it is back and no key opens the address of a channel, or evidence is not as it was written.

    Example: presswatch restore /srv/backups/presswatch.tar.gz --data /var/lib/presswatch
    """
    from presswatch.actions import backup as backups
    from presswatch.loop import run

    settings = context.obj.settings()
    if check:
        found = run(backups.check(file, settings.data))
        say(f"{file} is whole: {_described(found)}")
    else:
        if settings.server:
            raise InvalidInputError(
                "a backup is brought back into a data folder, and the settings name a server",
                mend="take PRESSWATCH_DATABASE away for this command, then bring it there with: "
                "presswatch database copy; what pg_dump has made is brought back by pg_restore",
            )
        found = run(backups.restore(file, settings.data, settings.alias_folder.path, replace=force))
        say(f"{settings.data} holds again: {_described(found)}; go on with: {command()} start")
    _warn(found)


def _described(backup: Backup) -> str:
    return f"{plural(backup.statements, 'statement')} as of {moment(backup.made_at)}, by presswatch {backup.version}"


def _warn(backup: Backup) -> None:
    for fault in backup.altered:
        say(f"evidence: {fault}")
    if backup.unopened:
        say(f"no key opens the address of {', '.join(backup.unopened)}: put the key where it was, or add them again")
    if backup.unopened or backup.altered:
        raise typer.Exit(1)
