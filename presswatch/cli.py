"""The command line. Each command imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from presswatch.commands import (
    alerts,
    aliases,
    backfill,
    backup,
    channels,
    database,
    diff,
    doctor,
    evidence,
    history,
    nodes,
    notices,
    read,
    reports,
    rereading,
    serving,
    sources,
    subscriptions,
    tokens,
    topics,
    users,
    watchlist,
    web_archives,
    why,
)
from presswatch.context import Named
from presswatch.output import command, named

app = typer.Typer(
    name="presswatch",
    help="Watches the news sections of ministries and tells you within minutes when one touches your topics.",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("start")(serving.start)
app.command("demo")(serving.demo)
app.command("poll")(serving.poll)
app.add_typer(sources.app, name="sources")
app.command("read")(read.read)
app.command("reread")(rereading.reread)
app.command("import")(web_archives.import_)
app.command("backfill")(backfill.backfill)
app.add_typer(topics.app, name="topics")
app.add_typer(aliases.app, name="aliases")
app.add_typer(channels.app, name="channels")
app.command("subscribe")(subscriptions.subscribe)
app.command("unsubscribe")(subscriptions.unsubscribe)
app.command("canary")(subscriptions.canary)
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(watchlist.app, name="watchlist")
app.command("search")(history.search)
app.command("show")(history.show)
app.command("diff")(diff.diff)
app.command("why")(why.why)
app.command("facets")(reports.facets)
app.command("trend")(reports.trend)
app.command("silence")(reports.silence)
app.command("export")(reports.export)
app.command("feed")(reports.feed)
app.add_typer(alerts.app, name="alerts")
app.add_typer(notices.app, name="notices")
app.add_typer(nodes.app, name="nodes")
app.add_typer(users.app, name="users")
app.add_typer(tokens.app, name="tokens")
app.command("mcp")(serving.mcp)
app.command("doctor")(doctor.doctor)
app.add_typer(evidence.app, name="evidence")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(database.app, name="database")

GLOBAL_OPTIONS = ("--data", "--database")
"""Options that may stand anywhere on the line; Typer wants them before the command."""


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"presswatch {version('presswatch')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of the database, else PRESSWATCH_DATA.", metavar="DIR")
    ] = None,
    database: Annotated[
        str,
        typer.Option(
            "--database",
            help="A PostgreSQL database instead of the file in that folder, else PRESSWATCH_DATABASE.",
            metavar="ADDRESS",
            show_default=False,
        ),
    ] = "",
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    named(data, database)
    context.obj = Named(data, database)  # each command opens what it names
    if context.invoked_subcommand is None:
        if data is not None or database:
            serving.start(context)
        else:
            print(context.get_help())


def main() -> None:
    """Run the command line; what goes wrong ends in one clear line and its exit code, never in a traceback.

    2 is a person's mistake or a machine's trouble, 1 a mistake of ours, 130 Ctrl-C. Raises `SystemExit`.
    """
    from presswatch.output import as_it_can_be_shown

    logging.getLogger().addHandler(logging.NullHandler())  # else Python prints to stderr what nobody has asked for
    if os.environ.get("PRESSWATCH_DEBUG"):
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    as_it_can_be_shown(sys.stdout, sys.stderr)
    with _told():
        code = app(args=_global_options_first(sys.argv[1:]), prog_name=command(), standalone_mode=False)
        sys.stdout.flush()
    raise SystemExit(code or 0)


@contextmanager
def _told() -> Iterator[None]:
    """Tell a person what went wrong in one line with the mend."""
    from presswatch.output import fail, note, silenced
    from storage.errors import PresswatchError, SettingsError

    try:
        yield
    except PresswatchError as error:
        fail(error)
    except typer.Abort:  # Ctrl-C at a question
        raise SystemExit(130) from None
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error, file=sys.stderr)
            raise SystemExit(2) from None
        from presswatch.usage import in_our_words

        fail(in_our_words(error))
    except BrokenPipeError:  # `presswatch search ... | head`
        silenced(sys.stdout)
        raise SystemExit(0) from None
    except OSError as error:
        silenced(sys.stdout)
        where = f"{error.filename}: " if error.filename else "what is printed cannot be written: "
        fail(SettingsError(f"{where}{error.strerror or error}", mend="look who owns it, and whether there is space"))
    except Exception as error:
        from storage.events import mistake

        made = mistake("the command line", error)
        note(f"error: a mistake of ours: {made.detail}")
        note("  mend: PRESSWATCH_DEBUG=1 shows where; please report it with what you typed")
        raise SystemExit(1) from None


def _global_options_first(arguments: list[str]) -> list[str]:
    """Move `--data DIR` and the like from anywhere before `--` to the front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*front, *rest, argument, *waiting]
        if argument in GLOBAL_OPTIONS:
            value = next(waiting, None)
            if value is None:  # Typer says that it lacks its argument
                return [argument]
            front += [argument, value]
        elif argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return [*front, *rest]
