"""The marks that endings have, for words that are typed without them. Pure.

The stemmers of a dozen languages know an ending by its marks: by `ción`, not `cion`. What a query has without marks is
therefore looked for with them as well. Each language lists the endings by which most words are found that were not, as
measured on the forms in simplemma's dictionaries (https://github.com/adbar/simplemma). Where stems are compared with
those of all languages, only endings are listed that no other language has: by `ée`, `refugees` would be `refuge`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from storage.query.marks import unmarked

_ENDINGS = {
    "ca": "és à í é ció",
    "cs": "ích ím ího ími ímu ých ým ého ému ými ům ám ách",
    "es": "ción",
    "fr": "urité alité ilité ivité icité arité uinée orée ysée ranée usée nnée nnées allée allées urnée",
    "hu": "ól ént ért ől ál á él ék é ák éi",
    "it": "ità",
    "lt": "ėmis ėje ėms ėse ėme čių ųjų ėte į čiau čiai",
    "pl": "ć ów ość ości ą ę ł ła ło ły ąc ąca ące ący ącego ących",
    "pt": "ão ção ções ência ências",
    "ro": "ă ăți ăm și ând ându ți ști ția",
    "tr": "ği ğı ğini ğını ğine",
}

_OUT_OF_HARMONY = re.compile("(?:[aou][^aeiou]*i|[ei][^aeiou]*u)[nmkzrp]?[aiu]?n?$")
_BACK, _FRONT = "aıou", "eiöü"


def _by_bare_ending() -> dict[str, tuple[tuple[str, str], ...]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for language, endings in _ENDINGS.items():
        for ending in endings.split():
            found[unmarked(ending)].append((language, ending))
    return {bare: tuple(marked) for bare, marked in found.items()}


_MARKED = _by_bare_ending()
_LENGTHS = sorted({len(ending) for ending in _MARKED})


def remarked(word: str) -> Iterator[tuple[str, str]]:
    """Languages, and how a folded word without marks may be written there, if its ending lacks marks."""
    if not word.isascii():
        return
    for length in _LENGTHS:
        for language, ending in _MARKED.get(word[-length:], ()):
            if len(word) > max(length, 3):
                yield language, word[:-length] + ending
    if _OUT_OF_HARMONY.search(word):
        yield "tr", _in_harmony(word)


def _in_harmony(word: str) -> str:
    """A word with the vowels that Turkish has after those before them: `bakanligi` as `bakanlıgı`."""
    letters: list[str] = []
    last = ""
    for letter in word:
        if letter == "i" and last and last in _BACK:
            letter = "ı"
        elif letter == "u" and last and last in _FRONT:
            letter = "ü"
        if letter in _BACK or letter in _FRONT:
            last = letter
        letters.append(letter)
    return "".join(letters)
