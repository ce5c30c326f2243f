"""Whether a text meets a query, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from storage.query.resolve import Clause, ResolvedQuery
from storage.query.text import FIELDS, AnalysedField, AnalysedText, Atom
from storage.query.tree import And, Expression, Not, Or
from storage.types import Hit

MOST_HITS = 20


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


def _reasons(node: Expression[Clause], text: AnalysedText, wanted: bool) -> tuple[Clause, ...] | None:
    """The clauses by whose occurrence the node is as wanted: true or false. None if it is not."""
    if isinstance(node, Not):
        return _reasons(node.part, text, not wanted)
    if isinstance(node, And | Or):
        found = [_reasons(part, text, wanted) for part in node.parts]
        given = [reasons for reasons in found if reasons is not None]
        enough = len(given) == len(found) if isinstance(node, And) is wanted else bool(given)
        return tuple(clause for reasons in given for clause in reasons) if enough else None
    if _occurs(node, text) is not wanted:
        return None
    return (node,) if wanted else ()


def _occurs(clause: Clause, text: AnalysedText) -> bool:
    for field in text.fields:
        if field.name in clause.fields:
            positions = field.positions
            for atom, _ in clause.names:
                # Most topics fail here, at a stem that the text does not have.
                if atom[0] in positions and (len(atom) == 1 or any(True for _ in _occurrences(atom, field))):
                    return True
    return False


def _occurrences(atom: Atom, field: AnalysedField) -> Iterator[int]:
    """Where in the field's terms the atom begins."""
    for index in field.positions.get(atom[0], ()):
        if len(atom) == 1 or field.terms[index : index + len(atom)] == atom:
            yield index


def _hits(clauses: tuple[Clause, ...], text: AnalysedText) -> tuple[Hit, ...]:
    rounds = zip_longest(*(_hits_of(clause, text) for clause in clauses))
    chosen = islice((hit for hits in rounds for hit in hits if hit is not None), MOST_HITS)
    return tuple(sorted(chosen, key=lambda hit: (FIELDS.index(hit.field), hit.start, hit.end)))


def _hits_of(clause: Clause, text: AnalysedText) -> list[Hit]:
    """The first hits of a clause, in reading order, each place once."""
    hits: list[Hit] = []
    for field in text.fields:
        if field.name in clause.fields:
            named = _named_places(clause, field)
            hits += [Hit(clause.clause, named[place], field.name, *place, clause.alias) for place in sorted(named)]
    return hits[:MOST_HITS]


def _named_places(clause: Clause, field: AnalysedField) -> dict[tuple[int, int], str]:
    """Where in the original text the clause occurs, and by which name: the first ones of each atom."""
    named: dict[tuple[int, int], str] = {}
    for atom, name in clause.names:
        if atom[0] not in field.positions:
            continue
        for index in islice(_occurrences(atom, field), MOST_HITS):
            first, last = field.spans[index], field.spans[index + len(atom) - 1]
            named.setdefault((first[0], last[1]), name)
    return named
