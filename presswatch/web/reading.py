"""A statement's text as its page shows it: paragraphs with marked words, and where each word stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notify.messages.snippets import Piece, marked, spans_of
from storage.items.diff import Change, Run
from storage.types import Hit


@dataclass(frozen=True, slots=True)
class Met:
    """A word or name that a clause met, and the paragraphs that it stands in, by number; 0 is the title."""

    clause: str
    name: str
    alias: str
    places: tuple[int, ...]


def paragraphs(body: str, hits: Iterable[Hit] = ()) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs of a text, the words that were met marked."""
    spans = spans_of(hits, "body", body)
    return tuple(marked(body, spans, start, end) for start, end in _paragraphs(body))


def places(body: str, hits: Sequence[Hit]) -> tuple[Met, ...]:
    """What was met, in the order of the query's clauses, each name once."""
    bounds = _paragraphs(body)
    found: dict[tuple[str, str, str], list[int]] = {}
    for hit in hits:
        number = _number(bounds, hit)
        if number is not None and number not in (known := found.setdefault((hit.clause, hit.name, hit.alias), [])):
            known.append(number)
    return tuple(Met(*key, tuple(sorted(numbers))) for key, numbers in found.items())


def _number(bounds: Sequence[tuple[int, int]], hit: Hit) -> int | None:
    if hit.field == "title":
        return 0
    return next((number for number, (start, end) in enumerate(bounds, 1) if start <= hit.start < end), None)


def _paragraphs(body: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for paragraph in body.split("\n\n"):
        if paragraph.strip():
            bounds.append((start, start + len(paragraph)))
        start += len(paragraph) + 2
    return bounds


def before(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The words of the earlier version."""
    return tuple(run for run in runs if run.change is not Change.ADDED)


def after(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The words of the later version."""
    return tuple(run for run in runs if run.change is not Change.REMOVED)
