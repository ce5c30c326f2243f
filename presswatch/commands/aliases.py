"""`aliases`: what `alias:NAME` stands for in a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.commands.options import AsJSON

if TYPE_CHECKING:
    from storage.query.aliases import AliasName, AliasPack

app = typer.Typer(help="What alias:NAME stands for in a query.", no_args_is_help=True)


@app.command("list")
def list_(json: AsJSON = False) -> None:
    """List the alias packs, those that are shipped and your own, and what is wrong with files of yours.

    Example: presswatch aliases list
    """
    from presswatch.context import opened
    from presswatch.output import as_json, say, table

    with opened() as (_, database):
        found = database.aliases.in_force
    own = {pack.name for pack in found.own}
    if json:
        problems = [{"problem": str(problem), "mend": problem.mend} for problem in found.problems]
        as_json({"aliases": [_summary(pack, own) for pack in found.every], "problems": problems})
        return
    table(
        ("alias", "languages", "names", "from", "what it is"),
        [
            (pack.name, " ".join(_languages(pack)), str(len(pack.names)), _origin(pack, own), pack.description)
            for pack in found.every
        ],
        empty="no aliases",
    )
    for problem in found.problems:
        say(f"left out: {problem}\n  mend: {problem.mend}")


@app.command()
def show(name: Annotated[str, typer.Argument(help="An alias, or another name of it.")], json: AsJSON = False) -> None:
    """Show the names that an alias stands for, by language.

    Example: presswatch aliases show CSTO
    """
    from presswatch.context import opened
    from presswatch.output import as_json, fields, say
    from storage.query.aliases import alias

    with opened() as (_, database):
        found = database.aliases.in_force
    pack = alias(name, found.packs)
    if json:
        names = [
            {"name": one.text, "language": one.language, "exact": one.exact, "languages": list(one.only)}
            for one in pack.names
        ]
        as_json({**_summary(pack, {own.name for own in found.own}), "names": names})
        return
    say(f"{pack.name}: {pack.description}")
    if pack.synonyms:
        say(f"also called {', '.join(pack.synonyms)}")
    fields({language: ", ".join(map(_written, _names(pack, language))) for language in _languages(pack)})


def _names(pack: AliasPack, language: str) -> list[AliasName]:
    return [name for name in pack.names if name.language == language]


def _summary(pack: AliasPack, own: set[str]) -> dict[str, object]:
    return {
        "name": pack.name,
        "description": pack.description,
        "synonyms": list(pack.synonyms),
        "languages": _languages(pack),
        "names": len(pack.names),
        "from": _origin(pack, own),
    }


def _origin(pack: AliasPack, own: set[str]) -> str:
    return "yours" if pack.name in own else "shipped"


def _languages(pack: AliasPack) -> list[str]:
    return list(dict.fromkeys(name.language for name in pack.names))


def _written(name: AliasName) -> str:
    """As the pack's file has it."""
    limits = f" (in {' '.join(name.only)} only)" if name.only else ""
    return f"{'=' if name.exact else ''}{name.text}{limits}"
