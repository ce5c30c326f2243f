"""Whether a query can stand as a topic. Standard library only."""

from __future__ import annotations

from storage.errors import QueryError
from storage.query.tree import And, Dated, Fact, Leaf, Node, Not, Or, leaves

_MEND = "add a word, a phrase or an alias that must occur"


def check_topic(node: Node) -> None:
    """Refuse a query that would alert on nearly every statement: one that is met by saying nothing at all.

    A search may ask such things; `parse` allows them. Raises `QueryError` with the reason.
    """
    if not _met_by_silence(node):
        return
    culprit = _culprit(node)
    clauses: list[Leaf] = list(leaves(culprit))
    filters = [leaf for leaf in clauses if isinstance(leaf, Fact | Dated)]
    what, does = _description(clauses, filters)
    if culprit is node:
        raise QueryError(f"the query only {does}: it would match every statement {what}", mend=_MEND)
    raise QueryError(
        f"one side of OR only {does}: the query would match every statement {what}",
        mend="write AND in place of OR, or add to that side a word that must occur",
    )


def _description(clauses: list[Leaf], filters: list[Fact | Dated]) -> tuple[str, str]:
    """Of a culprit: which statements it would match, and what it only does."""
    names = " and ".join(dict.fromkeys(leaf.clause for leaf in clauses))
    if len(filters) == len(clauses):
        return f"that is as {names} says", "filters"
    return f"without {names}", "excludes and filters" if filters else "excludes"


def _met_by_silence(node: Node, wanted: bool = True) -> bool:
    """Whether some statement without a word would match. Whatever a filter says, some statement is so, some is not."""
    if isinstance(node, Not):
        return _met_by_silence(node.part, not wanted)
    if isinstance(node, And | Or):
        every = all if isinstance(node, And) is wanted else any
        return every(_met_by_silence(part, wanted) for part in node.parts)
    return isinstance(node, Fact | Dated) or not wanted


def _culprit(node: Node) -> Node:
    """The smallest side of an OR that only excludes or filters."""
    while isinstance(node, Or):
        node = next(part for part in node.parts if _met_by_silence(part))
    return node
