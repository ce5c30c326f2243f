"""A resolved query as an SQL condition, without knowing the database.

There are two full-text indexes: `STEMS`, of the run of stems, and `FORMS`, of the exact forms that occur, without their
places. The largest parts of a query that one of them can answer are given to it whole (`IndexExpression`); what it
cannot say, such as everything without a word, is put around them in SQL.

What neither index can tell, such as an exact phrase, is looked up in two steps: the indexes name the candidates, and
those are asked by `evaluate` itself, which the database calls as a function. So the condition is exact in any place of
the tree, under NOT too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, not_, or_

from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.text import Atom, is_form
from storage.query.tree import And, Dated, Expression, Fact, Filter, Not, Or, all_of, any_of, negation

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


class Corpus(Protocol):
    """What a database can do for a search among versions."""

    def containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        """A select of one column: the ids of the versions whose text satisfies the expression."""
        ...

    def asked(self, clause: Clause | Nearness, candidates: ColumnElement[bool]) -> Select[Any]:
        """A select of one column: the ids of the versions that meet the clause as `evaluate` says.

        `candidates` is a condition on `candidate_id` that all of those meet.
        """
        ...

    @property
    def candidate_id(self) -> ColumnElement[int]:
        """The id that a condition on candidates is about."""
        ...

    def meets(self, clause: Clause | Nearness, version_id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition that the version of this id meets the clause as `evaluate` says."""
        ...

    def holding(self, leaf: Filter, version_id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition that what the filter says is so of the version of this id: true or false, never NULL."""
        ...


def condition(query: ResolvedQuery, version_id: ColumnElement[int], archive: Corpus) -> ColumnElement[bool]:
    """The condition that the version of this id meets the query."""
    return _Compiler(version_id, archive).compiled(lowered(query.root))


def in_one_index(query: ResolvedQuery) -> tuple[Index, IndexExpression] | None:
    """The index that can answer the whole query by itself, and what to ask it; None if none can."""
    node = lowered(query.root)
    index = index_of(node)
    return (index, node) if index is not None else None


@dataclass(frozen=True, slots=True)
class Lead:
    """A query whose matches one index names, and more beside them: each is asked `rest` as it comes."""

    index: Index
    expression: IndexExpression
    rest: tuple[ColumnElement[bool], ...]
    """Conditions on the row of the version, those that cost most last."""
    reads: bool
    """Whether one of them reads the version's text, which costs a thousand times as much."""


def lead(query: ResolvedQuery, version_id: ColumnElement[int], archive: Corpus) -> Lead | None:
    """How to ask the query of what an index names; None where none names all that meet it.

    What no index can tell is asked of each version in its turn. So the newest matches are found without a look at the
    others; `condition` finds all of them first.
    """
    root = lowered(query.root)
    whole_index = index_of(root)
    if whole_index is not None:
        return Lead(whole_index, root, (), False)
    parts: tuple[Expression[Resolved], ...] = root.parts if isinstance(root, And) else (root,)
    untold = [part for part in parts if isinstance(part, Clause | Nearness) and index_of(part) is None]
    told: list[Expression[Resolved]] = [part for part in parts if part not in untold]
    whole: Expression[Resolved] = all_of([*told, *map(_superset, untold)])
    gathered: list[Expression[Resolved]] = list(_gathered(whole)) if isinstance(whole, And) else [whole]
    for index in Index:
        for part in gathered:
            if index_of(part) is index:
                compiler = _Compiler(version_id, archive)
                rest = [compiler.compiled(other) for other in gathered if other is not part]
                return Lead(index, part, (*rest, *(archive.meets(part, version_id) for part in untold)), bool(untold))
    return None


def sides(query: ResolvedQuery) -> tuple[ResolvedQuery, ...]:
    """Queries that together are met by what meets this one: one side of an OR for each index, and one for the rest.

    An index can lead those whose side it can tell, where none leads the whole. Only one OR is taken apart.
    """
    root = lowered(query.root)
    parts = root.parts if isinstance(root, And) else (root,)
    for either in parts:
        if isinstance(either, Or) and index_of(either) is None:
            others: list[Expression[Resolved]] = [part for part in parts if part is not either]
            gathered: list[Expression[Resolved]] = list(_gathered(either))
            told = [part for part in gathered if index_of(part) is not None]
            rest = [part for part in gathered if index_of(part) is None]
            each: list[Expression[Resolved]] = [*told, any_of(rest)] if rest else told
            return tuple(ResolvedQuery(all_of([side, *others])) for side in each)
    return (query,)


class _Compiler:
    def __init__(self, version_id: ColumnElement[int], archive: Corpus) -> None:
        self.version_id = version_id
        self.archive = archive

    def compiled(self, node: Expression[Resolved]) -> ColumnElement[bool]:
        index = index_of(node)
        if index is not None:
            return self.version_id.in_(self.archive.containing(index, node))
        if isinstance(node, Not):
            return not_(self.compiled(node.part))
        if isinstance(node, And | Or):
            combined = and_ if isinstance(node, And) else or_
            return combined(*map(self.compiled, _gathered(node)))
        if isinstance(node, Fact | Dated):
            return self.archive.holding(node, self.version_id)
        candidates = _Compiler(self.archive.candidate_id, self.archive).compiled(_superset(node))
        return self.version_id.in_(self.archive.asked(node, candidates))


# -- which index can tell --------------------------------------------------------------------------------------------


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
    return stems and few and not any(part.limited for part in node.parts)


def _superset(clause: Clause | Nearness) -> Expression[Resolved]:
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


def _gathered(node: And[Resolved] | Or[Resolved]) -> Iterator[Expression[Resolved]]:
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
