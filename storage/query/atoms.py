"""What the words of a query are compared by: every way to read them, to spell them, and to stem them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from storage.query.endings import remarked
from storage.query.languages import script, spellings, stem, stems, writing
from storage.query.marks import unmarked
from storage.query.readings import abbreviation, readings
from storage.query.text import Atom
from storage.query.words import forms, plain, sought

MOST_WAYS = 16
"""Ways to put back the marks of a phrase's words that are asked for in a language."""


@lru_cache(10_000)
def atoms(text: str) -> tuple[Atom, ...]:
    """What the words of a query's clause are compared by: one atom for each way to stem them. None without a word.

    A word that is followed by `*` is what a word of the text begins with.
    """
    found: list[Atom] = []
    for reading in readings(text):
        short = abbreviation(reading)
        found += [exact_atom(short)] if short else _atoms(reading)
    return tuple(dict.fromkeys(found))


def _atoms(text: str) -> Iterator[Atom]:
    """The same of a text that is read in one way."""
    wanted = sought(text)
    for spelling, languages in spellings(writing(frozenset(map(script, wanted))), text):
        words = wanted if spelling == text else sought(spelling)
        usual = [_terms(languages, word) for word in words]
        yield from zip(*usual, strict=True)
        others = [_other_terms(languages, word) for word in words]
        if len(words) == 1:
            yield from ((term,) for terms in others[0].values() for term in terms)
        elif any(others):
            yield from _with_others(languages, usual, others)


def _terms(languages: tuple[str, ...], word: str) -> list[str]:
    """What a word is compared by in each of these languages."""
    return [beginning(word[:-1])] * len(languages) if word.endswith("*") else stems(languages, word)


def _other_terms(languages: tuple[str, ...], word: str) -> dict[str, list[str]]:
    """What it is compared by as well, by language: without its marks, and with those that its ending may lack."""
    if word.endswith("*"):
        return {}
    bare = unmarked(word)
    found: dict[str, list[str]] = {}
    if bare != word:
        found = {language: [term] for language, term in zip(languages, stems(languages, bare), strict=True)}
    for language, spelled in remarked(bare):
        if language in languages:
            found.setdefault(language, []).append(stem(language, spelled))
    return found


def _with_others(
    languages: tuple[str, ...], usual: Sequence[Sequence[str]], others: Sequence[dict[str, list[str]]]
) -> Iterator[Atom]:
    """In each language that has them, the atoms with other terms; of a long phrase some of them."""
    for place, language in enumerate(languages):
        if any(language in of_word for of_word in others):
            ways = [[terms[place], *more.get(language, ())] for terms, more in zip(usual, others, strict=True)]
            yield tuple(way[:2][-1] for way in ways)
            yield from islice(product(*map(dict.fromkeys, ways)), MOST_WAYS)


def beginning(word: str) -> str:
    """What exact forms are compared with that begin with this folded word."""
    return unmarked(plain(word)) + "*"


def exact_atom(text: str) -> Atom:
    """What a clause in exact form is compared by. Empty without a word."""
    wanted = sought(text)
    found = forms(text)[: len(wanted)]
    return (*found[:-1], wanted[-1]) if wanted and wanted[-1].endswith("*") else tuple(found)
