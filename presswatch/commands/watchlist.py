"""`watchlist`: topics, subscriptions and sources as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from presswatch import representations
from presswatch.commands.files import is_screen, whole_file
from presswatch.commands.options import AsJSON
from presswatch.context import OWNER, asked, opened
from presswatch.output import as_json, say
from presswatch.watchlist.file_format import Form, form_of

if TYPE_CHECKING:
    from presswatch.watchlist.changes import WatchlistChange

app = typer.Typer(help="Topics, subscriptions and sources as a file.", no_args_is_help=True)

AsForm = Annotated[
    Optional[Form],  # noqa: UP045
    typer.Option("--as", help="The file's form; else its name tells it."),
]


@app.command()
def export(
    context: typer.Context,
    to: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--to", help="Write to this file, else to the screen.", metavar="FILE"),
    ] = None,
    as_: AsForm = None,
) -> None:
    """Write topics, subscriptions and sources as TOML, or the feeds that are polled as OPML. Channels are only named.

    Example: presswatch watchlist export --to desk.toml
    """
    from presswatch.loop import run
    from presswatch.watchlist.exporting import exported

    with asked(context.obj, with_catalogue=True) as (_, database):
        written = run(exported(database, OWNER, as_ or form_of(to)))
    with whole_file(to) as write:
        write(written.text)
    if not is_screen(to):
        say(f"{written.counted} written to {to}")


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A TOML file as export writes it, or any feed reader's OPML file.")],
    as_: AsForm = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Also remove what the file does not name, of the tables that it has.")
    ] = False,
    json: AsJSON = False,
) -> None:
    """Add and change what a file says: all of it, or nothing where anything in it is wrong.

    Example: presswatch watchlist import desk.toml --dry-run
    """
    from presswatch.loop import run
    from presswatch.watchlist.importing import import_file

    with opened(context.obj) as (settings, database):
        form = as_ or form_of(file)
        work = import_file(database, OWNER, file, form, settings, prune=prune, dry_run=dry_run)
        changed = run(work)
    if json:
        as_json({"dry_run": dry_run, "changes": [_values(change) for change in changed]})
        return
    for change in changed:
        say(_line(change))
    counted = {verb: sum(change.verb == verb for change in changed) for verb in ("added", "changed", "removed")}
    would = "would be " if dry_run else ""
    told = ", ".join(f"{count} {would}{verb}" for verb, count in counted.items() if count)
    say(told or "nothing changes: all of it is there already")


def _values(change: WatchlistChange) -> dict[str, Any]:
    before, after = (dict(each.row) if each else None for each in (change.before, change.after))
    return representations.watchlist_change(change.verb, change.kind, change.name, before, after)


def _line(change: WatchlistChange) -> str:
    from presswatch.watchlist.model import WantedSource, WantedSubscription, WantedTopic

    mark = {"added": "+", "changed": "~", "removed": "-"}[change.verb]
    match change.after if change.before is None else None:
        case WantedTopic(query=query):
            more = f": {query}"
        case WantedSubscription(rhythm=rhythm):
            more = f": {rhythm}"
        case WantedSource(spec=spec):
            more = f": {spec.address}" + ("" if spec.enabled else ", not polled")
        case _:
            fields = change.fields.items() if change.before and change.after else ()
            more = "".join(f"\n    {name}: {_said(old)} -> {_said(new)}" for name, (old, new) in fields)
    return f"{mark} {change.kind} {change.name}{more}"


def _said(value: Any) -> str:
    from json import dumps

    return "as usual" if value is None else dumps(value, ensure_ascii=False)
