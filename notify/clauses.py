"""The clauses of all standing topics, each kept once, and which of them a text meets. Pure.

A clause is found by its features: a word by its stems, a phrase by two neighbouring stems. A text's features are looked
up in one dictionary, however many topics there are. For words and pairs that is all. Of any other clause it proves
nothing yet: such a clause is looked for in the text, once for all its topics and only where one of its features occurs.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from sys import intern
from typing import TypeAlias

from notify.rarity import Feature, Rarity
from storage.query.evaluate import occurs
from storage.query.resolve import Clause
from storage.query.text import FIELDS, AnalysedText, Atom
from storage.query.tree import Expression

Key: TypeAlias = tuple[Feature, ...] | Clause
"""What a clause is known by: its features where they prove it, else itself."""


@dataclass(slots=True, eq=False)
class StandingClause:
    """A clause in use, and the topics that stand under it. Compared by identity: a text meets a set of them."""

    key: Key
    uses: int = 0
    certain: array[int] | None = None
    """The topics that are met with it. An array, because going through many numbers in a row is what costs."""
    asked: list[tuple[int, Asked]] | None = None
    """The topics that are asked the rest when it is met."""


Formula: TypeAlias = Expression[StandingClause]
"""What a topic asks for."""

Asked: TypeAlias = tuple[tuple[StandingClause, ...], tuple[StandingClause, ...], Formula | None]
"""A formula in the order of what it costs to ask: clauses that must be met, clauses that must not, and the rest."""


class Clauses:
    """The clauses in use. Equal clauses of several topics are one."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._standing: dict[Key, StandingClause] = {}
        self._by_feature: dict[Feature, StandingClause | tuple[StandingClause, ...]] = {}

    def take(self, clause: Clause) -> StandingClause:
        """The clause as it stands, in use once more."""
        key = _key(clause)
        standing = self._standing.get(key)
        if standing is None:
            standing = self._standing[key] = StandingClause(key)
            for feature in _features(key):
                others = self._under(feature)
                self._by_feature[feature] = (*others, standing) if others else standing
        standing.uses += 1
        return standing

    def release(self, standing: StandingClause) -> None:
        """The clause is in use once less; after the last use it is forgotten."""
        standing.uses -= 1
        if standing.uses:
            return
        del self._standing[standing.key]
        for feature in _features(standing.key):
            left = tuple(other for other in self._under(feature) if other is not standing)
            if left:
                self._by_feature[feature] = left if len(left) > 1 else left[0]
            else:
                del self._by_feature[feature]

    def cost(self, standing: StandingClause) -> float:
        """A guess at the share of texts that meet the clause, times the topics that are asked then."""
        return sum(map(self._rarity.share, _features(standing.key))) * (1 + len(standing.asked or ()))

    def met(self, text: AnalysedText) -> set[StandingClause]:
        """The clauses that the text meets."""
        title, body = text.title.terms, text.body.terms
        stems = {*title, *body}
        self._rarity.passes(stems)
        met: set[StandingClause] = set()
        features: Iterable[Feature] = chain(stems, pairwise(title), pairwise(body))
        for found in filter(None, map(self._by_feature.get, features)):
            if isinstance(found, StandingClause):
                met.add(found)
            else:
                met.update(found)
        unproved = [standing for standing in met if isinstance(standing.key, Clause)]
        return met.difference(standing for standing in unproved if not _occurs(standing.key, text))

    def _under(self, feature: Feature) -> tuple[StandingClause, ...]:
        found = self._by_feature.get(feature, ())
        return (found,) if isinstance(found, StandingClause) else found

    def __len__(self) -> int:
        return len(self._standing)


def _occurs(key: Key, text: AnalysedText) -> bool:
    return not isinstance(key, Clause) or occurs(key, text)


def _key(clause: Clause) -> Key:
    if clause.fields != FIELDS or any(len(atom) > 2 for atom, _ in clause.names):
        return clause
    return tuple(dict.fromkeys(_feature(atom) for atom, _ in clause.names))


def _features(key: Key) -> tuple[Feature, ...]:
    if isinstance(key, Clause):
        return tuple(dict.fromkeys(_feature(atom) for atom, _ in key.names))
    return key


def _feature(atom: Atom) -> Feature:
    """What an atom is found by: its stem, or the longest pair of a phrase, as the likeliest to be rare.

    Interned, because many clauses name the same stems.
    """
    if len(atom) == 1:
        return intern(atom[0])
    first, second = max(pairwise(atom), key=lambda pair: len(pair[0]) + len(pair[1]))
    return intern(first), intern(second)
