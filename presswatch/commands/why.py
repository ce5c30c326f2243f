"""`why`: why a statement meets a topic, or why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON, Statement, number_or_address
from presswatch.context import OWNER, asked
from presswatch.output import as_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.search.explain import Explanation
    from storage.types import Version

_AROUND = 50
"""Characters before and after what was met."""


def why(
    context: typer.Context,
    item: Statement,
    topic: Annotated[str, typer.Argument(help="A topic's name, or a query.")],
    json: AsJSON = False,
) -> None:
    """Say why a statement meets a topic, or why not: clause by clause, and what became of it.

    Example: presswatch why 12 CSTO
    """
    from presswatch.actions import items
    from presswatch.loop import run

    which = number_or_address(item)
    with asked(context.obj) as (_, database):
        verdict = run(items.why(database, OWNER, which, topic))
    explanation, outcome, item_id = verdict.explanation, verdict.outcome, verdict.item.id
    if json:
        as_json(representations.verdict(item_id, verdict.query, outcome, explanation))
        return
    for line in _lines(explanation, verdict.item.version):
        say(line)
    say(f"#{item_id} {'meets' if explanation.holds else 'does not meet'} {topic}" + (f"; {outcome}" if outcome else ""))


def _lines(part: Explanation, version: Version, depth: int = 0) -> Iterator[str]:
    yield f"{'  ' * depth}{'yes' if part.holds else 'no '}  {part.what}" + (f": {part.why}" if part.why else "")
    texts = {"title": version.title, "body": version.body}
    for hit in part.hits[:3]:
        met = _in_its_sentence(texts[hit.field], hit.start, hit.end)
        yield f"{'  ' * depth}     {hit.field}, character {hit.start + 1}: {met}"
    for each in part.parts:
        yield from _lines(each, version, depth + 1)


def _in_its_sentence(text: str, start: int, end: int) -> str:
    """What was met between brackets, with whole words before and after it, on one line."""
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    if start > _AROUND:
        before = before.partition(" ")[2]
    if end + _AROUND < len(text):
        after = after.rpartition(" ")[0]
    return re.sub(r"\s+", " ", f"{before}[{text[start:end]}]{after}").strip()
