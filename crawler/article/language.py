"""The language of a text, not of the frame around it. Pure."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import Counter
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = (
    "en", "ru", "be", "uk", "kk", "ky", "tg", "hy", "uz", "az", "ka", "pl", "de", "fr", "es", "pt", "it", "tr", "sv",
    "zh", "ja", "ar", "fa",
)  # fmt: skip
"""What is looked for where a source does not say."""

_ENOUGH = 300
"""Letters from which on a text is known among all languages; a shorter one only among its source's."""
_SAMPLE = 3_000

_SCRIPTS = {
    "LATIN": frozenset({"en", "uz", "az", "pl", "de", "fr", "es", "pt", "it", "tr", "sv"}),
    "CYRILLIC": frozenset({"ru", "be", "uk", "kk", "ky", "tg", "uz"}),
    "ARMENIAN": frozenset({"hy"}),
    "GEORGIAN": frozenset({"ka"}),
    "CJK": frozenset({"zh", "ja"}),
    "HIRAGANA": frozenset({"ja"}),
    "KATAKANA": frozenset({"ja"}),
    "ARABIC": frozenset({"ar", "fa"}),
}


_OTHER_CODES = {
    "nb": "no", "nob": "no", "nor": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl", "tgl": "tl", "cmn": "zh",
    "prs": "fa", "fas": "fa", "swa": "sw", "zul": "zu", "xho": "xh", "som": "so", "hau": "ha", "yor": "yo", "ibo": "ig",
    "sh": "sr", "mol": "ro", "mo": "ro", "ckb": "sdh", "kmr": "ku",
}  # fmt: skip
"""Codes that pages declare, and what the model calls these languages."""


def detect_language(text: str, languages: tuple[str, ...], declared: str = "") -> str:
    """The ISO 639-1 code of the text's language, among the source's languages and the one that the page declares.

    Where none of these is written in the text's script, or the text is long enough to be sure, among `LANGUAGES`: an
    English text in a Russian section is English. A declared language that the model does not know is believed where the
    text is none of the others. Nothing for a text without letters.
    """
    script = _script(text)
    if not script:
        return ""
    written = _SCRIPTS.get(script)
    declared = _OTHER_CODES.get(declared, declared)
    own = {language for language in (*languages, declared) if language in _labels()}
    if written is not None:
        own = {language for language in own if language in written or language not in LANGUAGES}
    long = len(re.findall(r"[^\W\d_]", text[:_SAMPLE])) >= _ENOUGH
    candidates = own if own and not long and languages else own | (written if written is not None else set(LANGUAGES))
    if declared and declared not in _labels() and _classified(text, _labels()) not in candidates:
        return declared  # the model does not know it, and knows that it is none of these
    return next(iter(candidates)) if len(candidates) == 1 else _classified(text, frozenset(candidates))


def _classified(text: str, languages: frozenset[str]) -> str:
    return str(_identifier(languages).classify(text[:_SAMPLE])[0])


def _script(text: str) -> str:
    """The script of most letters: the first word of their Unicode names. Japanese is told by its syllables."""
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    scripts = Counter(unicodedata.name(char, " ").partition(" ")[0] for char in letters)
    if (scripts["HIRAGANA"] + scripts["KATAKANA"]) * 10 > len(letters):
        return "HIRAGANA"
    return scripts.most_common(1)[0][0] if scripts else ""


@cache
def _model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


@cache
def _labels() -> frozenset[str]:
    return frozenset(_model().labels)


@cache
def _identifier(languages: frozenset[str]) -> LanguageIdentifier:
    """A classifier of its own for each set: `py3langid.set_languages` is global to the process."""
    identifier = copy.copy(_model())  # the tables are shared, the choice is not
    identifier.set_languages(languages)
    return identifier
