"""Whether a text meets a query, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TypeAlias

from storage.query.near import Stretch, close_together
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.text import FIELDS, AnalysedField, AnalysedText, is_form
from storage.query.tree import And, Dated, Expression, Fact, Filter, Not, Or
from storage.types import Hit

MOST_HITS = 20

Worded: TypeAlias = Clause | Nearness


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer of a text to a query. `hits` are in reading order, title first; none if it does not match."""

    matches: bool
    hits: tuple[Hit, ...] = ()


def evaluate(query: ResolvedQuery, text: AnalysedText) -> Evaluation:
    """Ask a text a query.

    The hits belong to the clauses that made it match: none of an OR's side that failed, none of what was excluded.
    Of more than `MOST_HITS` each clause keeps its first ones in turn.
    """
    reasons = _reasons(query.root, text, True)
    if reasons is None:
        return Evaluation(False)
    return Evaluation(True, _hits(tuple(dict.fromkeys(reasons)), text))


def matches(query: ResolvedQuery, text: AnalysedText) -> bool:
    """Whether a text meets a query: `Evaluation.matches` without the hits."""
    return _reasons(query.root, text, True) is not None


def _reasons(node: Expression[Resolved], text: AnalysedText, wanted: bool) -> tuple[Worded, ...] | None:
    """The clauses by whose occurrence the node is as wanted: true or false. None if it is not."""
    if isinstance(node, Not):
        return _reasons(node.part, text, not wanted)
    if isinstance(node, And | Or):
        found = [_reasons(part, text, wanted) for part in node.parts]
        given = [reasons for reasons in found if reasons is not None]
        enough = len(given) == len(found) if isinstance(node, And) is wanted else bool(given)
        return tuple(clause for reasons in given for clause in reasons) if enough else None
    if isinstance(node, Fact | Dated):
        return () if holds(node, text) is wanted else None
    if occurs(node, text) is not wanted:
        return None
    return (node,) if wanted else ()


def holds(leaf: Filter, text: AnalysedText) -> bool:
    """Whether what a filter says is so."""
    if isinstance(leaf, Dated):
        if text.day is None:
            return False
        return (leaf.first is None or leaf.first <= text.day) and (leaf.last is None or text.day <= leaf.last)
    if leaf.field == "source":
        return f"{text.source.lower()}/".startswith(f"{leaf.value}/")
    said = {"country": text.country, "lang": text.language, "state": text.state}[leaf.field]
    return leaf.value == said.lower()


def occurs(clause: Worded, text: AnalysedText) -> bool:
    """Whether a clause is met."""
    if isinstance(clause, Nearness):
        return any(any(_near(clause, field, text)) for field in text.fields if field.name in clause.fields)
    names = clause.names_in(text.language)
    for field in text.fields:
        if field.name in clause.fields:
            for atom, _ in names:
                first = atom[0]
                if not is_form(first):
                    # Most topics fail here, at a stem that the text does not have.
                    if first not in field.positions:
                        continue
                    if len(atom) == 1:
                        return True
                if any(True for _ in field.occurrences(atom)):
                    return True
    return False


def _near(clause: Nearness, field: AnalysedField, text: AnalysedText) -> Iterator[tuple[Stretch, ...]]:
    parts: list[list[Stretch]] = []
    for part in clause.parts:
        parts.append(_stretches(part, field, text.language))
        if not parts[-1]:
            return iter(())
    return close_together(parts, clause.distance)


def _stretches(clause: Clause, field: AnalysedField, language: str) -> list[Stretch]:
    """Where the clause occurs in a field."""
    found: list[Stretch] = []
    for atom, _ in clause.names_in(language):
        first = atom[0]
        if is_form(first) or first in field.positions:  # of many stems of a word, the text has one
            length = len(atom)
            found += [(place, place + length) for place in field.occurrences(atom)]
    return found


def _hits(clauses: tuple[Worded, ...], text: AnalysedText) -> tuple[Hit, ...]:
    rounds = zip_longest(*(_hits_of(clause, text) for clause in clauses))
    chosen = islice((hit for hits in rounds for hit in hits if hit is not None), MOST_HITS)
    return tuple(sorted(chosen, key=lambda hit: (FIELDS.index(hit.field), hit.start, hit.end)))


def _hits_of(clause: Worded, text: AnalysedText) -> list[Hit]:
    """The first hits of a clause, in reading order, each place once."""
    hits: list[Hit] = []
    for field in text.fields:
        if field.name not in clause.fields:
            continue
        if isinstance(clause, Nearness):
            hits += _hits_of_parts(clause, field, text)
            continue
        named = _named_places(clause, field, text)
        hits += [Hit(clause.clause, named[place], field.name, *place, clause.alias) for place in sorted(named)]
    return hits[:MOST_HITS]


def _hits_of_parts(clause: Nearness, field: AnalysedField, text: AnalysedText) -> list[Hit]:
    """What stood near what: a hit for each part, each place once."""
    hits: dict[tuple[int, int], Hit] = {}
    for stretches in islice(_near(clause, field, text), MOST_HITS):
        for part, (first, end) in zip(clause.parts, stretches, strict=True):
            start, stop = field.spans[first][0], field.spans[end - 1][1]
            of_length = ((atom, name) for atom, name in part.names_in(text.language) if len(atom) == end - first)
            names = (name for atom, name in of_length if first in field.occurrences(atom))
            hits.setdefault((start, stop), Hit(clause.clause, next(names), field.name, start, stop, part.alias))
    return [hits[place] for place in sorted(hits)]


def _named_places(clause: Clause, field: AnalysedField, text: AnalysedText) -> dict[tuple[int, int], str]:
    """Where in the original text the clause occurs, and by which name: the first ones of each atom."""
    named: dict[tuple[int, int], str] = {}
    for atom, name in clause.names_in(text.language):
        for index in islice(field.occurrences(atom), MOST_HITS):
            first, last = field.spans[index], field.spans[index + len(atom) - 1]
            named.setdefault((first[0], last[1]), name)
    return named
