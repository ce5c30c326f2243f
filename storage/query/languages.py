"""Which stems a word has, in which language.

Snowball's stemmers find the forms of a word in the languages of `_SNOWBALL`. In those of `_UNSTEMMED` words are
compared as they are written: a query lists the forms, or gives what they begin with. Every language writes in some
scripts; what a text has in another script is stemmed by the default language of that script, and so are texts in a
language that is not listed: a Russian statement's `NATO's` is stemmed as English.

Stems of most languages are compared with each other, as words wander and languages are mistaken. Those of `_APART` are
compared among each other only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch_porter", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
"""By ISO 639-1 code, all that PyStemmer has but Esperanto and Sesotho. `dutch` would make `mini` of `ministers`."""

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

_STEMMERS = {
    # Without a cache of their own: those of text.py hold more than the stem.
    language: Stemmer.Stemmer(algorithm, 0)
    for language, algorithm in _SNOWBALL.items()
}
_SCRIPTS_OF = {language: _SCRIPTS.get(language, ("LATIN",)) for language in _SNOWBALL} | _UNSTEMMED

_MEANT = str.maketrans({"ı": "i", "'": "", "ی": "ي", "ک": "ك", "ى": "ي"})
_DOTTED = str.maketrans({"I": "ı", "İ": "i"})
_KEPT, _TAKEN = 5, 4


def known(language: str) -> str:
    """The code by which an enabled language is listed, or nothing."""
    language = _ALSO.get(language, language)
    return language if language in _SCRIPTS_OF else ""


def cased(language: str, text: str) -> str:
    """The text, ready to be folded: Turkish and Azerbaijani have an i without a dot."""
    return text.translate(_DOTTED) if language in ("tr", "az") else text


def script(word: str) -> str:
    """The script of a word's first letter, as Unicode names its letters; empty for a number."""
    letter = next((character for character in word if character.isalpha()), "")
    return _script_of(letter) if letter else ""


@lru_cache(5_000)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def stem(language: str, word: str) -> str:
    """The stem of a folded word in a text of this language, empty if unknown.

    That of a language of `_APART` ends with `APART`. A stem of a few letters for a long word is not believed: German
    `Sicherheit` would become `sich`.
    """
    return stems([known(language)], word)[0]


def stems(languages: Iterable[str], word: str) -> list[str]:
    """The stem of a folded word in each of these languages, given by the codes by which they are listed."""
    letters, plain = script(word), word.translate(_MEANT)
    default = _DEFAULT_OF_SCRIPT.get(letters, "")
    chosen = (language if letters in _SCRIPTS_OF.get(language, ()) else default for language in languages)
    return [_stemmed(language, word, plain) for language in chosen]


def _stemmed(language: str, word: str, plain: str) -> str:
    stemmer = _STEMMERS.get(language)
    if stemmer is None:
        return plain
    stemmed = stemmer.stemWord(word)
    if stemmed != word:
        stemmed = stemmed.translate(_MEANT)
        short = len(stemmed) < _KEPT and len(word) - len(stemmed) > _TAKEN
        plain = plain if short else stemmed or plain
    return plain + APART if language in _APART else plain


@lru_cache(1000)
def writing(scripts: frozenset[str]) -> tuple[str, ...]:
    """Languages whose stems are all the stems that words of these scripts have in any enabled language."""
    stemmed = [language for language in _SNOWBALL if not scripts.isdisjoint(_SCRIPTS_OF[language])]
    plain = {_SCRIPTS_OF[language]: language for language in _UNSTEMMED}
    return (*stemmed, *(language for written, language in plain.items() if not scripts.isdisjoint(written)), "")
