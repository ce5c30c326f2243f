"""Which stems a word has, in which language.

Snowball's stemmers find the forms of a word in the languages of `_SNOWBALL`. In those of `_UNSTEMMED` words are
compared as they are written: a query lists the forms, or gives what they begin with. Every language writes in some
scripts; what a text has in another script is stemmed by the default language of that script, and so are texts in a
language that is not listed: a Russian statement's `NATO's` is stemmed as English.

Stems of most languages are compared with each other, as words wander and languages are mistaken. Those of `_APART` are
compared among each other only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import add
from typing import TypeAlias

import Stemmer

from storage.query import arabic
from storage.query.marks import unmarked
from storage.query.words import designation, is_designation, plain

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch_porter", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
"""By ISO 639-1 code, all that PyStemmer has but Esperanto and Sesotho. `dutch` would make `mini` of `ministers`; for
Arabic `storage.query.arabic` takes its place."""

_SCRIPTS = {
    "ar": ("ARABIC",), "el": ("GREEK",), "fa": ("ARABIC",), "hi": ("DEVANAGARI",), "hy": ("ARMENIAN",),
    "ne": ("DEVANAGARI",), "ru": ("CYRILLIC",), "sr": ("CYRILLIC", "LATIN"), "ta": ("TAMIL",), "yi": ("HEBREW",),
}  # fmt: skip
"""Of languages with a stemmer; the others write in Latin letters."""

_UNSTEMMED = {
    "az": ("LATIN", "CYRILLIC"), "be": ("CYRILLIC",), "bg": ("CYRILLIC",), "he": ("HEBREW",),
    "kk": ("CYRILLIC", "LATIN"), "ky": ("CYRILLIC",), "mk": ("CYRILLIC",), "mn": ("CYRILLIC",), "tg": ("CYRILLIC",),
    "tk": ("LATIN",), "tt": ("CYRILLIC",), "uk": ("CYRILLIC",), "ur": ("ARABIC",), "uz": ("LATIN", "CYRILLIC"),
}  # fmt: skip

_DEFAULT_OF_SCRIPT = {
    "LATIN": "en", "CYRILLIC": "ru", "ARMENIAN": "hy", "ARABIC": "ar", "GREEK": "el", "DEVANAGARI": "hi",
    "TAMIL": "ta",
}  # fmt: skip

_APART = frozenset(["ca", "cs", "et", "eu", "fa", "fi", "ga", "hu", "id", "lt", "ne", "pl", "ro", "sr", "tr"])
"""Languages whose stems are kept apart from those of the others. Their endings are other languages' words: by a Polish
stemmer `army` is `arm`, and would be found in every English text about arms."""

APART = "\u00ac"
"""What such a stem ends with: no character of a word, and not ASCII."""

_ALSO = {"nb": "no", "nn": "no", "mo": "ro", "sh": "sr", "in": "id", "iw": "he"}
"""Other codes of the same languages."""

LANGUAGES = (*_SNOWBALL, *_UNSTEMMED)
"""The enabled languages, as ISO 639-1 codes."""

_BY_MARKS = frozenset(["ca", "cs", "es", "fr", "hu", "it", "lt", "pl", "pt", "ro", "tr"])
"""Languages whose stemmers know endings by their marks: a word loses its marks when it is stemmed, not before."""

_Stemmer: TypeAlias = Callable[[str], str]

_PERSIAN = str.maketrans("یکى", "يكي")


def _stemmer_of(language: str) -> _Stemmer:
    """Without a cache of its own: those of text.py hold more than the stem."""
    if language == "ar":
        return arabic.stem
    stemmer: _Stemmer = Stemmer.Stemmer(_SNOWBALL[language], 0).stemWord
    if language == "fa":  # makes letters that folding takes away
        return lambda word: stemmer(word).translate(_PERSIAN)
    return stemmer


_STEMMERS = {language: _stemmer_of(language) for language in _SNOWBALL}
_SCRIPTS_OF = {language: _SCRIPTS.get(language, ("LATIN",)) for language in _SNOWBALL} | _UNSTEMMED

_DOTLESS = ("tr", "az")
_DOTTED = str.maketrans({"I": "ı", "İ": "i"})
_KEPT, _TAKEN = 5, 4
_ARABIC_LETTER = re.compile("[\u0620-\u06ff]")  # of which three make a usual stem


def known(language: str) -> str:
    """The code by which an enabled language is listed, or nothing."""
    language = _ALSO.get(language, language)
    return language if language in _SCRIPTS_OF else ""


def cased(language: str, text: str) -> str:
    """The text, ready to be folded: Turkish and Azerbaijani have an i without a dot."""
    return text.translate(_DOTTED) if language in _DOTLESS else text


def spellings(languages: tuple[str, ...], text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text, ready to be folded, with those of the languages in which it is spelled so: nearly always all."""
    if "I" not in text and "İ" not in text:
        yield text, languages
        return
    yield text, tuple(language for language in languages if language not in _DOTLESS)
    yield text.translate(_DOTTED), _DOTLESS


