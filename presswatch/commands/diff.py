"""`diff`: what an edit changed, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON, Statement, number_or_address
from presswatch.context import asked
from presswatch.output import as_json, console, moment, plural, say
from presswatch.visible import visible

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from rich.text import Text

    from storage.items.diff import Run
    from storage.types import Version

SIGNS = {"added": ("{+", "+}", "green"), "removed": ("[-", "-]", "red")}
"""What stands around words that were added and removed, as `git diff --word-diff` has it, and their colour."""


def diff(
    context: typer.Context,
    item: Statement,
    before: Annotated[int, typer.Argument(help="The earlier version, else the one before.", min=0, metavar="V1")] = 0,
    after: Annotated[int, typer.Argument(help="The later version, else the newest.", min=0, metavar="V2")] = 0,
    json: AsJSON = False,
) -> None:
    """Show what an edit changed: the last one, or what lies between two versions.

    Example: presswatch diff 12 1 3
    """
    from presswatch.actions import statements
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        found = run(statements.difference(database, number_or_address(item), before, after))
    if json:
        as_json(representations.diff(found.before, found.after, found.diff))
        return
    say(f"version {_seen(found.before)} -> {_seen(found.after)}")
    counted = f"{plural(found.diff.added, 'word')} added, {found.diff.removed} removed"
    say(f"{counted}, {plural(found.diff.moved, 'paragraph')} moved" if found.diff.moved else counted)
    if found.claims_differ:
        dates = (str(version.published) or "without a date" for version in (found.before, found.after))
        say(f"dated {' -> '.join(dates)}")
    _print("", found.diff.title)
    for each in found.diff.folded:
        if each.paragraph is None:
            say(f"\n  ({plural(each.unchanged, 'paragraph')} unchanged)")
        else:
            _print("(moved here) " if each.paragraph.change == "moved" else "", each.paragraph.runs)


def _seen(version: Version) -> str:
    return f"{version.number}, seen {moment(version.seen_at)}"


def _print(heading: str, runs: tuple[Run, ...]) -> None:
    console().print("\n", heading, *map(_marked, runs), sep="", soft_wrap=True, markup=False)


def _marked(run: Run) -> Text:
    """The words of a run, between their signs: what is told by its colour alone is not told to everybody."""
    from rich.text import Text

    words = run.text.rstrip()
    left, right, colour = SIGNS.get(run.change, ("", "", ""))
    return Text(f"{left}{visible(words)}{right}", colour).append(visible(run.text[len(words) :]))
