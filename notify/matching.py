"""Many topics against one version: which topics does it meet, and why. Pure.

Each topic stands in an index under the atoms of which a matching text must contain one: a word under its stem, a
phrase under two neighbouring stems of it. A version is asked only the topics whose stems occur in it; a topic without
such an atom is always asked. Adding and removing costs microseconds and needs no rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from storage.query.aliases import Packs
from storage.query.evaluate import Evaluation, evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, required_atoms, resolve
from storage.query.text import AnalysedText, Atom
from storage.types import Topic

Anchor = str | tuple[str, str]
"""One stem, or two neighbouring ones."""


class Matcher:
    """The standing topics, ready to be met."""

    def __init__(self, topics: Iterable[Topic] = (), packs: Packs | None = None) -> None:
        """Raises `QueryError` for the first topic whose query cannot be used. `packs` as `resolve` takes them."""
        self._packs = packs
        self._queries: dict[int, ResolvedQuery] = {}
        self._anchors: dict[int, frozenset[Anchor]] = {}
        self._standing: dict[Anchor, set[int]] = {}
        self._always: set[int] = set()
        for topic in topics:
            self.add(topic)

    def add(self, topic: Topic) -> None:
        """Take a topic in, in place of an earlier one of the same id.

        Raises `QueryError` where its query cannot be read or resolved; what stood before stands on.
        """
        query = resolve(parse(topic.query), packs=self._packs)
        self.remove(topic.id)
        self._queries[topic.id] = query
        required = required_atoms(query, self._crowding)
        if required is None:
            self._always.add(topic.id)
            return
        anchors = self._anchors[topic.id] = frozenset(map(_anchor, required))
        for anchor in anchors:
            self._standing.setdefault(anchor, set()).add(topic.id)

    def remove(self, topic_id: int) -> None:
        """Forget a topic; one that is not there is forgotten already."""
        self._queries.pop(topic_id, None)
        self._always.discard(topic_id)
        for anchor in self._anchors.pop(topic_id, ()):
            self._standing[anchor].discard(topic_id)
            if not self._standing[anchor]:
                del self._standing[anchor]

    def candidates(self, text: AnalysedText) -> set[int]:
        """The ids of the topics that the text may meet: all that it does meet are among them."""
        found = set(self._always)
        for field in text.fields:
            for anchor in self._standing.keys() & chain(field.terms, pairwise(field.terms)):
                found |= self._standing[anchor]
        return found

    def matches(self, text: AnalysedText) -> Iterator[tuple[int, Evaluation]]:
        """The topics that the text meets, by ascending id, and why."""
        for topic_id in sorted(self.candidates(text)):
            evaluation = evaluate(self._queries[topic_id], text)
            if evaluation.matches:
                yield topic_id, evaluation

    def _crowding(self, atom: Atom) -> float:
        """A guess at how often an atom is met: by how many topics stand under it, then by its length."""
        return len(self._standing.get(_anchor(atom), ())) + 1 / sum(map(len, atom))

    def __len__(self) -> int:
        return len(self._queries)


def _anchor(atom: Atom) -> Anchor:
    """What an atom is found by. Of a phrase the longest pair, as the likeliest to be rare."""
    if len(atom) == 1:
        return atom[0]
    return max(pairwise(atom), key=lambda pair: len(pair[0]) + len(pair[1]))
