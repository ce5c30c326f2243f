"""`nodes`: the processes that work on a server's database."""

from __future__ import annotations

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import asked
from presswatch.output import as_json, command, moment, table

app = typer.Typer(help="Nodes: the processes that work on a server's database together.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, json: AsJSON = False) -> None:
    """List the nodes, the last to join first: roles, version, load, what each holds, and when it was heard of.

    Example: presswatch nodes list --json
    """
    from presswatch.actions import nodes
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        listed = run(nodes.listing(database))
    if json:
        as_json([representations.node(node) for node in listed])
        return
    table(
        ("node", "name", "roles", "version", "load", "holds", "started", "heard of", "ended"),
        [
            (
                str(node.number),
                node.name,
                ",".join(node.roles),
                node.version,
                str(node.load),
                f"{node.sources} sources, {node.alerts} alerts",
                moment(node.started_at),
                moment(node.beat_at),
                f"{moment(node.ended_at)}: {node.ended}" if node.ended_at else "",
            )
            for node in listed
        ],
        empty=f"no nodes: they work on a server's database (PRESSWATCH_DATABASE), and begin with: {command()} start",
    )
