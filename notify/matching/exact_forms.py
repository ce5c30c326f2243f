"""The exact forms and the beginnings of words that topics ask for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from notify.matching.frequencies import Feature
from storage.query.text import AnalysedText, is_form


class ExactForms:
    """The exact forms and the beginnings of words that topics ask for: which of them a text has.

    A word begins in many ways, and texts repeat their words: what each brings is kept until what is asked for changes.
    """

    def __init__(self) -> None:
        self._uses: Counter[str] = Counter()
        self._lengths: Counter[int] = Counter()  # of the beginnings in use
        self._brought = _Brought(self._brings)

    def take(self, features: Iterable[Feature]) -> None:
        """These features are in use once more; those that are no forms do not matter."""
        for form in _forms_among(features):
            self._uses[form] += 1
            if self._uses[form] == 1:
                self._count(form, 1)

    def release(self, features: Iterable[Feature]) -> None:
        """These features are in use once less."""
        for form in _forms_among(features):
            self._uses[form] -= 1
            if not self._uses[form]:
                del self._uses[form]
                self._count(form, -1)

    def _count(self, form: str, more: int) -> None:
        self._brought.clear()
        if form.endswith("*"):
            self._lengths[len(form) - 1] += more
            self._lengths = +self._lengths

    def of(self, text: AnalysedText) -> Iterable[str]:
        """Those that the text has, some of them several times."""
        if not self._uses:
            return ()
        brought = map(self._brought.__getitem__, text.title.forms + text.body.forms)
        return chain.from_iterable(filter(None, brought))

    def _brings(self, form: str) -> tuple[str, ...]:
        """What a word has that is written so."""
        beginnings = (f"{form[1 : length + 1]}*" for length in self._lengths)
        return tuple({feature for feature in (form, *beginnings) if feature in self._uses})

    def __len__(self) -> int:
        return len(self._uses) + len(self._lengths)


class _Brought(dict[str, tuple[str, ...]]):
    """What the words of texts bring, found when it is first asked for: the last thousands of them."""

    def __init__(self, brings: Callable[[str], tuple[str, ...]]) -> None:
        self._brings = brings

    def __missing__(self, form: str) -> tuple[str, ...]:
        if len(self) > MOST_FORMS:
            self.clear()
        self[form] = brought = self._brings(form)
        return brought


MOST_FORMS = 50_000
"""Words of texts of which it is kept what they bring."""


def _forms_among(features: Iterable[Feature]) -> Iterator[str]:
    return (feature for feature in features if isinstance(feature, str) and is_form(feature))
