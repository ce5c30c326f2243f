"""`import`: statements out of web archives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.context import asked
from presswatch.output import in_words, note, plural, say, whole_progress

if TYPE_CHECKING:
    from presswatch.actions.web_archives import Imported

_SHOWN = 20
"""So many records that were not read are named."""


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A WARC file, of presswatch or of a web archive.", metavar="FILE")],
    source: Annotated[
        str, typer.Option("--source", help="Whose statements these are, else that of their site.", metavar="SOURCE")
    ] = "",
) -> None:
    """Read statements out of a web archive's file, without alerting anybody. What is known stays as it is.

    Type it again to go on where it ended. Exit code 1 if the file cannot be read to its end.

    Example: presswatch import crawl-2019.warc.gz
    """
    from crawler.reading.process import ReadingProcess
    from presswatch.actions import web_archives
    from presswatch.loop import run

    with asked(context.obj, with_catalogue=True) as (_, database):

        async def work() -> Imported:
            reading = ReadingProcess()
            try:
                return await web_archives.import_file(database, reading, file, source, whole_progress("reading"))
            finally:
                reading.close()

        came = run(work())
    for skipped in came.skipped[:_SHOWN]:
        note(skipped)
    if len(came.skipped) > _SHOWN:
        note(f"and {plural(len(came.skipped) - _SHOWN, 'record')} more")
    say(
        f"{plural(came.new, 'new statement')}, {came.known} known; {came.others} other pages, {came.elsewhere} of sites"
        " that no source is of"
    )
    if came.ended is not None:
        note(in_words(came.ended))
        raise typer.Exit(1)
