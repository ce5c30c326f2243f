"""Statements, topics and questions in invented words: the same ones at every run.

Words are made of syllables and real endings, so that stemming has its work; how often each is used follows Zipf's
law, as in any language. Half of the statements are English, half Russian.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from random import Random

from storage.types import SOLE_OWNER, Topic

VOCABULARY = 20_000
"""Words of a language."""

FIRST_ASKED_FOR = 500
"""The place in a vocabulary from which on words are asked for by themselves."""

LANGUAGES = ("en", "ru")

_SYLLABLES = {
    "en": ("b c d f g l m n p r s t v w st tr pl gr", "a e i o u ea ai", "l n r s t m nd rk"),
    "ru": ("б в г д ж з к л м н п р с т ст пр", "а е и о у я ы", "л н р с т м нд рк"),
}
_ENDINGS = {
    "en": ["s", "ed", "ing", "ion", "ment", "al", "ly", "er", "ness"] + [""] * 6,
    "ru": ["а", "ы", "ов", "ами", "ого", "ая", "ение", "ения", "ить", "ский"] + [""] * 4,
}


@dataclass(frozen=True, slots=True)
class BenchText:
    title: str
    body: str
    language: str


@cache
def vocabulary(language: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The words of a language, the most frequent first, and their frequencies summed up."""
    random = Random(language)
    onsets, vowels, codas = (parts.split() for parts in _SYLLABLES[language])
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = 1 + random.choice((0, 1, 1, 2)) if len(words) > 200 else 1
        root = "".join(random.choice(onsets) + random.choice(vowels) for _ in range(syllables))
        words[root + random.choice(codas) + random.choice(_ENDINGS[language])] = None
    return tuple(words), tuple(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))


def statement(number: int, length: int = 400) -> BenchText:
    """The statement of that number: a headline and `length` words in paragraphs."""
    random = Random(number)
    language = LANGUAGES[number % 2]
    words, weights = vocabulary(language)
    headline = random.choices(words, cum_weights=weights, k=9)
    text = random.choices(words, cum_weights=weights, k=length)
    sentences = [" ".join(text[start : start + 16]).capitalize() + "." for start in range(0, length, 16)]
    paragraphs = [" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]
    return BenchText(" ".join(headline).capitalize(), "\n\n".join(paragraphs), language)


def topics(count: int) -> list[Topic]:
    """Standing queries: words, phrases that some statement says, and both combined."""
    return [
        Topic(number, SOLE_OWNER, f"topic {number}", query(number), datetime(2024, 1, 1, tzinfo=UTC))
        for number in range(count)
    ]


def query(number: int) -> str:
    """The query of that number.

    Of fifty, seventeen are a word, two what words begin with and one a NEAR; ten each are a phrase, an AND with a NOT,
    and an OR.
    """
    random = Random(f"query {number}")
    language = random.choice(LANGUAGES)
    one, two, three = (_rarer_word(random, language) for _ in range(3))
    if number % 50 == 1:
        return f"{one} NEAR/5 {_common_word(random, language)}"
    if number % 25 == 0:
        return f"{one[: max(4, len(one) - 2)]}*"
    match number % 5:
        case 0 | 1:
            return one
        case 2:
            return f'"{phrase(random)}"'
        case 3:
            return f"{one} AND {_common_word(random, language)} AND NOT {three}"
        case _:
            return f'{one} OR {two} OR "{phrase(random)}"'


def phrase(random: Random) -> str:
    """Two words that stand side by side in a statement."""
    words = statement(random.randrange(10_000)).body.replace(".", "").split()
    start = random.randrange(len(words) - 1)
    return " ".join(words[start : start + 2]).lower()


def _rarer_word(random: Random, language: str) -> str:
    """The rarer it is, the more topics have one like it. Of all topics' words a twentieth is in a statement."""
    return vocabulary(language)[0][int(FIRST_ASKED_FOR * (VOCABULARY / FIRST_ASKED_FOR) ** random.random()) - 1]


def _common_word(random: Random, language: str) -> str:
    return vocabulary(language)[0][random.randrange(5, 200)]
