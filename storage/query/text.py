"""The one text analysis: what a statement is compared by, for alerts, for search and for the words of a query.

A text is the run of its words' stems. Each word is stemmed by the text's language if that is written in the word's
script, else by the default language of the script: a Russian statement's `NATO's` is stemmed as English. Belarusian,
Kazakh, Kyrgyz and Tajik have no stemmer: their words are kept as they are, in those texts.

A word of a query matches a word of a text if the stem of the query's word in any enabled language equals the stem of
the text's word. A phrase matches if that holds for all its words in one language, side by side in one field.
There are no stop words.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import Stemmer

from storage.query.words import TOKEN, fold, words

Atom = tuple[str, ...]
"""One stem, or the stems of a phrase."""

Span = tuple[int, int]
"""First character and the one after the last, in the original text."""

FIELDS = ("title", "body")

_CACHED_WORDS = 100_000  # a language: some ten megabytes; a desk's languages repeat far fewer


@dataclass(frozen=True, slots=True)
class _Language:
    script: str
    """As Unicode names its letters."""
    stemmer: Stemmer.Stemmer | None


def _snowball(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # no cache of its own: the cache below holds more than the stem


_LANGUAGES = {
    "en": _Language("LATIN", _snowball("english")),
    "ru": _Language("CYRILLIC", _snowball("russian")),
    "be": _Language("CYRILLIC", None),
    "kk": _Language("CYRILLIC", None),
    "ky": _Language("CYRILLIC", None),
    "tg": _Language("CYRILLIC", None),
    "hy": _Language("ARMENIAN", _snowball("armenian")),
}
_DEFAULT_OF_SCRIPT = {"LATIN": "en", "CYRILLIC": "ru", "ARMENIAN": "hy"}

LANGUAGES = tuple(_LANGUAGES)
"""The enabled languages, as ISO 639-1 codes. A text in another one is stemmed by the defaults of its scripts."""


def stem(language: str, word: str) -> str:
    """The stem of a folded word in a text of this language (ISO 639-1, or empty if unknown)."""
    letter = next((character for character in word if character.isalpha()), "")
    script = unicodedata.name(letter, "").partition(" ")[0] if letter else ""
    chosen = _LANGUAGES.get(language)
    if chosen is None or chosen.script != script:
        chosen = _LANGUAGES.get(_DEFAULT_OF_SCRIPT.get(script, ""))
    stemmed = chosen.stemmer.stemWord(word) if chosen and chosen.stemmer else word
    return (stemmed or word).replace("'", "")


_cached: dict[str, dict[str, Atom]] = {language: {} for language in (*LANGUAGES, "")}


def _stems(language: str, token: str) -> Atom:
    """The stems of one word as it stands in a text."""
    return tuple(stem(language, word) for word in fold(token))


@lru_cache(_CACHED_WORDS)
def _number_of_words(token: str) -> int:
    """How many stems stand for this token."""
    return len(fold(token))


def _analyse(language: str, text: str) -> Atom:
    cached = _cached[language if language in _LANGUAGES else ""]
    terms: list[str] = []
    for token in TOKEN.findall(text):
        stems = cached.get(token)
        if stems is None:
            if len(cached) >= _CACHED_WORDS:
                cached.clear()
            stems = cached[token] = _stems(language, token)
        terms += stems
    return tuple(terms)


def atoms(text: str, languages: Iterable[str] = LANGUAGES) -> tuple[Atom, ...]:
    """What the words of a query's clause are compared by: one atom a language, each once. Empty without a word."""
    folded = words(text)
    found = (tuple(stem(language, word) for word in folded) for language in languages)
    return tuple(dict.fromkeys(found)) if folded else ()


@dataclass(frozen=True)
class AnalysedField:
    """A title or a body: its text and the run of its stems. Not slotted: positions and spans are made when asked."""

    name: str
    text: str
    terms: Atom

    @property
    def indexed(self) -> str:
        """The stems joined by blanks: what the full-text index is given."""
        return " ".join(self.terms)

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each stem stands in `terms`."""
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for index, term in enumerate(self.terms):
            positions[term].append(index)
        return dict(positions)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where each of `terms` stands in the original text."""
        return tuple(match.span() for match in TOKEN.finditer(self.text) for _ in range(_number_of_words(match[0])))


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """A version as queries see it. A phrase never goes from one field to the next."""

    title: AnalysedField
    body: AnalysedField

    @property
    def fields(self) -> tuple[AnalysedField, AnalysedField]:
        return self.title, self.body


def analyse(title: str, body: str, language: str) -> AnalysedText:
    """Analyse a version. `language` is the ISO 639-1 code of its text, or empty."""
    return AnalysedText(
        AnalysedField("title", title, _analyse(language, title)),
        AnalysedField("body", body, _analyse(language, body)),
    )
