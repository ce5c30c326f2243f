"""What the full-text indexes can tell of a query. Pure.

There are two: `STEMS`, of the run of stems, and `FORMS`, of the exact forms that occur, without their places. The
largest parts of a query that one of them can answer are given to it whole (`IndexExpression`). What neither can tell,
such as an exact phrase, is looked up in the texts of those that `superset` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from math import prod
from typing import TypeAlias

from storage.query.resolve import Clause, Nearness, Resolved
from storage.query.text import Atom, is_form
from storage.query.tree import And, Dated, Expression, Fact, Not, Or, all_of, any_of, negation

MOST_COMBINATIONS = 64
"""Pairs of names that an index is asked for when two clauses must be near: more are looked up in the texts."""


class Index(StrEnum):
    """A full-text index of versions."""

    STEMS = "version_text"
    FORMS = "version_text_forms"


IndexExpression: TypeAlias = Expression[Resolved]
"""What one index can answer: no filters, and `Not` only as a part of an `And` that has another part without it.

For `STEMS` all atoms are of stems, and `Nearness` may occur. For `FORMS` each atom is one exact form or one beginning.
No name is limited to languages.
"""


def lowered(node: Expression[Resolved]) -> Expression[Resolved]:
    """The same question with each clause parted into what one index can answer, and what none can."""
    if isinstance(node, And):
        return all_of(map(lowered, node.parts))
    if isinstance(node, Or):
        return any_of(map(lowered, node.parts))
    if isinstance(node, Not):
        return negation(lowered(node.part))
    return any_of(_parted(node)) if isinstance(node, Clause) else node


def _parted(clause: Clause) -> Iterator[Clause]:
    limited = {atom for atom, _ in clause.limited}
    kinds: dict[Index | None, list[tuple[Atom, str]]] = {}
    for atom, name in clause.names:
        kinds.setdefault(None if atom in limited else _index_of_atom(atom), []).append((atom, name))
    for index, names in kinds.items():
        only = clause.limited if index is None else ()
        yield Clause(clause.clause, tuple(names), clause.fields, clause.alias, only)


def _index_of_atom(atom: Atom) -> Index | None:
    if not any(map(is_form, atom)):
        return Index.STEMS
    return Index.FORMS if len(atom) == 1 else None


def without_nearness(node: Expression[Resolved]) -> Expression[Resolved]:
    """The same question for an index of stems that cannot be asked what stands near what."""
    if isinstance(node, And | Or):
        return (all_of if isinstance(node, And) else any_of)(map(without_nearness, node.parts))
    if isinstance(node, Not):
        return negation(without_nearness(node.part))
    return replace(node, told=False) if isinstance(node, Nearness) else node


def index_of(node: Expression[Resolved]) -> Index | None:
    """The index that can answer a lowered node by itself; None if none can."""
    if isinstance(node, Not | Fact | Dated):
        return None
    if isinstance(node, Nearness):
        return Index.STEMS if _tells_near(node) else None
    if isinstance(node, Clause):
        return None if node.limited else _index_of_atom(node.names[0][0])
    if isinstance(node, Or):
        return _one({index_of(part) for part in node.parts})
    excluded = [part.part for part in node.parts if isinstance(part, Not)]
    included = [part for part in node.parts if not isinstance(part, Not)]
    return _one({*map(index_of, included), *map(index_of, excluded)}) if included else None


def _one(indexes: set[Index | None]) -> Index | None:
    return indexes.pop() if len(indexes) == 1 else None


def _tells_near(node: Nearness) -> bool:
    stems = all(_index_of_atom(atom) is Index.STEMS for part in node.parts for atom in part.atoms)
    few = prod(len(part.names) for part in node.parts) <= MOST_COMBINATIONS
    return node.told and stems and few and not any(part.limited for part in node.parts)


def superset(clause: Clause | Nearness) -> Expression[Resolved]:
    """What the indexes can tell of a clause that they cannot answer: every text that meets it meets this."""
    if isinstance(clause, Nearness):
        return all_of([_superset_of_names(part.names, clause.fields) for part in clause.parts])
    return _superset_of_names(clause.names, clause.fields)


def _superset_of_names(names: Iterable[tuple[Atom, str]], fields: tuple[str, ...]) -> Expression[Resolved]:
    """Any of the names, each with its stems and its forms anywhere in the fields."""

    def known(atom: Atom) -> Expression[Resolved]:
        parts = [atom] if _index_of_atom(atom) else [(term,) for term in dict.fromkeys(atom)]
        clauses: list[Expression[Resolved]] = [Clause("", ((part, ""),), fields) for part in parts]
        return all_of(clauses)

    return any_of([known(atom) for atom, _ in names])


# -- asking an index once --------------------------------------------------------------------------------------------


def gathered(node: And[Resolved] | Or[Resolved]) -> Iterator[Expression[Resolved]]:
    """The parts of a node, with what one index can answer, and the negation of what it can, gathered into one each.

    One question costs less than many, and SQLite refuses a thousand conditions side by side.
    """
    for index in Index:
        present = [part for part in node.parts if index_of(part) is index]
        absent = [part.part for part in node.parts if isinstance(part, Not) and index_of(part.part) is index]
        if isinstance(node, And) and present:
            not_there: list[Expression[Resolved]] = [negation(part) for part in absent]
            yield all_of([*present, *not_there])
        elif isinstance(node, And) and absent:
            yield negation(any_of(absent))
        elif isinstance(node, Or):
            if present:
                yield any_of(present)
            if absent:
                yield negation(all_of(absent))
    yield from (part for part in node.parts if index_of(part) is None and index_of(negation(part)) is None)
