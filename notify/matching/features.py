"""What a clause is found by in a text: its features. Pure.

The feature of a word is its stem, that of two words side by side the pair of their stems. Exact forms, beginnings of
words, words of the title and filters have features too. A word has several stems, an alias many names: a `Proof` lists
features of which each proves the clause. Of anything longer or closer, such as NEAR, features prove nothing yet: they
are an `And` of what must occur and of what is then looked for in the text itself (`Unproved`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from sys import intern
from typing import TypeAlias

from notify.matching.frequencies import TITLE, Feature
from storage.query.evaluate import holds, occurs
from storage.query.languages import APART
from storage.query.resolve import Clause, Nearness, Resolved
from storage.query.text import FIELDS, AnalysedText, Atom, is_form
from storage.query.tree import Dated, Expression, Fact, all_of, any_of

Proof: TypeAlias = tuple[Feature, ...]
"""Met where any of these occurs."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class TextCheck:
    """A clause that is looked for in the text. Compared by identity: equal clauses of several topics are one."""

    clause: Clause | Nearness | Dated

    def meets(self, text: AnalysedText, features: Set[Feature]) -> bool:
        """Whether the text with these features meets it."""
        return holds(self.clause, text) if isinstance(self.clause, Dated) else occurs(self.clause, text)


@dataclass(slots=True, eq=False)
class NearPair:
    """Two words of which any stems stand close together, as `tree.Near` has it: what most NEAR ask for.

    `TextCheck` would go through more than twice as much for it.
    """

    one: Atom
    other: Atom
    distance: int

    def meets(self, text: AnalysedText, features: Set[Feature]) -> bool:
        """Whether the text with these features meets it: by a look around the one word."""
        present = [stem for stem in self.one if stem in features]
        around = (words for field in text.fields for stem in present for words in field.around(stem, self.distance + 1))
        return not all(map(frozenset(self.other).isdisjoint, around))


Unproved: TypeAlias = TextCheck | NearPair
"""What features do not prove."""

Formula: TypeAlias = Expression[Proof | Unproved]
"""What a topic asks for."""

Names: TypeAlias = tuple[tuple[Atom, str], ...]

Sharing: TypeAlias = Callable[[Clause | Nearness | Dated], TextCheck]
"""Gives the one `TextCheck` of a clause."""

Proving: TypeAlias = Callable[[Resolved], Formula]
"""Gives the formula of a clause."""


def proved(clause: Resolved, share: Sharing) -> Formula:
    """The clause by its features, as far as they prove it."""
    if isinstance(clause, Fact):
        return ((f"{clause.field}:", clause.value),)
    if isinstance(clause, Dated):
        return share(clause)
    if isinstance(clause, Nearness):
        return _all_of([*map(_indicated, clause.parts), _close(clause) or share(clause)])
    certain, doubtful = _by_certainty(clause)
    if not doubtful:
        return _indicated(clause)
    rest = replace(clause, clause="", names=doubtful)
    looked_for = _all_of([_indicated(rest), share(rest)])
    return any_of([_indicated(replace(clause, names=certain)), looked_for]) if certain else looked_for


def without_apart(clause: Resolved) -> Resolved:
    """The same for texts in which no stem ends with `APART`: half of what a Latin word is compared by does."""
    if isinstance(clause, Clause):
        return _without_apart(clause)
    return replace(clause, parts=tuple(map(_without_apart, clause.parts))) if isinstance(clause, Nearness) else clause


def _without_apart(clause: Clause) -> Clause:
    names = tuple(named for named in clause.names if not any(term.endswith(APART) for term in named[0]))
    return Clause(clause.clause, names, clause.fields, clause.alias, clause.limited)


def _all_of(parts: Iterable[Proof | Unproved]) -> Formula:
    return all_of(parts)


def _close(clause: Nearness) -> NearPair | None:
    """What is asked of two words that may stand anywhere; None for what is more than that."""
    atoms = [atom for part in clause.parts for atom in part.atoms]
    plain = all(len(atom) == 1 and not is_form(atom[0]) for atom in atoms)
    anywhere = clause.fields == FIELDS and all(part.fields == FIELDS and not part.limited for part in clause.parts)
    if not (plain and anywhere and len(clause.parts) == 2):
        return None
    one, other = (tuple(intern(stem) for (stem,), _ in part.names) for part in clause.parts)
    return NearPair(one, other, clause.distance)


def _by_certainty(clause: Clause) -> tuple[Names, Names]:
    """The names whose features prove them, and the others."""
    limited = {atom for atom, _ in clause.limited}
    certain = {atom: name for atom, name in clause.names if atom not in limited and _proves(atom, clause.fields)}
    return tuple(certain.items()), tuple((atom, name) for atom, name in clause.names if atom not in certain)


def _proves(atom: Atom, fields: tuple[str, ...]) -> bool:
    """Whether the feature of an atom proves it."""
    if len(atom) == 1:
        return fields == FIELDS or not is_form(atom[0])
    return len(atom) == 2 and fields == FIELDS and not any(map(is_form, atom))


def _indicated(clause: Clause) -> Proof:
    """Features of which every text that meets the clause has at least one."""
    return tuple(dict.fromkeys(_feature(atom, clause.fields) for atom, _ in clause.names))


def _feature(atom: Atom, fields: tuple[str, ...]) -> Feature:
    """What an atom is found by: its stem, or the longest pair of a phrase, as the likeliest to be rare; of a phrase
    with exact forms the longest of them.

    Interned, because many clauses name the same stems.
    """
    if len(atom) == 1:
        term = intern(atom[0])
        return (TITLE, term) if fields != FIELDS and not is_form(term) else term
    if any(map(is_form, atom)):
        return intern(max(atom, key=lambda term: (is_form(term), len(term))))
    first, second = max(pairwise(atom), key=lambda pair: len(pair[0]) + len(pair[1]))
    return intern(first), intern(second)


def stems_of(text: AnalysedText) -> set[Feature]:
    """The distinct stems of a text."""
    return {*text.title.terms, *text.body.terms}


def pairs_of(text: AnalysedText) -> Iterator[Feature]:
    """The features of a text beside its stems and its forms."""
    in_title = ((TITLE, term) for term in text.title.terms)
    facts = _facts(text.source, text.country, text.language, text.state)
    return chain(_side_by_side(text.body.terms), _side_by_side(text.title.terms), in_title, facts)


def _side_by_side(terms: Atom) -> Iterator[tuple[str, str]]:
    # What `pairwise` gives, in four fifths of the time: `zip` uses its tuple again where nobody keeps it.
    return zip(terms, terms[1:], strict=False)  # noqa: RUF007


@lru_cache(1_000)
def _facts(source: str, country: str, language: str, state: str) -> tuple[Feature, ...]:
    """What filters ask for."""
    sections = accumulate(source.lower().split("/"), "{}/{}".format)
    said = ("country:", country.lower()), ("lang:", language.lower()), ("state:", state)
    return *said, *(("source:", one) for one in sections)
