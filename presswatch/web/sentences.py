"""What the rooms below say in English, in another language. Pure.

They say sentences of words and values: `there is no topic 'Bridges'`. A catalogue has such a sentence with its values
as `{0}`, `{1}`: by its words it is known again in what was said, and its values are put into its translation. A value
that is a sentence itself is translated where the translation asks for it: `{1:said}`; and so is a day: `{0:day}`. What
is not known stays English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from storage.types import day_in_words, day_of_words

CONTEXT, DAY = "said", "day"
"""Of these sentences in a catalogue: what stands in templates has none. And what a value is that is a day."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A sentence with values: its words, before, between and after them, and its translation."""

    words: tuple[str, ...]
    translation: str

    def values_in(self, sentence: str) -> list[str] | None:
        """What stands between the words, each found as early as it can be; None where it is another sentence."""
        first, *between, last = self.words
        at, end = len(first), len(sentence) - len(last)
        if at > end or not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        values = []
        for words in between:
            found = sentence.find(words, at, end)
            if found < 0:
                return None
            values.append(sentence[at:found])
            at = found + len(words)
        return [*values, sentence[at:end]]


class Sentences:
    """English sentences and what they are in another language."""

    def __init__(self, translated: Mapping[str, str], day: Callable[[date], str] = day_in_words) -> None:
        made = [_Made(words, said) for english, said in translated.items() if len(words := words_of(english)) > 1]
        self._made = sorted(made, key=lambda each: -sum(map(len, each.words)))
        self.day = day
        self._whole = {words[0]: said for english, said in translated.items() if len(words := words_of(english)) == 1}

    def said(self, sentence: str) -> str:
        """The sentence in the other language; of two that a colon parts, or several that a semicolon does, each."""
        bare = sentence.removesuffix(".")
        if bare in self._whole:
            return self._whole[bare] + sentence[len(bare) :]
        for at in (at for at in range(len(bare)) if bare.startswith(": ", at)):
            one, other = self._known(bare[:at]), self._known(bare[at + 2 :])
            if one is not None and other is not None:
                return f"{one}: {other}{sentence[len(bare) :]}"
        if (known := self._known(bare)) is not None:
            return known + sentence[len(bare) :]
        parts = bare.split("; ")
        if len(parts) == 1 and all(self._known(part) for part in bare.split(", ")):
            return ", ".join(self._known(part) or part for part in bare.split(", "))
        return "; ".join(self._known(part) or part for part in parts) + sentence[len(bare) :]

    def _known(self, sentence: str) -> str | None:
        if sentence in self._whole:
            return self._whole[sentence]
        for each in self._made:
            if (values := each.values_in(sentence)) is not None:
                return each.translation.format(*(_Value(value, self) for value in values))
        return None


class _Value:
    """A value of a sentence, as a translation wants it."""

    def __init__(self, words: str, sentences: Sentences) -> None:
        self._words, self._sentences = words, sentences

    def __format__(self, wanted: str) -> str:
        if wanted == DAY and (day := day_of_words(self._words)) is not None:
            return self._sentences.day(day)
        return self._sentences.said(self._words) if wanted == CONTEXT else self._words


def words_of(english: str) -> tuple[str, ...]:
    """The words of a sentence of a catalogue, before, between and after its values."""
    words, open_ = [], ""
    for literal, field, _, _ in Formatter().parse(english):
        open_ += literal
        if field is not None:
            words.append(open_)
            open_ = ""
    return (*words, open_)
