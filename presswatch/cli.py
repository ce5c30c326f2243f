"""The command line. Each command imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from presswatch.commands import (
    alerts,
    aliases,
    backfill,
    channels,
    doctor,
    history,
    notices,
    read,
    reports,
    serving,
    sources,
    subscriptions,
    topics,
    watchlist,
    why,
)

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
app.command("why")(why.why)
app.command("facets")(reports.facets)
app.command("trend")(reports.trend)
app.command("silence")(reports.silence)
app.command("export")(reports.export)
app.command("feed")(reports.feed)
app.add_typer(alerts.app, name="alerts")
app.add_typer(notices.app, name="notices")
app.command("doctor")(doctor.doctor)

GLOBAL_OPTIONS = ("--data",)
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
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = data  # each command opens what it names: `presswatch.context`
    if context.invoked_subcommand is None:
        if data is not None:
            serving.start(context)
        else:
            print(context.get_help())


def main() -> None:
    """Run the command line; a person's mistake ends in one clear line and exit code 2, not in a traceback."""
    from storage.errors import PresswatchError

    try:
        app(args=_global_options_first(sys.argv[1:]), prog_name="presswatch")
    except PresswatchError as error:
        from presswatch.output import fail

        fail(error)
    except SystemExit as end:
        unknown = getattr(end.__context__, "option_name", "--")  # of one letter: a query was taken for options
        if not unknown.startswith("--"):
            print("  mend: a query that begins with - goes last, behind --", file=sys.stderr)
        raise
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:  # `presswatch search ... | head`
        sys.stderr.close()
        raise SystemExit(0) from None


def _global_options_first(arguments: list[str]) -> list[str]:
    """Move `--data DIR` from anywhere before `--` to the front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*front, *rest, argument, *waiting]
        if argument in GLOBAL_OPTIONS:
            front += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        elif argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return [*front, *rest]
