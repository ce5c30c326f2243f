"""From characters to words: where they begin and end, and the spelling in which they are compared. No third party.

A word is a run of letters, digits and the marks that sit on them. An apostrophe or an invisible character (soft
hyphen, zero-width, bidi) between two letters does not end it; a hyphen or an underscore does. Compared are folded
spellings: Unicode NFKC, no case, no invisible characters, no stress marks, `ё` as `е`, every apostrophe as `'`.

A folded word holds ASCII lower-case letters and digits, characters beyond ASCII, and `'` between two of them. That is
what SQLite's FTS5 tokenizer `ascii` keeps together once the apostrophes are gone:
https://www.sqlite.org/fts5.html#ascii_tokenizer
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_LONGEST = 100
"""Characters by which words are compared: no language has longer ones, and an index entry costs."""

_INVISIBLE = "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_APOSTROPHES = "'’‘ʼ＇"
_STRESS = "\u0300\u0301\u0307"  # what NFKC cannot compose is a stress mark, or the dot that folding leaves of İ


def _marks() -> str:
    """The combining marks of Unicode (Mn, Mc) as ranges of a character class: `\\w` lacks them."""
    codes = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    gaps = [(before, after) for before, after in pairwise(codes) if after != before + 1]
    firsts = [codes[0], *(after for _, after in gaps)]
    lasts = [*(before for before, _ in gaps), codes[-1]]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(firsts, lasts, strict=True))


_LETTERS = rf"[\w{_marks()}]+"

TOKEN = re.compile(rf"{_LETTERS}(?:[{_INVISIBLE}{_APOSTROPHES}]+{_LETTERS})*")
"""A word as it stands in a text, or several that only an underscore or a compatibility character holds together."""

_FOLDED = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*")
_REMOVED = re.compile(f"[{_INVISIBLE}]")
_UNIFIED = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_STRESS, "") | {"ё": "е", "_": " "})


def fold(token: str) -> tuple[str, ...]:
    """The folded words of one `TOKEN`: nearly always one, none if nothing visible is left."""
    visible = _REMOVED.sub("", token)
    # NFKC twice: folding case can leave characters that compose again (Unicode 3.13, toNFKC_Casefold).
    caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return tuple(word[:_LONGEST] for word in _FOLDED.findall(caseless.translate(_UNIFIED)))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word for token in TOKEN.findall(text) for word in fold(token)]
