"""A resolved query as an SQL condition, without knowing the database.

The largest parts that a full-text index can answer by itself are given to it whole (`TextExpression`); what it cannot
say, such as everything without a word, is put around them in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, not_, or_

from storage.query.resolve import Clause, ResolvedQuery
from storage.query.tree import And, Expression, Not, Or, all_of, any_of, negation

TextExpression = Expression[Clause]
"""A tree in which `Not` stands only as a part of an `And` that has another part without it: `a AND NOT b`."""


class FullText(Protocol):
    """What a database's full-text index can do."""

    def containing(self, expression: TextExpression) -> Select[Any]:
        """A select of one column: the ids of the versions whose text satisfies the expression."""
        ...


def condition(query: ResolvedQuery, version_id: ColumnElement[int], full_text: FullText) -> ColumnElement[bool]:
    """The condition that the version of this id meets the query."""

    def compiled(node: Expression[Clause]) -> ColumnElement[bool]:
        if is_text(node):
            return version_id.in_(full_text.containing(node))
        if isinstance(node, Not):
            return not_(compiled(node.part))
        assert not isinstance(node, Clause)  # a clause is text
        combined = and_ if isinstance(node, And) else or_
        return combined(*map(compiled, _gathered(node)))

    return compiled(query.root)


def _gathered(node: And[Clause] | Or[Clause]) -> Iterator[Expression[Clause]]:
    """The parts of a node, with what the index can answer, and the negation of what it can, gathered into one each.

    One question costs less than many, and SQLite refuses a thousand conditions side by side.
    """
    present = [part for part in node.parts if is_text(part)]
    absent = [part.part for part in node.parts if isinstance(part, Not) and is_text(part.part)]
    if isinstance(node, And) and present:
        yield all_of([*present, *map(negation, absent)])
    elif isinstance(node, And) and absent:
        yield negation(any_of(absent))
    elif isinstance(node, Or):
        if present:
            yield any_of(present)
        if absent:
            yield negation(all_of(absent))
    yield from (part for part in node.parts if not is_text(part) and not is_text(negation(part)))


def is_text(node: Expression[Clause]) -> bool:
    """Whether a full-text index can answer the node by itself."""
    if isinstance(node, Not):
        return False
    if isinstance(node, Or):
        return all(map(is_text, node.parts))
    if isinstance(node, And):
        excluded = [part.part for part in node.parts if isinstance(part, Not)]
        included = [part for part in node.parts if not isinstance(part, Not)]
        return bool(included) and all(map(is_text, included)) and all(map(is_text, excluded))
    return True
