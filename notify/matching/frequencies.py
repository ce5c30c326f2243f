"""Document frequencies: how rare the features of texts are, learned from the texts that pass by. Pure.

A topic that needs several things is looked up under the rarest of them, so that few texts have to be compared with the
whole of it. Being wrong about that costs time, never a match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

Feature = str | tuple[str, str]
"""One stem, or two neighbouring ones; a filter or a word of the title: what it is of, with a colon, and its value."""

TITLE = "title:"
"""What a feature begins with that is a stem of the title."""

SAMPLED = 32
"""Of so many texts one is counted: what is frequent shows all the same."""

MOST_STEMS = 60_000
"""Stems that are counted at a time; the rarest are forgotten first, which says the same of them as a count of one."""

_PAIR = 0.1
"""How much rarer than its rarer stem a pair is guessed to be."""


_FACT = 0.2
"""The share of texts that a source, a country or a language is guessed to have."""


class DocumentFrequencies:
    """In how many texts each stem occurs."""

    def __init__(self) -> None:
        self._passed = 0
        self._learned = 0
        self._counts: Counter[Feature] = Counter()

    def passes(self, stems: Iterable[Feature]) -> None:
        """A text with these distinct stems passes by; one of `SAMPLED` is counted, the first one too."""
        if self._passed % SAMPLED == 0:
            self.learn(stems)
        self._passed += 1

    def learn(self, stems: Iterable[Feature]) -> None:
        """Count a text with these distinct stems."""
        self._learned += 1
        self._counts.update(stems)
        if len(self._counts) > MOST_STEMS:
            self._counts = Counter(dict(self._counts.most_common(MOST_STEMS // 2)))

    def share(self, feature: Feature) -> float:
        """A guess at the share of texts in which the feature occurs. Of unknown ones a long one is the rarer."""
        if isinstance(feature, tuple):
            if feature[0] == TITLE:
                return self.share(feature[1])
            if feature[0].endswith(":"):
                return _FACT
            return _PAIR * min(map(self.share, feature))
        return (self._counts[feature] + 1 / (1 + len(feature))) / (self._learned + 1)

    def __len__(self) -> int:
        return len(self._counts)
