"""`why`: why a statement meets a topic, or why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.commands.options import AsJSON
from storage.types import SOLE_OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.search.explain import Explanation
    from storage.types import Version

_AROUND = 50
"""Characters before and after what was met."""


def why(
    item: Annotated[int, typer.Argument(help="A statement's number, as search shows it.")],
    topic: Annotated[str, typer.Argument(help="A topic's name, or a query.")],
    json: AsJSON = False,
) -> None:
    """Say why a statement meets a topic, or why not: clause by clause, and what became of it.

    Example: presswatch why 12 CSTO
    """
    from dataclasses import asdict

    from presswatch.context import opened
    from presswatch.output import as_json, say
    from storage.items import items
    from storage.outbox.trace import outcome
    from storage.people import topics
    from storage.query.parser import parse
    from storage.query.resolve import resolve
    from storage.search.explain import explain

    with opened() as (_, database):
        found = database.read(items.get, item)
        saved = database.read(topics.find, SOLE_OWNER, topic)
        verdict = explain(resolve(parse(saved.query if saved else topic), database.packs), items.analysed(found))
        became = database.read(outcome, found, saved) if saved else ""
    if json:
        as_json({"item": item, "query": saved.query if saved else topic, "outcome": became, **asdict(verdict)})
        return
    for line in _verdict_lines(verdict, found.version):
        say(line)
    say(f"#{item} {'meets' if verdict.holds else 'does not meet'} {topic}" + (f"; {became}" if became else ""))


def _verdict_lines(verdict: Explanation, version: Version, depth: int = 0) -> Iterator[str]:
    yield f"{'  ' * depth}{'yes' if verdict.holds else 'no '}  {verdict.what}" + (
        f": {verdict.why}" if verdict.why else ""
    )
    texts = {"title": version.title, "body": version.body}
    for hit in verdict.hits[:3]:
        met = _in_its_sentence(texts[hit.field], hit.start, hit.end)
        yield f"{'  ' * depth}     {hit.field}, character {hit.start + 1}: {met}"
    for part in verdict.parts:
        yield from _verdict_lines(part, version, depth + 1)


def _in_its_sentence(text: str, start: int, end: int) -> str:
    """What was met between brackets, with whole words before and after it, on one line."""
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    if start > _AROUND:
        before = before.partition(" ")[2]
    if end + _AROUND < len(text):
        after = after.rpartition(" ")[0]
    return re.sub(r"\s+", " ", f"{before}[{text[start:end]}]{after}").strip()
