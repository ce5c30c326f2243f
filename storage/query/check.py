"""Whether a query can stand as a topic. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator

from storage.errors import QueryError
from storage.query.tree import And, Leaf, Node, Not, Or, leaves


def check_topic(node: Node) -> None:
    """Refuse a query that would alert on nearly every statement: one that is met by saying nothing at all.

    A search may ask such things; `parse` allows them. Raises `QueryError` with the reason.
    """
    if not _met_by_silence(node):
        return
    culprit = _culprit(node)
    clauses: Iterator[Leaf] = leaves(culprit)
    what = " and ".join(leaf.clause for leaf in clauses)
    if culprit is node:
        raise QueryError(
            f"the query only excludes: it would match every statement without {what}",
            mend="add a word, a phrase or an alias that must occur",
        )
    raise QueryError(
        f"one side of OR only excludes: the query would match every statement without {what}",
        mend="write AND in place of OR, or add to that side a word that must occur",
    )


def _met_by_silence(node: Node) -> bool:
    """Whether a statement without a word would match."""
    if isinstance(node, Not):
        return not _met_by_silence(node.part)
    if isinstance(node, And):
        return all(map(_met_by_silence, node.parts))
    if isinstance(node, Or):
        return any(map(_met_by_silence, node.parts))
    return False


def _culprit(node: Node) -> Node:
    """The smallest side of an OR that excludes only."""
    while isinstance(node, Or):
        node = next(part for part in node.parts if _met_by_silence(part))
    return node
