"""Other ways to ask standing topics about statements, each as good as it can be made in a few lines."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

import ahocorasick

from notify.matching.conditions import Candidate, candidate_of, features_in, formula_of, parted, required, verified
from notify.matching.features import Formula, TextCheck, proved, without_apart
from notify.matching.frequencies import TITLE, DocumentFrequencies, Feature
from storage.database.fts5 import fts5_match
from storage.query.parser import parse
from storage.query.resolve import Resolved, resolve
from storage.query.text import AnalysedText, is_form
from storage.query.tree import Alias, Dated, Fact, Leaf, Near, leaves
from storage.types import Topic
from tests.bench.texts import BenchText


class Automaton:
    """pyahocorasick finds every stem, pair, form and beginning in one pass; what combines them is as ours.

    It answers topics of words, phrases, beginnings and NEAR.
    """

    def __init__(self, standing: Sequence[Topic], frequencies: DocumentFrequencies) -> None:
        self._frequencies = frequencies
        self._proved: defaultdict[Feature, list[int]] = defaultdict(list)
        self._asked: defaultdict[Feature, list[Candidate]] = defaultdict(list)
        self._automaton = ahocorasick.Automaton()
        for topic in standing:
            self._add(topic)
        self.build()

    def _add(self, topic: Topic) -> None:
        formula = formula_of(resolve(parse(topic.query)).root, _proved)
        for feature in features_in(formula):
            self._automaton.add_word(_pattern(feature), feature)
        proof, others = parted(formula)
        for feature in proof:
            self._proved[feature].append(topic.id)
        for side in others:
            under = required(side, lambda features: sum(map(self._frequencies.share, features)))
            assert under is not None, topic.query
            for feature in under:
                self._asked[feature].append(candidate_of(topic.id, side, under))

    def build(self) -> None:
        """Make the automaton anew, as it must be whenever a topic comes or goes."""
        self._automaton.add_word(" ", "")  # it is made only if it has changed
        self._automaton.remove_word(" ")
        self._automaton.make_automaton()

    def find(self, text: AnalysedText) -> set[Feature]:
        """What occurs in the text: the pass over its characters alone."""
        read = f" {text.title.indexed} \n {text.body.indexed} \n {text.title.indexed_forms} {text.body.indexed_forms} "
        return {feature for _, feature in self._automaton.iter(read)}

    def meets(self, text: AnalysedText) -> set[int]:
        """The ids of the topics that the text meets."""
        features = self.find(text)
        found = set(chain.from_iterable(map(self._proved.__getitem__, features & self._proved.keys())))
        candidates = chain.from_iterable(map(self._asked.__getitem__, features & self._asked.keys()))
        found.update(verified(candidates, text, features))
        return found


def _proved(clause: Resolved) -> Formula:
    return proved(without_apart(clause), TextCheck)


def _pattern(feature: Feature) -> str:
    """Between blanks; of a beginning the blank before it."""
    if isinstance(feature, tuple):
        assert feature[0] != TITLE, feature
        return f" {feature[0]} {feature[1]} "
    if is_form(feature) and feature.endswith("*"):
        return f" ={feature[:-1]}"
    return f" {feature} "


def expression(topic: Topic) -> re.Pattern[str]:
    """Any of the topic's words or phrases, whatever follows: less than the topic asks for."""
    found: Iterator[Leaf] = leaves(parse(topic.query))
    texts = (text for leaf in found for text in _texts(leaf))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, texts))})", re.IGNORECASE)


def _texts(leaf: Leaf) -> Iterator[str]:
    if isinstance(leaf, Near):
        for part in leaf.parts:
            yield from _texts(part)
    elif not isinstance(leaf, Alias | Fact | Dated):
        yield leaf.text


def searched(expressions: Sequence[re.Pattern[str]], texts: Sequence[BenchText]) -> int:
    """How often one of the expressions is found in one of the texts."""
    return sum(1 for text in texts for expression in expressions if expression.search(text.body))


def questioned(standing: Sequence[Topic], texts: Sequence[AnalysedText]) -> int:
    """One question for each topic to an FTS5 index of all these texts; how many texts that finds in sum."""
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', tokenize='ascii')")
    index.executemany(
        "INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)",
        [(number, text.title.indexed, text.body.indexed) for number, text in enumerate(texts)],
    )
    questions = [fts5_match(resolve(parse(topic.query)).root) for topic in standing]
    found = sum(
        len(index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (question,)).fetchall())
        for question in questions
    )
    index.close()
    return found
