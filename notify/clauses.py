"""The clauses of all standing topics, each kept once, and which of them a text meets. Pure.

A clause is found by its features: a word by its stems, a phrase by two neighbouring stems, an exact form and the
beginning of a word by themselves, a filter by what it asks for. A text's features are looked up in one dictionary,
however many topics there are. For words, pairs and facts that is all. Of any other clause, such as NEAR, it proves
nothing yet: that one is looked for in the text, once for all its topics and only where one of its features occurs.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from sys import intern
from typing import Any, TypeAlias

from notify.rarity import Feature, Rarity
from storage.query.evaluate import holds, occurs
from storage.query.resolve import Clause, Nearness, Resolved
from storage.query.text import FIELDS, AnalysedText, Atom, is_form
from storage.query.tree import Dated, Expression, Fact

Key: TypeAlias = tuple[Feature, ...] | Clause | Nearness | Dated
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
        self._dated: set[StandingClause] = set()
        self._beginnings: Counter[int] = Counter()  # by length: a text's words are cut to those lengths alone
        self._forms = 0  # features that are no stems: without any, a text's exact forms are not needed

    def take(self, clause: Resolved) -> StandingClause:
        """The clause as it stands, in use once more."""
        key = _key(clause)
        standing = self._standing.get(key)
        if standing is None:
            standing = self._standing[key] = StandingClause(key)
            if isinstance(key, Dated):
                self._dated.add(standing)
            for feature in _features(key):
                others = self._under(feature)
                self._by_feature[feature] = (*others, standing) if others else standing
                self._count(feature, 1)
        standing.uses += 1
        return standing

    def release(self, standing: StandingClause) -> None:
        """The clause is in use once less; after the last use it is forgotten."""
        standing.uses -= 1
        if standing.uses:
            return
        del self._standing[standing.key]
        self._dated.discard(standing)
        for feature in _features(standing.key):
            left = tuple(other for other in self._under(feature) if other is not standing)
            self._count(feature, -1)
            if left:
                self._by_feature[feature] = left if len(left) > 1 else left[0]
            else:
                del self._by_feature[feature]

    def cost(self, standing: StandingClause) -> float:
        """A guess at the share of texts that meet the clause, times the topics that are asked then."""
        features = _features(standing.key)
        share = sum(map(self._rarity.share, features)) if features else 1.0
        return share * (1 + len(standing.asked or ()))

    def met(self, text: AnalysedText) -> set[StandingClause]:
        """The clauses that the text meets."""
        stems = {*text.title.terms, *text.body.terms}
        self._rarity.passes(stems)
        met: set[StandingClause] = set()
        found: Any  # mypy cannot tell which `get` is meant
        for found in filter(None, map(self._by_feature.get, self._features_of(text, stems))):
            if isinstance(found, tuple):
                met.update(found)
            else:
                met.add(found)
        unproved = [standing for standing in met if not isinstance(standing.key, tuple)]
        met.difference_update([standing for standing in unproved if not _is_met(standing.key, text)])
        met.update(standing for standing in self._dated if _is_met(standing.key, text))
        return met

    def _features_of(self, text: AnalysedText, stems: Iterable[str]) -> Iterator[Feature]:
        facts = [("country:", text.country.lower()), ("lang:", text.language.lower())]
        sections = accumulate(text.source.lower().split("/"), "{}/{}".format)
        facts += [("source:", section) for section in sections]
        features: Iterator[Feature] = chain(stems, pairwise(text.title.terms), pairwise(text.body.terms), facts)
        return chain(features, self._forms_of(text)) if self._forms else features

    def _forms_of(self, text: AnalysedText) -> Iterator[str]:
        forms = {*text.title.forms, *text.body.forms}
        yield from forms
        for length in self._beginnings:
            yield from {f"{form[1 : length + 1]}*" for form in forms}

    def _count(self, feature: Feature, more: int) -> None:
        if isinstance(feature, str) and is_form(feature):
            self._forms += more
            if feature.endswith("*"):
                self._beginnings[len(feature) - 1] += more
                self._beginnings = +self._beginnings

    def _under(self, feature: Feature) -> tuple[StandingClause, ...]:
        found = self._by_feature.get(feature, ())
        return (found,) if isinstance(found, StandingClause) else found

    def __len__(self) -> int:
        return len(self._standing)


def _is_met(key: Key, text: AnalysedText) -> bool:
    """Whether a text meets a clause that it may meet."""
    if isinstance(key, Dated):
        return holds(key, text)
    return isinstance(key, tuple) or occurs(key, text)


def _key(clause: Resolved) -> Key:
    if isinstance(clause, Fact):
        return ((f"{clause.field}:", clause.value),)
    if not isinstance(clause, Clause) or clause.limited or clause.fields != FIELDS:
        return clause
    if any(len(atom) > 2 or (len(atom) == 2 and any(map(is_form, atom))) for atom, _ in clause.names):
        return clause
    return tuple(dict.fromkeys(_feature(atom) for atom, _ in clause.names))


def _features(key: Key) -> tuple[Feature, ...]:
    """Features of which every text that meets the clause has at least one; of a date none."""
    if isinstance(key, tuple):
        return key
    if isinstance(key, Dated):
        return ()
    clause = max(key.parts, key=_length) if isinstance(key, Nearness) else key
    return tuple(dict.fromkeys(_feature(atom) for atom, _ in clause.names))


def _length(clause: Clause) -> float:
    """How long a clause's shortest name is: of what must all occur, the longest is likely to be the rarest."""
    return min(sum(map(len, atom)) for atom, _ in clause.names)


def _feature(atom: Atom) -> Feature:
    """What an atom is found by: its stem, or the longest pair of a phrase, as the likeliest to be rare; of a phrase
    with exact forms the longest of them.

    Interned, because many clauses name the same stems.
    """
    if len(atom) == 1:
        return intern(atom[0])
    if any(map(is_form, atom)):
        return intern(max(atom, key=lambda term: (is_form(term), len(term))))
    first, second = max(pairwise(atom), key=lambda pair: len(pair[0]) + len(pair[1]))
    return intern(first), intern(second)
