"""Letters without the marks that a hasty hand leaves out: `Łódź` is `lodz`, `Αθήνα` is `αθηνα`. No third party.

What loses its marks: Latin and Greek letters, and the Latin ones whose stroke, hook or ligature Unicode does not take
for a mark (`ł`, `đ`, `ø`, `æ`, `þ`); in Devanagari the dot below and the moon over a letter. Belarusian `ў` is `у`: the
same word begins with the one or the other by what stands before it.

What does not: a Cyrillic letter of its own (`й`, `ї`, `ґ`, `ќ`), which stands on every keyboard of its language; and
the vowels of Thai, Hindi and their like, which are letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_PLAIN = re.compile("[а-я]+")
_LATIN_AND_GREEK = (range(0xC0, 0x250), range(0x370, 0x400), range(0x1E00, 0x2000))

_OTHERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i", "ə": "e",
    "ŋ": "n", "ĸ": "k", "ɓ": "b", "ɖ": "d", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɛ": "e", "ɔ": "o", "ʉ": "u", "ɨ": "i",
    "ǿ": "o", "ǽ": "ae", "ў": "у", "ѝ": "и", "ѐ": "е", "ँ": "ं", "़": "", "ऩ": "न", "ऱ": "र", "ऴ": "ळ",
}  # fmt: skip


@cache
def _unmarking() -> dict[int, str]:
    """What each folded letter is without its marks; made when a text is read that has some."""
    bases = {chr(code): _base(chr(code)) for codes in _LATIN_AND_GREEK for code in codes}
    loose = {chr(code): "" for code in range(0x300, 0x370)}  # marks for which there is no letter that has them
    return str.maketrans({letter: base for letter, base in bases.items() if letter != base} | loose | _OTHERS)


def _base(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


def unmarked(word: str) -> str:
    """A folded word without its marks: itself where it has none."""
    return word if word.isascii() or _PLAIN.fullmatch(word) else word.translate(_unmarking())
