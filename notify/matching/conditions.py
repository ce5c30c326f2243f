"""Conditions: what a topic asks for, by the features of texts; which of them make it a candidate, and the verification
of that. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeGuard

from notify.matching.features import Formula, NearPair, Proof, Proving, TextCheck, Unproved, pairs_of
from notify.matching.frequencies import Feature
from storage.query.resolve import Resolved
from storage.query.text import AnalysedText
from storage.query.tree import And, Expression, Not, Or, all_of, any_of, negation


class Candidate(NamedTuple):
    """A topic that a text may meet, since one of the features occurs that it stands under, and how that is verified.

    The text meets it that has one of `needed`, if there are any, none of `excluded`, and meets the rest. Both are of
    stems and forms alone. A tuple, because verifying many in a row is what costs.
    """

    topic_id: int
    needed: Proof
    excluded: Proof
    rest: Formula | None


def verified(candidates: Iterable[Candidate], text: AnalysedText, features: set[Feature]) -> list[int]:
    """The candidates that a text with these stems and forms meets after all, by their topics' ids."""
    meets = _verifying(text, features)
    lacks = features.isdisjoint
    return [
        topic_id
        for topic_id, needed, excluded, rest in candidates
        if not (needed and lacks(needed)) and lacks(excluded) and (rest is None or meets(rest))
    ]


def formula_of(node: Expression[Resolved], proving: Proving) -> Formula:
    """The formula of a resolved tree; what stands side by side under one OR is one proof."""
    if isinstance(node, Not):
        return negation(formula_of(node.part, proving))
    if isinstance(node, And):
        return all_of([formula_of(part, proving) for part in node.parts])
    if isinstance(node, Or):
        return _either(any_of([formula_of(part, proving) for part in node.parts]))
    return proving(node)


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


def candidate_of(topic_id: int, formula: Formula, under: Proof) -> Candidate:
    """What is left to be verified where one of the features `under` occurs, which the formula requires."""
    parts = [part for part in (formula.parts if isinstance(formula, And) else (formula,)) if part != under]
    needed = next((part for part in parts if _is_of_words(part)), ())
    absent = [part for part in parts if isinstance(part, Not) and _is_of_words(part.part)]
    excluded = tuple(feature for part in absent for feature in features_in(part))
    others = [part for part in parts if part is not needed and part not in absent]
    return Candidate(topic_id, needed, excluded, all_of(others) if others else None)


def _is_of_words(formula: Formula) -> TypeGuard[Proof]:
    """Whether it is a proof by stems and forms."""
    return isinstance(formula, tuple) and not any(isinstance(feature, tuple) for feature in formula)


def _verifying(text: AnalysedText, features: set[Feature]) -> Callable[[Formula], bool]:
    """Whether a text with these stems and forms meets a formula. What is looked for is looked for once."""
    seen: dict[Unproved, bool] = {}
    all_features: set[Feature] = set()

    def meets(formula: Formula) -> bool:
        if isinstance(formula, TextCheck | NearPair):
            if formula not in seen:
                seen[formula] = formula.meets(text, features)
            return seen[formula]
        if isinstance(formula, tuple):
            if not all_features:
                all_features.update(features, pairs_of(text))
            return not all_features.isdisjoint(formula)
        if isinstance(formula, Not):
            return not meets(formula.part)
        return (all if isinstance(formula, And) else any)(map(meets, formula.parts))

    return meets
