"""In which ways the words of a query can be read: as they stand, and as another hand would write them. Pure.

- `U.S.` is `US`, and `U` beside `S`; `В.В.Путин` is `ВВ` and `В` beside `В`, as its initials may be either in a text.
  An abbreviation alone and in capitals is compared in capitals, so that it is not `us`.
- `Zürich` is `Zuerich`, `Ålesund` is `Aalesund`; and the other way round where it is no usual pair of vowels.
- `Ka-52` in either alphabet is the same, if its letters are in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SPECIAL = re.compile(r"[.\däöüøåđÄÖÜØÅĐ\u0308\u030a]|[aouAOU][eE]|[aA][aA]|[dD][jJ]|[A-Z]{2} [A-Z]{2}")
"""What a text has that can be read in more than one way."""
_DOTTED = re.compile(r"(?<!\w)[^\W\d_](?:\. ?[^\W\d_])+(?:\. ?(?=[^\W\d_]{2})|\.(?!\w)|(?![\w.]))")
_PLURAL = re.compile(r"(?<!\w)([A-Z])\1\.? ?([A-Z])\2(?:\.|(?!\w))")

_IN_TWO = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"}
_WRITTEN_IN_TWO = str.maketrans(_IN_TWO | {one.upper(): two.title() for one, two in _IN_TWO.items()})
_TWO = re.compile(
    r"(?<=[^\Waeiouqy])([ao])e(?=[^\Waeiouy]\w)|(?<=[^\Waeiouqgy])(u)e(?=[^\Waeiouy]\w)"
    r"|(?<!\w)(a)a(?=\w{4})|(?<=g)(a)a(?=rd)|(?<!\w)(d)j(?=[aeiou]\w)",
    re.IGNORECASE,
)

_LATIN, _CYRILLIC = "abcehkmoptyx", "авсенкмортух"
_ALIKE = re.compile(rf"(?<!\w)(?:[{_LATIN}]{{2,3}}|[{_CYRILLIC}]{{2,3}})(?=[- \u2010-\u2015]?\d)", re.IGNORECASE)
_OTHER_ALPHABET = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)


def readings(text: str) -> tuple[str, ...]:
    """The ways, each once, the text as it stands first."""
    found = [text]
    if not _SPECIAL.search(text):
        return (text,)
    for read in (_dotted, _in_two, _alike):
        found += [other for reading in found for other in read(reading) if other not in found]
    return tuple(found)


def abbreviation(text: str) -> str:
    """The abbreviation of capitals and dots that a text is, without the dots; empty if it is none."""
    dotted = _DOTTED.fullmatch(text.strip()) or _PLURAL.fullmatch(text.strip())
    letters = _without_dots(text.strip())
    return letters if dotted and "." in text and letters == letters.upper() != letters.lower() else ""


def _dotted(text: str) -> Iterator[str]:
    for pattern in (_DOTTED, _PLURAL):
        if not abbreviation(text):
            yield pattern.sub(lambda dotted: f"{_without_dots(dotted[0])} ", text)
        yield pattern.sub(lambda dotted: f"{re.sub('[. ]+', ' ', dotted[0])} ", text)


def _without_dots(letters: str) -> str:
    return letters.replace(".", "").replace(" ", "")


def _in_two(text: str) -> Iterator[str]:
    if not text.isascii():
        yield unicodedata.normalize("NFC", text).translate(_WRITTEN_IN_TWO)
    yield _TWO.sub(lambda pair: pair[pair.lastindex or 0], text)


def _alike(text: str) -> Iterator[str]:
    yield _ALIKE.sub(lambda letters: letters[0].lower().translate(_OTHER_ALPHABET), text)
