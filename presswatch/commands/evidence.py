"""`evidence`: the raw pages of all versions, and that nobody has altered them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch import representations
from presswatch.commands.files import whole_file, whole_folder
from presswatch.commands.options import AsJSON, Statement, number_or_address
from presswatch.context import asked
from presswatch.output import as_json, moment, note, plural, say, whole_progress

if TYPE_CHECKING:
    from storage.items.evidence.rows import Chained
    from storage.items.evidence.verifying import Verified

app = typer.Typer(help="The raw pages of all versions, and that nobody has altered them.", no_args_is_help=True)


@app.command("verify")
def verify(
    context: typer.Context,
    head: Annotated[
        str, typer.Option("--head", help="A digest that `evidence head` once said.", metavar="DIGEST")
    ] = "",
    json: AsJSON = False,
) -> None:
    """Look whether all evidence is as it was written: every byte, record, row and text. Exit code 1 if it is not.

    Example: presswatch evidence verify
    """
    from presswatch.actions import evidence
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        kept = run(evidence.kept_head(database, head)) if head else None
        found = run(evidence.verify(database, whole_progress("verifying")))
    if json:
        as_json(representations.verified(found))
    else:
        _tell(found, kept)
    if found.faults:
        raise typer.Exit(1)


def _tell(found: Verified, kept: Chained | None) -> None:
    for fault in found.faults:
        say(str(fault))
    for remark in found.notes:
        note(remark)
    if kept is not None and not found.faults:
        say(f"{kept.node} holds all as it was at record {kept.link.number}, {moment(kept.link.at)}")
    if found.elsewhere:
        note(f"to be verified where their files lie: {', '.join(f'{n} of {k}' for k, n in found.elsewhere.items())}")
    whole = "not as it was written" if found.faults else "as it was written"
    say(f"{plural(found.records, 'record')} and {plural(found.texts, 'text')}: {whole}")


@app.command("export")
def export(
    context: typer.Context,
    item: Statement,
    to: Annotated[Path, typer.Option("--to", help="A new folder, or a file that ends with .zip.", metavar="PATH")],
) -> None:
    """Take out what proves a statement: the raw pages, all versions, digests, and how a stranger verifies them.

    Example: presswatch evidence export 12 --to statement-12.zip
    """
    from presswatch.actions import evidence
    from presswatch.formats.evidence import zipped
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        found, files = run(evidence.export(database, number_or_address(item)))
    if to.suffix.lower() == ".zip":
        with whole_file(to) as write:
            write(zipped(f"statement-{found}", files))
    else:
        whole_folder(to, files)
    say(f"{to} has {plural(len(files), 'file')} that prove statement {found}; its README.txt says how to verify them")


@app.command("head")
def head(context: typer.Context, json: AsJSON = False) -> None:
    """Print the end of the chain: who keeps it elsewhere can show later whether anything before it was altered.

    Example: presswatch evidence head | mail -s evidence archive@example.org
    """
    from presswatch.actions import evidence
    from presswatch.loop import run

    with asked(context.obj) as (_, database):
        found = run(evidence.heads(database))
    if json:
        as_json([representations.chain_head(one) for one in found])
        return
    for one in found:
        say(f"{one.node} {one.link.number} {one.digest}")
    if not found:
        note("there is no evidence yet")
