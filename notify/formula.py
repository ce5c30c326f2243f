"""What a topic asks for, by the features of texts: small, and quickly asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from notify.clauses import Formula, Proof, Sharing, Unproved, proved
from notify.rarity import Feature
from storage.query.resolve import Resolved
from storage.query.tree import And, Expression, Not, Or, all_of, any_of, negation

Looking: TypeAlias = Callable[[Unproved], bool]
"""Whether a text meets what its features do not prove."""


@dataclass(slots=True, eq=False)
class Question:
    """What a topic asks where one of the features occurs that it stands under, in the order of what it costs.

    Compared by identity. A text answers yes that meets each of `needed`, nothing of `excluded`, and the rest.
    """

    topic_id: int
    needed: tuple[Proof, ...]
    excluded: Proof
    rest: Formula | None
    pairs: bool
    """Whether it asks for features beside stems and forms."""

    def is_met(self, features: Set[Feature], looks: Looking) -> bool:
        """Whether a text with these features answers yes."""
        for proof in self.needed:
            if features.isdisjoint(proof):
                return False
        if not features.isdisjoint(self.excluded):
            return False
        return self.rest is None or _is_met(self.rest, features, looks)


def formula_of(node: Expression[Resolved], share: Sharing) -> Formula:
    """The formula of a resolved tree; what stands side by side under one OR is one proof."""
    if isinstance(node, Not):
        return negation(formula_of(node.part, share))
    if isinstance(node, And):
        return all_of([formula_of(part, share) for part in node.parts])
    if isinstance(node, Or):
        return _either(any_of([formula_of(part, share) for part in node.parts]))
    return proved(node, share)


def _either(formula: Formula) -> Formula:
    proofs, others = parted(formula)
    return any_of([proofs, *others]) if proofs else formula


def parted(formula: Formula) -> tuple[Proof, list[Formula]]:
    """The sides of a formula of which any is enough: the features that prove it, and what else there is."""
    sides = formula.parts if isinstance(formula, Or) else (formula,)
    features = (feature for side in sides if isinstance(side, tuple) for feature in side)
    return tuple(dict.fromkeys(features)), [side for side in sides if not isinstance(side, tuple)]


def features_in(formula: Formula) -> Iterator[Feature]:
    """Every feature that is asked for, some of them several times."""
    if isinstance(formula, And | Or):
        for part in formula.parts:
            yield from features_in(part)
    elif isinstance(formula, Not):
        yield from features_in(formula.part)
    elif isinstance(formula, tuple):
        yield from formula


def required(formula: Formula, cost: Callable[[Proof], float]) -> Proof | None:
    """Features of which every matching text has at least one, or None if a text that has none can match.

    Of the sets that would do, the cheapest: what a topic stands under.
    """

    def of(node: Formula, wanted: bool) -> Proof | None:
        if isinstance(node, Not):
            return of(node.part, not wanted)
        if isinstance(node, And | Or):
            sets = [of(part, wanted) for part in node.parts]
            known = [found for found in sets if found is not None]
            if isinstance(node, And) is wanted:  # all parts must hold: any one's set will do
                return min(known, key=cost, default=None)
            union = tuple(dict.fromkeys(feature for found in known for feature in found))
            return union if len(known) == len(sets) else None
        return node if wanted and isinstance(node, tuple) else None

    return of(formula, True)


def question(topic_id: int, formula: Formula, under: Proof) -> Question:
    """What is left to be asked where one of the features `under` occurs, which the formula requires."""
    parts = formula.parts if isinstance(formula, And) else (formula,)
    needed = tuple(part for part in parts if isinstance(part, tuple) and part != under)
    absent = [part.part for part in parts if isinstance(part, Not) and isinstance(part.part, tuple)]
    others: list[Formula] = [part for part in parts if isinstance(part, Or | Unproved | And)]
    others += [part for part in parts if isinstance(part, Not) and not isinstance(part.part, tuple)]
    excluded = tuple(feature for proof in absent for feature in proof)
    rest: Formula | None = all_of(others) if others else None
    asked = chain(*needed, excluded, features_in(rest) if rest else ())
    return Question(topic_id, needed, excluded, rest, any(isinstance(feature, tuple) for feature in asked))


def _is_met(formula: Formula, features: Set[Feature], looks: Looking) -> bool:
    if isinstance(formula, tuple):
        return not features.isdisjoint(formula)
    if isinstance(formula, Unproved):
        return looks(formula)
    if isinstance(formula, Not):
        return not _is_met(formula.part, features, looks)
    if isinstance(formula, And):
        return all(_is_met(part, features, looks) for part in formula.parts)
    return any(_is_met(part, features, looks) for part in formula.parts)
