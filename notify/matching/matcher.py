"""Many topics against one version: which topics does it meet, and why. Pure.

    a text's stems and pairs of stems -> their postings: topics that they prove, and candidates
        -> the candidates alone are verified -> the topics that the text meets -> and where, for those alone

A topic that is a word, a phrase, or any one of several, is proved by a feature (`notify.matching.features`). Any other
one is a candidate in the postings of the features of which a matching text must have one, the rarest that would do. A
topic without such features is always a candidate. A side of OR stands by itself. Adding and removing a topic needs no
rebuild.

Stems of languages apart (`storage.query.languages`) take as much memory as all others. Topics stand under them from the
first text on that is in such a language.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import chain
from weakref import WeakValueDictionary

from notify.matching.conditions import Candidate, candidate_of, features_in, formula_of, parted, required, verified
from notify.matching.exact_forms import ExactForms
from notify.matching.features import Formula, Proof, TextCheck, pairs_of, proved, stems_of, without_apart
from notify.matching.frequencies import DocumentFrequencies, Feature
from notify.matching.postings import Postings, PostingsWithCandidates, size, with_entry, without
from storage.query.aliases import Packs
from storage.query.evaluate import Evaluation, evaluate
from storage.query.languages import is_apart
from storage.query.parser import parse
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery, resolve
from storage.query.text import AnalysedText
from storage.query.tree import Dated
from storage.types import Topic

RESOLVED = 1_000
"""Queries that are kept as texts are asked them, for the places of their hits: those that were met last."""


class Matcher:
    """The topics in force, ready to be met."""

    def __init__(
        self, topics: Iterable[Topic] = (), packs: Packs | None = None, frequencies: DocumentFrequencies | None = None
    ) -> None:
        """`packs` as `resolve` takes them; `frequencies` is what is known of the texts to come, else it is learned.

        Raises `QueryError` for the first topic whose query cannot be used.
        """
        self._packs = packs
        self._frequencies = DocumentFrequencies() if frequencies is None else frequencies
        self._topics: dict[int, Topic] = {}
        self._apart = False  # whether a text in a language apart has come
        self._under: dict[Feature, Postings] = {}
        self._always: dict[int, tuple[Candidate, ...]] = {}
        self._forms = ExactForms()
        self._checks: WeakValueDictionary[Clause | Nearness | Dated, TextCheck] = WeakValueDictionary()
        self._resolved: OrderedDict[str, ResolvedQuery] = OrderedDict()
        for topic in topics:
            self.add(topic)

    def add(self, topic: Topic) -> None:
        """Take a topic in, in place of an earlier one of the same id.

        Raises `QueryError` where its query cannot be read or resolved; what stood before stands on.
        """
        formula = self._formula(topic)
        self.remove(topic.id)
        self._topics[topic.id] = topic
        self._forms.take(features_in(formula))
        proof, others = parted(formula)
        self._stand(proof, topic.id)
        for side in others:
            under = required(side, self._cost)
            candidate = candidate_of(topic.id, side, under or ())
            if under:
                self._stand(under, candidate)
            else:
                self._always[topic.id] = (*self._always.get(topic.id, ()), candidate)

    def remove(self, topic_id: int) -> None:
        """Forget a topic; one that is not there is forgotten already."""
        topic = self._topics.pop(topic_id, None)
        if topic is None:
            return
        formula = self._formula(topic)
        self._forms.release(features_in(formula))
        self._always.pop(topic_id, None)
        kept: dict[int, Postings] = {}
        before = {feature: self._under[feature] for feature in features_in(formula) if feature in self._under}
        for feature, postings in before.items():
            left = kept.get(id(postings)) or without(topic_id, postings)
            kept[id(postings)] = left
            if left:
                self._under[feature] = left
            else:
                del self._under[feature]

    def _formula(self, topic: Topic) -> Formula:
        """What the topic asks for. Not kept: it is several times as large as what stands of it."""
        return formula_of(resolve(parse(topic.query), packs=self._packs).root, self._proved)

    def _proved(self, clause: Resolved) -> Formula:
        return proved(clause if self._apart else without_apart(clause), self._share)

    def _share(self, clause: Clause | Nearness | Dated) -> TextCheck:
        return self._checks.setdefault(clause, TextCheck(clause))

    def _stand(self, features: Proof, entry: int | Candidate) -> None:
        """Let it stand under these features; what was the same under several of them stays the same object."""
        before = {feature: self._under.get(feature, ()) for feature in features}
        after: dict[int, Postings] = {}
        for feature, postings in before.items():
            longer = after.get(id(postings)) or with_entry(entry, postings)
            self._under[feature] = after[id(postings)] = longer

    def _cost(self, features: Proof) -> float:
        """A guess at how often one of these features occurs, times what is asked then."""
        return sum(self._frequencies.share(feature) * (1 + size(self._under.get(feature, ()))) for feature in features)

    def meets(self, text: AnalysedText) -> set[int]:
        """The ids of the topics that the text meets. The first text in a language apart has all topics read again."""
        if not self._apart and is_apart(text.language):
            self._stand_apart()
        features = stems_of(text)
        self._frequencies.passes(features)
        features.update(self._forms.of(text))
        postings = self._postings_under(features, text)
        found = set(chain.from_iterable(postings))
        found.update(verified(self._candidates_in(postings), text, features))
        return found

    def _stand_apart(self) -> None:
        """Let all topics stand under stems of languages apart too."""
        topics = [*self._topics.values()]
        for of_topics in (self._topics, self._under, self._always):
            of_topics.clear()
        self._apart, self._forms = True, ExactForms()
        for topic in topics:
            self.add(topic)

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

    def _postings_under(self, features: Iterable[Feature], text: AnalysedText) -> list[Postings]:
        """What stands under these features and the pairs of the text."""
        postings: list[Postings] = list(filter(None, map(self._under.get, features)))
        postings.extend(filter(None, map(self._under.get, pairs_of(text))))
        return postings

    def _candidates_in(self, postings: Iterable[Postings]) -> Iterator[Candidate]:
        """The candidates in these postings, and those that are always verified."""
        listed = [one.candidates for one in postings if type(one) is PostingsWithCandidates]
        return chain.from_iterable(chain(listed, self._always.values()))

    def candidates(self, text: AnalysedText) -> int:
        """How many topics the text may meet, by its features, so that they are verified; for measurements."""
        features = stems_of(text).union(self._forms.of(text))
        return len({one.topic_id for one in self._candidates_in(self._postings_under(features, text))})

    @property
    def features(self) -> int:
        """How many features topics ask for; for measurements."""
        return len(self._under) + len(self._forms)

    def __len__(self) -> int:
        return len(self._topics)
