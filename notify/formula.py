"""What a topic asks for, as a tree of standing clauses: small, and quickly asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection

from notify.clauses import Asked, Formula, StandingClause
from storage.query.resolve import Resolved
from storage.query.tree import And, Expression, Not, Or


def formula_of(node: Expression[Resolved], take: Callable[[Resolved], StandingClause]) -> Formula:
    """The formula of a resolved tree; `take` gives a clause as it stands."""
    if isinstance(node, Not):
        return Not(formula_of(node.part, take))
    if isinstance(node, And | Or):
        parts = tuple(formula_of(part, take) for part in node.parts)
        return And(parts) if isinstance(node, And) else Or(parts)
    return take(node)


def is_certain(formula: Formula) -> bool:
    """Whether meeting any one of its clauses is enough: a clause, or an OR of clauses."""
    if isinstance(formula, Or):
        return all(isinstance(part, StandingClause) for part in formula.parts)
    return isinstance(formula, StandingClause)


def is_met(formula: Formula, met: Collection[StandingClause]) -> bool:
    """Whether a text that meets these clauses, and no others, meets the formula."""
    if isinstance(formula, StandingClause):
        return formula in met
    if isinstance(formula, Not):
        return not is_met(formula.part, met)
    if isinstance(formula, And):
        return all(is_met(part, met) for part in formula.parts)
    return any(is_met(part, met) for part in formula.parts)


def required(formula: Formula, cost: Callable[[StandingClause], float]) -> frozenset[StandingClause] | None:
    """Clauses of which every matching text meets at least one, or None if a text that meets none can match.

    Of the sets that would do, the cheapest in sum: what a topic stands under.
    """

    def of(node: Formula, wanted: bool) -> frozenset[StandingClause] | None:
        if isinstance(node, StandingClause):
            return frozenset((node,)) if wanted else None
        if isinstance(node, Not):
            return of(node.part, not wanted)
        sets = [of(part, wanted) for part in node.parts]
        known = [found for found in sets if found is not None]
        if isinstance(node, And) is wanted:  # all parts must hold: any one's set will do
            return min(known, key=lambda found: sum(map(cost, found)), default=None)
        return frozenset().union(*known) if len(known) == len(sets) else None

    return of(formula, True)


def asked(formula: Formula, under: StandingClause | None = None) -> Asked:
    """What is left to be asked where `under`, one of the formula's required clauses, is known to be met."""
    if not isinstance(formula, And):
        return (), (), formula
    negated = [part.part for part in formula.parts if isinstance(part, Not)]
    others: list[Formula] = [part for part in formula.parts if isinstance(part, And | Or)]
    others += [Not(part) for part in negated if not isinstance(part, StandingClause)]
    return (
        tuple(part for part in formula.parts if isinstance(part, StandingClause) and part is not under),
        tuple(part for part in negated if isinstance(part, StandingClause)),
        And(tuple(others)) if others else None,
    )
