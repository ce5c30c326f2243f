"""The one text analysis: what a statement is compared by, for alerts, for search and for the words of a query.

A text is the run of its words. Each word counts twice: by its stem (`storage.query.languages`), and as it is written
(an exact form, `storage.query.words`), which `=CSTO` and `sanction*` are compared with.

A word of a query matches a word of a text if the stem of the query's word in any enabled language equals the stem of
the text's word, whatever the text's language is, or whether it is known. A phrase matches if that holds for all its
words in one language, side by side in one field. There are no stop words.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from sys import intern

from storage.query.languages import cased, known, stem
from storage.query.unspaced import is_unspaced, letters_of
from storage.query.words import CASE, exact_forms, fold, token_matches, tokens

ANALYSIS = 3
"""The number of this analysis. A change of what a text or a query is compared by needs a new one: the index holds the
outcome, and is made anew when it was made with another number."""

Atom = tuple[str, ...]
"""A word, or the words of a phrase, as texts are compared with. Each is a stem, or `=form` for an exact form
(`words.exact_forms`), or `beginning*` for any word whose folded form begins so."""

Span = tuple[int, int]
"""First character and the one after the last, in the original text."""

FIELDS = ("title", "body")

PUBLISHED = "published"
"""The state of a statement that stands at its address."""

_CACHED_WORDS = 100_000  # a language: some ten megabytes; a desk's languages repeat far fewer


def _stems(language: str, token: str) -> Atom:
    """The stems of one word as it stands in a text. Interned as those of topics: the same is found sooner."""
    return tuple(intern(stem(language, word)) for word in fold(cased(language, token)))


_TWO_IN_ONE = str.maketrans("", "", "ำຳ")  # a sign and a letter, in Thai and Lao: as two they stand where the one did


@lru_cache(_CACHED_WORDS)
def _places(token: str) -> tuple[Span, ...]:
    """Where in the token each of its words stands; the whole token where that cannot be told."""
    folded, letters = fold(token), letters_of(token)
    plain = len(folded) == len(letters) and unicodedata.is_normalized("NFKC", token.translate(_TWO_IN_ONE))
    if plain and all(map(is_unspaced, folded)):
        ends = [*accumulate(map(len, letters), initial=0)]
        return tuple(zip(ends, [*ends[2:], ends[-1]], strict=False))
    return ((0, len(token)),) * len(folded)


class _Tokens(dict[str, tuple[Atom, Atom]]):
    """The stems and the exact forms of tokens in texts of one language, found when they are first asked for."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, token: str) -> tuple[Atom, Atom]:
        if len(self) >= _CACHED_WORDS:
            self.clear()
        self[token] = found = _stems(self._language, token), exact_forms(token)
        return found


_tokens = cache(_Tokens)


def _analyse(language: str, text: str) -> tuple[Atom, Atom]:
    """The stems and the exact forms of a text's words."""
    stems: list[str] = []
    forms: list[str] = []
    for of_stems, of_forms in map(_tokens(known(language)).__getitem__, tokens(text)):
        stems += of_stems
        forms += of_forms
    return tuple(stems), tuple(forms)


def is_form(term: str) -> bool:
    """Whether a term of an atom is compared with exact forms, not with stems."""
    return term[0] == "=" or term[-1] == "*"


@dataclass(frozen=True)
class AnalysedField:
    """A title or a body: its text and the run of its stems. Not slotted: the rest is made when asked."""

    name: str
    text: str
    terms: Atom
    forms: Atom
    """The exact form of each word: as many as `terms`, at the same places."""

    @property
    def indexed(self) -> str:
        """The stems joined by blanks: what the full-text index is given."""
        return " ".join(self.terms)

    @property
    def indexed_forms(self) -> str:
        """The exact forms, each once, joined by blanks: what the index of forms is given."""
        return " ".join(dict.fromkeys(self.forms))

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each stem stands in `terms`."""
        return _positions(self.terms)

    @cached_property
    def form_positions(self) -> dict[str, list[int]]:
        """Where each exact form stands in `forms`."""
        return _positions(self.forms)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where each of `terms` stands in the original text."""
        return tuple(
            (match.start() + start, match.start() + end)
            for match in token_matches(self.text)
            for start, end in _places(match[0])
        )

    def around(self, stem: str, reach: int) -> Iterator[Atom]:
        """The stems at most so many words before and after each place where one stands, and itself.

        For few stems this is quicker than to note where all of them stand.
        """
        place = -1
        with suppress(ValueError):
            while True:
                place = self.terms.index(stem, place + 1)
                yield self.terms[max(0, place - reach) : place + reach + 1]

    def occurrences(self, atom: Atom) -> Sequence[int]:
        """Where in `terms` the atom begins, in ascending order."""
        places, length = self._of_term(atom[0]), len(atom)
        if length == 1 or not places:
            return places
        return [place for place in places if self.terms[place : place + length] == atom or self._holds(atom, place)]

    def _of_term(self, term: str) -> list[int]:
        if term[0] == "=":
            return self.form_positions.get(term, [])
        if term[-1] == "*":
            wanted = f"={term[:-1]}"
            begun = (places for form, places in self.form_positions.items() if form.startswith(wanted))
            return sorted(place for places in begun for place in places)
        return self.positions.get(term, [])

    def _holds(self, atom: Atom, index: int) -> bool:
        """Whether an atom that is not of stems alone stands at this place."""
        if index + len(atom) > len(self.terms) or not any(map(is_form, atom)):
            return False
        return all(self._is(term, place) for place, term in enumerate(atom, index))

    def _is(self, term: str, place: int) -> bool:
        if term[0] == "=":
            return self.forms[place] == term
        if term[-1] == "*":
            return self.forms[place].startswith(f"={term[:-1]}")
        return self.terms[place] == term


def _positions(terms: Atom) -> dict[str, list[int]]:
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for index, term in enumerate(terms):
        positions[term].append(index)
    return dict(positions)


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """A version as queries see it. A phrase never goes from one field to the next."""

    title: AnalysedField
    body: AnalysedField
    language: str = ""
    source: str = ""
    """The key of the section where the item was first seen."""
    country: str = ""
    day: date | None = None
    """When the ministry says that it was published, in its own zone."""
    state: str = PUBLISHED
    """Whether it stands at its address."""

    @property
    def fields(self) -> tuple[AnalysedField, AnalysedField]:
        return self.title, self.body


def analyse(
    title: str,
    body: str,
    language: str,
    *,
    source: str = "",
    country: str = "",
    day: date | None = None,
    state: str = PUBLISHED,
) -> AnalysedText:
    """Analyse a version. `language` is the ISO 639-1 code of its text, or empty; the rest as `AnalysedText` has it."""
    return AnalysedText(
        AnalysedField("title", title, *_analyse(language, title)),
        AnalysedField("body", body, *_analyse(language, body)),
        language,
        source,
        country,
        day,
        state,
    )


def folded_form(form: str) -> str:
    """The folded word of an exact form."""
    return form[1:].partition(CASE)[0]
