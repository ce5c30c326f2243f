"""`aliases`: what `alias:NAME` stands for in a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import asked
from presswatch.output import as_json, fields, say, table, typed

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.query.aliases import AliasName

app = typer.Typer(help="What alias:NAME stands for in a query.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, json: AsJSON = False) -> None:
    """List the alias packs, those that are shipped and your own, and what is wrong with files of yours.

    Example: presswatch aliases list
    """
    from presswatch.actions import aliases
    from presswatch.loop import run

    with asked(context.obj, or_new=True) as (_, database):
        found = run(aliases.listing(database))
    if json:
        packs = [representations.alias(each.pack, each.is_own) for each in found.every]
        as_json({"aliases": packs, "problems": [representations.problem(problem) for problem in found.problems]})
        return
    table(
        ("alias", "languages", "names", "from", "what it is"),
        [
            (
                each.pack.name,
                " ".join(each.pack.languages),
                str(len(each.pack.names)),
                "yours" if each.is_own else "shipped",
                each.pack.description,
            )
            for each in found.every
        ],
        empty="no aliases",
    )
    for problem in found.problems:
        say(f"left out: {problem}\n  mend: {typed(problem.mend)}")


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="An alias, or another name of it.")],
    json: AsJSON = False,
) -> None:
    """Show the names that an alias stands for, by language.

    Example: presswatch aliases show CSTO
    """
    from presswatch.actions import aliases
    from presswatch.loop import run

    with asked(context.obj, or_new=True) as (_, database):
        found = run(aliases.show(database, name))
    pack = found.pack
    if json:
        names = [representations.alias_name(one) for one in pack.names]
        as_json(representations.alias(pack, found.is_own) | {"names": names})
        return
    say(f"{pack.name}: {pack.description}")
    if pack.synonyms:
        say(f"also called {', '.join(pack.synonyms)}")
    fields(
        {
            language: ", ".join(_written(name) for name in pack.names if name.language == language)
            for language in pack.languages
        }
    )


def _written(name: AliasName) -> str:
    """As the pack's file has it."""
    limits = f" (in {' '.join(name.only)} only)" if name.only else ""
    return f"{'=' if name.exact else ''}{name.text}{limits}"
