"""`start`, `poll` and `demo`, the commands that fetch and send; `mcp`, which answers a program."""

from __future__ import annotations

import signal
import sys
from typing import Annotated, Optional

import typer

from storage.errors import InvalidInputError, did_you_mean
from storage.types import EVERY_ROLE, NodeRole

LogJSON = Annotated[bool, typer.Option("--log-json", help="Print what happens as JSON, one object a line.")]


def start(
    context: typer.Context,
    roles: Annotated[
        str, typer.Option("--roles", help="What this node does of crawl,match,deliver,web.", metavar="ROLES")
    ] = "",
    log_json: LogJSON = False,
) -> None:
    """Watch all enabled sources and send alerts, until Ctrl-C.

    Example: presswatch start --data /srv/presswatch
    """
    from presswatch.serve import serve_forever

    raise typer.Exit(serve_forever(context.obj.settings(), roles=_roles(roles), log_json=log_json))


def _roles(typed: str) -> frozenset[NodeRole]:
    """The roles of a list with commas; all where none is named. Raises `InvalidInputError`."""
    words = [word.strip() for word in typed.split(",") if word.strip()]
    try:
        return frozenset(NodeRole(word) for word in words) or EVERY_ROLE
    except ValueError:
        strange = next(word for word in words if word not in {*NodeRole})
        known = ",".join(NodeRole)
        mend = f"{did_you_mean(strange, NodeRole)}the roles are {known}"
        raise InvalidInputError(f"there is no role {strange!r}", mend=mend) from None


def poll(
    context: typer.Context,
    sources: Annotated[
        Optional[list[str]], typer.Argument(help="Keys of sources; all enabled ones if none is named.")  # noqa: UP045
    ] = None,
    log_json: LogJSON = False,
) -> None:
    """Poll sources once, now, and send what that found.

    Example: presswatch poll mfa-by/news-en
    """
    from presswatch.serve import poll_once

    raise typer.Exit(poll_once(context.obj.settings(), sources or [], log_json=log_json))


def mcp(context: typer.Context) -> None:
    """Answer a program with a language model, which starts this: the history as tools, on standard input and output.

    Example: presswatch mcp --data /srv/presswatch
    """
    from presswatch.context import OWNER, asked
    from presswatch.loop import run
    from presswatch.mcp import require
    from presswatch.output import note

    require()
    from presswatch.mcp.server import server
    from presswatch.mcp.streams import over_stdio

    with asked(context.obj) as (_, database):
        if sys.stdin.isatty():
            note("a program with a language model starts this and talks to it; see docs/mcp.md. Stop with Ctrl-C")
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a thread waits for input, and nothing else could wake it
        run(over_stdio(server(database, OWNER)))


def demo(context: typer.Context) -> None:
    """Watch a replica of a ministry's site on this machine publish, edit and withdraw statements.

    Needs no internet and touches no data of yours. Example: presswatch demo
    """
    from presswatch.demo.scenario import play

    raise typer.Exit(play(context.obj.settings().data / "demo"))
