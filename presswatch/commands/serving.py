"""`start`, `poll` and `demo`: the commands that fetch and send."""

from __future__ import annotations

from typing import Annotated, Optional

import typer


def start() -> None:
    """Watch all enabled sources and send alerts, until Ctrl-C.

    Example: presswatch start --data /srv/presswatch
    """
    from presswatch.serve import serve_forever

    raise typer.Exit(serve_forever())


def poll(
    sources: Annotated[
        Optional[list[str]], typer.Argument(help="Keys of sources; all enabled ones if none is named.")  # noqa: UP045
    ] = None,
) -> None:
    """Poll sources once, now, and send what that found.

    Example: presswatch poll mfa-by/news-en
    """
    from presswatch.serve import poll_once

    raise typer.Exit(poll_once(sources or []))


def demo() -> None:
    """Watch a replica of a ministry's site on this machine publish, edit and withdraw statements.

    Needs no internet and touches no data of yours. Example: presswatch demo
    """
    from presswatch.demo.scenario import play

    raise typer.Exit(play())
