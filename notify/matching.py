"""Many topics against one version: which topics does it meet, and why. Pure.

    a text's stems and pairs of stems -> the clauses that it meets -> the topics that stand under one of them
        -> the topics that it meets -> and where, for those alone

A topic that is a clause, or any one of several, is met with its clause. Any other one stands under the clauses of which
a matching text must meet one, the rarest that would do, and is asked the rest only where one of them is met. A topic
without such a clause is always asked. Adding and removing a topic costs microseconds and needs no rebuild.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from notify.clauses import Asked, Clauses, Formula, StandingClause
from notify.formula import asked, formula_of, is_certain, is_met, required
from notify.rarity import Rarity
from storage.query.aliases import Packs
from storage.query.evaluate import Evaluation, evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, resolve
from storage.query.text import AnalysedText
from storage.query.tree import leaves
from storage.types import Topic

RESOLVED = 1_000
"""Queries that are kept as texts are asked them, for the places of their hits: those that were met last."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A topic in its place."""

    query: str
    formula: Formula
    under: tuple[StandingClause, ...] | None
    """The clauses where it is asked; none of them: it is asked of every text. None: it is met with any of its own."""


class Matcher:
    """The standing topics, ready to be met."""

    def __init__(self, topics: Iterable[Topic] = (), packs: Packs | None = None, rarity: Rarity | None = None) -> None:
        """`packs` as `resolve` takes them; `rarity` is what is known of the texts to come, else it is learned.

        Raises `QueryError` for the first topic whose query cannot be used.
        """
        self._packs = packs
        self._clauses = Clauses(Rarity() if rarity is None else rarity)
        self._topics: dict[int, _Standing] = {}
        self._always: dict[int, Formula] = {}
        self._resolved: OrderedDict[str, ResolvedQuery] = OrderedDict()
        for topic in topics:
            self.add(topic)

    def add(self, topic: Topic) -> None:
        """Take a topic in, in place of an earlier one of the same id.

        Raises `QueryError` where its query cannot be read or resolved; what stood before stands on.
        """
        query = resolve(parse(topic.query), packs=self._packs)
        self.remove(topic.id)
        formula = formula_of(query.root, self._clauses.take)
        under = None if is_certain(formula) else tuple(required(formula, self._clauses.cost) or ())
        self._topics[topic.id] = _Standing(topic.query, formula, under)
        if under is None:
            for clause in set(leaves(formula)):
                clause.certain = clause.certain or array("q")
                clause.certain.append(topic.id)
        elif not under:
            self._always[topic.id] = formula
        for clause in under or ():
            clause.asked = clause.asked or []
            clause.asked.append((topic.id, asked(formula, clause)))

    def remove(self, topic_id: int) -> None:
        """Forget a topic; one that is not there is forgotten already."""
        topic = self._topics.pop(topic_id, None)
        if topic is None:
            return
        self._always.pop(topic_id, None)
        for clause in leaves(topic.formula):
            if topic.under is None and clause.certain and topic_id in clause.certain:
                clause.certain.remove(topic_id)
            self._clauses.release(clause)
        for clause in topic.under or ():
            clause.asked = [entry for entry in clause.asked or () if entry[0] != topic_id] or None

    def meets(self, text: AnalysedText) -> set[int]:
        """The ids of the topics that the text meets."""
        met = self._clauses.met(text)
        found = array("q")
        for clause in met:
            if clause.certain:
                found += clause.certain
            if clause.asked:
                found.extend(_answering(clause.asked, met))
        found.extend(topic_id for topic_id, formula in self._always.items() if is_met(formula, met))
        return set(found)

    def matches(self, text: AnalysedText) -> Iterator[tuple[int, Evaluation]]:
        """The topics that the text meets, by ascending id, and why."""
        for topic_id in sorted(self.meets(text)):
            yield topic_id, evaluate(self._query(self._topics[topic_id].query), text)

    def _query(self, query: str) -> ResolvedQuery:
        """The query as texts are asked it. Not kept for every topic: it is several times as large as the formula."""
        resolved = self._resolved.pop(query, None)
        if resolved is None:
            resolved = resolve(parse(query), packs=self._packs)
            if len(self._resolved) >= RESOLVED:
                self._resolved.popitem(last=False)
        self._resolved[query] = resolved
        return resolved

    def asked(self, text: AnalysedText) -> int:
        """How many topics have to be asked more than which clauses the text meets; for measurements."""
        return len(self._always) + sum(len(clause.asked or ()) for clause in self._clauses.met(text))

    @property
    def clauses(self) -> int:
        """How many different clauses the topics have."""
        return len(self._clauses)

    def __len__(self) -> int:
        return len(self._topics)


def _answering(topics: Iterable[tuple[int, Asked]], met: set[StandingClause]) -> Iterator[int]:
    """Those of the topics that a text meets which meets these clauses."""
    for topic_id, (needed, excluded, rest) in topics:
        for clause in needed:
            if clause not in met:
                break
        else:
            for clause in excluded:
                if clause in met:
                    break
            else:
                if rest is None or is_met(rest, met):
                    yield topic_id