def script(word: str) -> str:
    """The script of a word's first letter, as Unicode names its letters; empty for a number and for a designation."""
    return "" if _designated(word) else _script_of_first(word)


def _designated(word: str) -> str:
    """A designation as all texts have it, in whatever alphabet and language; empty for any other word."""
    if len(word) > 1 and word.isalpha():
        return ""
    bare = unmarked(word)
    return designation(bare) if is_designation(bare) else ""


def _script_of_first(word: str) -> str:
    for character in word:
        if character.isalpha():
            return _script_of(character)
    return ""


@lru_cache(5_000)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def is_apart(language: str) -> bool:
    """Whether the stems of a text of this language may end with `APART`; those of other languages never do."""
    return known(language) in _APART


def stem(language: str, word: str) -> str:
    """The stem of a folded word in a text of this language, empty if unknown.

    That of a language of `_APART` ends with `APART`. A stem of a few letters for a long word is not believed: German
    `Sicherheit` would become `sich`.
    """
    if designated := _designated(word):
        return designated
    ((stemmer, by_marks),), (end,) = _stemmers_for((known(language),), _script_of_first(word))
    return _meant(word, stemmer(word if by_marks else unmarked(word))) + end


def stems(languages: tuple[str, ...], word: str) -> list[str]:
    """The stem of a folded word in each of these languages, given by the codes by which they are listed."""
    if designated := _designated(word):
        return [designated] * len(languages)
    stemmers, ends = _stemmers_for(languages, _script_of_first(word))
    bare = unmarked(word)
    stemmed = [stemmer(word if by_marks else bare) for stemmer, by_marks in stemmers]
    meant = {one: _meant(word, one) for one in set(stemmed)}  # most languages agree
    return list(map(add, map(meant.__getitem__, stemmed), ends))


@lru_cache(1000)
def _stemmers_for(languages: tuple[str, ...], script: str) -> tuple[tuple[tuple[_Stemmer, bool], ...], tuple[str, ...]]:
    """What stems a word of this script in texts of each of these languages, whether by its marks, and what each such
    stem ends with."""
    chosen = [_stemmed_as(language, script) for language in languages]
    ends = (APART if language in _APART else "" for language in chosen)
    return tuple((_STEMMERS.get(language, str), language in _BY_MARKS) for language in chosen), tuple(ends)


def _stemmed_as(language: str, script: str) -> str:
    """As a word of which language one of this script is stemmed in a text of that one; empty if it is not."""
    if script in _SCRIPTS_OF.get(language, ()):
        return language if language in _STEMMERS else ""
    return _DEFAULT_OF_SCRIPT.get(script, "")


def _meant(word: str, stemmed: str) -> str:
    """The stem of a word of which a stemmer has made this."""
    stem = unmarked(plain(stemmed))
    short = len(stem) < _KEPT and len(word) - len(stem) > _TAKEN and not _ARABIC_LETTER.match(word)
    return unmarked(plain(word)) if short or not stem else stem


@lru_cache(1000)
def writing(scripts: frozenset[str]) -> tuple[str, ...]:
    """Languages whose stems are all the stems that words of these scripts have in any enabled language."""
    written = [language for language in LANGUAGES if not scripts.isdisjoint(_SCRIPTS_OF[language])]
    differing = {tuple(_stemmed_as(language, script) for script in scripts): language for language in (*written, "")}
    return tuple(differing.values())
