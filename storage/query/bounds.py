"""What the indexes leave open of a query, and between which bounds. Pure.

Of a clause that it cannot tell, an index names candidates: every version that meets the clause, and others. Whatever
the query says around such a clause, NOT too, each version is then of one of three kinds: it meets the query, it does
not, or only its text tells. All trees here are lowered (`indexes.lowered`).
"""

from __future__ import annotations

from typing import TypeGuard

from storage.query.indexes import index_of, lowered, superset
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.tree import And, Expression, Not, Or, all_of, any_of, negation


def at_most(node: Expression[Resolved]) -> Expression[Resolved] | None:
    """What the indexes can tell of a node: every version that meets the node meets this. None is met by all."""
    return _bound(node, True)


def doubted(node: Expression[Resolved]) -> Expression[Resolved] | None:
    """What the versions meet whose text decides. None: there are none.

    Of the other versions, those meet the node that meet `at_most`.
    """
    if isinstance(node, Not):
        return doubted(node.part)
    if isinstance(node, And | Or):
        open = {part: found for part in node.parts if (found := doubted(part)) is not None}
        if not open:
            return None
        told: list[Expression[Resolved]] = [part for part in node.parts if part not in open]
        # A part that is known decides alone: of an AND where it does not hold, of an OR where it does.
        undecided = told if isinstance(node, And) else [negation(part) for part in told]
        return all_of([*undecided, any_of(open.values())])
    return superset(node) if _is_open(node) else None


def always_doubted(node: Expression[Resolved]) -> bool:
    """Whether of every version that meets `at_most` only the text tells."""
    if isinstance(node, And):
        return any(map(always_doubted, node.parts))
    if isinstance(node, Or):
        return all(map(always_doubted, node.parts))
    return not isinstance(node, Not) and _is_open(node)


def left_open(query: ResolvedQuery) -> ResolvedQuery:
    """What a candidate's text has to be asked: the parts of the query that its being a candidate does not tell."""
    root = lowered(query.root)
    if not isinstance(root, And):
        return query
    return ResolvedQuery(all_of(part for part in root.parts if doubted(part) is not None))


def _is_open(leaf: Resolved) -> TypeGuard[Clause | Nearness]:
    return isinstance(leaf, Clause | Nearness) and index_of(leaf) is None


def _bound(node: Expression[Resolved], upper: bool) -> Expression[Resolved] | None:
    """What every version meets that meets the node; or, as a lower bound, what only those meet. None: all, or none."""
    if isinstance(node, Not):
        part = _bound(node.part, not upper)
        return None if part is None else negation(part)
    if isinstance(node, And | Or):
        parts = [_bound(part, upper) for part in node.parts]
        known = [part for part in parts if part is not None]
        combined, lacks_nothing = (all_of, upper) if isinstance(node, And) else (any_of, not upper)
        return combined(known) if known and (lacks_nothing or len(known) == len(parts)) else None
    if _is_open(node):
        return superset(node) if upper else None
    return node
