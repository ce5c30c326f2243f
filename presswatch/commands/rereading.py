"""`reread`: what today's readers would make of raw pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import asked
from presswatch.output import as_json, plural, say, whole_progress

if TYPE_CHECKING:
    from presswatch.actions.rereading import Otherwise


def reread(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The source's key, as sources list shows it.", metavar="SOURCE")],
    json: AsJSON = False,
) -> None:
    """Say what today's readers would read otherwise from the raw pages of a source's statements. Nothing is stored.

    Example: presswatch reread mfa-by/news-en
    """
    from crawler.reading.process import ReadingProcess
    from presswatch.actions import rereading
    from presswatch.loop import run

    with asked(context.obj) as (_, database):

        async def work() -> tuple[int, list[Otherwise]]:
            reading = ReadingProcess()
            try:
                return await rereading.look(database, reading, source, whole_progress("reading again"))
            finally:
                reading.close()

        count, found = run(work())
    if json:
        as_json([representations.otherwise(each.version, each.article, each.trouble) for each in found])
        return
    for each in found:
        say(f"#{each.version.item_id} version {each.version.number}: {_difference(each)}")
    say(f"{len(found)} of {plural(count, 'version')} would be read otherwise")


def _difference(each: Otherwise) -> str:
    if each.article is None:
        return f"nothing could be read: {each.trouble}"
    before, after = each.version.body.split("\n\n"), each.article.body.split("\n\n")
    title = each.version.title != each.article.title
    parts = [
        f'title "{each.version.title}" would be "{each.article.title}"' if title else "",
        f"{plural(len(set(before) - set(after)), 'paragraph')} less" if set(before) - set(after) else "",
        f"{plural(len(set(after) - set(before)), 'paragraph')} more" if set(after) - set(before) else "",
    ]
    return ", ".join(filter(None, parts)) or "the same words in another order"
