"""A resolved query as SQL conditions, without knowing the database.

What one index can answer is given to it whole; what it cannot say, such as everything without a word, is put around
that in SQL. What no index can tell is left open here: the conditions name candidates, and `doubt` says the texts of
which of them have to be asked (`storage.query.bounds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, not_, or_, true

from storage.query.bounds import always_doubted, at_most, doubted
from storage.query.indexes import Index, IndexExpression, gathered, index_of, lowered
from storage.query.resolve import Resolved, ResolvedQuery
from storage.query.tree import And, Dated, Expression, Fact, Filter, Not, Or, all_of, any_of


class Corpus(Protocol):
    """What a database can do for a search among versions."""

    def containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        """A select of one column: the ids of the versions whose text satisfies the expression, or may."""
        ...

    def surely_containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        """The ids of those whose text satisfies it for certain."""
        ...

    def holding(self, leaf: Filter, version_id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition that what the filter says is so of the version of this id: true or false, never NULL."""
        ...


def candidates(query: ResolvedQuery, version_id: ColumnElement[int], corpus: Corpus) -> ColumnElement[bool]:
    """The condition that the version of this id may meet the query; where there is no `doubt`, that it does."""
    most = at_most(lowered(query.root))
    return _compiled(most, version_id, corpus) if most is not None else true()


def doubt(query: ResolvedQuery, version_id: ColumnElement[int], corpus: Corpus) -> ColumnElement[bool] | None:
    """The condition that a candidate has to be asked in its text; `true()` for all of them, None for none."""
    root = lowered(query.root)
    if always_doubted(root):
        return true()
    undecided = doubted(root)
    return _compiled(undecided, version_id, corpus) if undecided is not None else None


def in_one_index(query: ResolvedQuery) -> tuple[Index, IndexExpression] | None:
    """The index that can answer the whole query by itself, and what to ask it; None if none can."""
    node = lowered(query.root)
    index = index_of(node)
    return (index, node) if index is not None else None


@dataclass(frozen=True, slots=True)
class Lead:
    """A query whose candidates one index names, and more beside them: each is asked `rest` as it comes."""

    index: Index
    expression: IndexExpression
    rest: tuple[ColumnElement[bool], ...] = ()
    """Conditions on the row of the version."""


def lead(query: ResolvedQuery, version_id: ColumnElement[int], corpus: Corpus) -> Lead | None:
    """How to ask the candidates of an index; None where none names all of them.

    So the newest matches are found without a look at the others; `candidates` finds all of them first.
    """
    most = at_most(lowered(query.root))
    if most is None:
        return None
    parts = list(gathered(most)) if isinstance(most, And) and index_of(most) is None else [most]
    for index in Index:
        for part in parts:
            if index_of(part) is index:
                rest = (_compiled(other, version_id, corpus) for other in parts if other is not part)
                return Lead(index, part, tuple(rest))
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
            gathered_parts: list[Expression[Resolved]] = list(gathered(either))
            told = [part for part in gathered_parts if index_of(part) is not None]
            rest = [part for part in gathered_parts if index_of(part) is None]
            each: list[Expression[Resolved]] = [*told, any_of(rest)] if rest else told
            return tuple(ResolvedQuery(all_of([side, *others])) for side in each)
    return (query,)


def _compiled(
    node: Expression[Resolved], version_id: ColumnElement[int], corpus: Corpus, *, upper: bool = True
) -> ColumnElement[bool]:
    """The condition of a node that the indexes can tell: met by all that meet the node, or by those alone."""
    index = index_of(node)
    if index is not None:
        return version_id.in_((corpus.containing if upper else corpus.surely_containing)(index, node))
    if isinstance(node, Not):
        return not_(_compiled(node.part, version_id, corpus, upper=not upper))
    if isinstance(node, And | Or):
        combined = and_ if isinstance(node, And) else or_
        return combined(*(_compiled(part, version_id, corpus, upper=upper) for part in gathered(node)))
    assert isinstance(node, Fact | Dated)
    return corpus.holding(node, version_id)
