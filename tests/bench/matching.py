"""Asking standing topics about a statement, against the other ways to do it, in one process on the same texts.

A loop of compiled regular expressions, and one question to FTS5 for each topic, cost in proportion to the topics: with
many of them they are measured with a few and multiplied, which the note says. pyahocorasick finds all words of all
topics in one pass; what combines them is left out, to its advantage.
"""

from __future__ import annotations

import re
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from statistics import mean

import ahocorasick

from notify.matching import Matcher
from notify.rarity import Rarity
from storage.query.fts5 import fts5_match
from storage.query.parser import parse
from storage.query.resolve import Clause, resolve
from storage.query.text import AnalysedText, analyse
from storage.query.tree import Leaf, leaves
from storage.types import Topic
from tests.bench.measure import Figure, calm, in_child, median_run, say, watch
from tests.bench.measure import Run as Round
from tests.bench.texts import Statement, statement, topics

ASKED_ONE_BY_ONE = 100
"""Topics that the two slow ways are measured with."""

STATEMENTS = 200
LEARNED_FROM = 200
SIZES = (100, 1_000, 10_000, 100_000)


def run(size: int, rounds: int) -> list[Figure]:
    """Ask 100 and more topics, up to `size`, about two hundred statements of 400 words."""
    counts = [*(count for count in SIZES if count < size), size]
    return [figure for count in counts for figure in in_child(_measure, count, rounds)]


def _measure(size: int, rounds: int) -> list[Figure]:
    say(f"match: {size:,} topics against {STATEMENTS} statements of 400 words")
    standing = topics(size)
    texts = [statement(number) for number in range(STATEMENTS)]
    rarity = _learned()
    tracemalloc.start()
    Matcher(standing[:1])
    before = tracemalloc.get_traced_memory()[0]
    matcher = Matcher(standing, rarity=rarity)
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    _analysed(texts)  # fills the cache of stems, as a crawl that has run for an hour
    analysing = _each(rounds, lambda: len(_analysed(texts)))
    asked = _analysed(texts)
    matching = _each(rounds, lambda: sum(len(matcher.meets(text)) for text in asked))
    some = asked[:20]
    places = _each(1, lambda: sum(1 for text in some for _ in matcher.matches(text)), of=len(some))
    parsing = _each(
        1, lambda: len([resolve(parse(topic.query)) for topic in standing[:1_000]]), of=len(standing[:1_000])
    )
    coming = _each(1, lambda: len(Matcher(standing[:1_000])), of=len(standing[:1_000])) - parsing
    matches = mean(len(matcher.meets(text)) for text in asked)
    going = _each(1, lambda: _gone(matcher, standing[:1_000]), of=len(standing[:1_000]))
    say(
        f"match: a topic comes in {coming * 1000:.0f} µs after {parsing * 1000:.0f} µs for reading its query, goes in "
        f"{going * 1000:.0f} µs; {held / size / 1024:.2f} KB each; places of {matches:.1f} matches cost {places:.2f} ms"
    )
    few = standing[:ASKED_ONE_BY_ONE]
    scaled = f", from {len(few)} topics" if size > len(few) else ""
    expressions = [_expression(topic) for topic in few]
    loop = _each(1, lambda: _searched(expressions, texts[:20]), of=20) * size / len(few)
    questions = _each(1, lambda: _questioned(few, some), of=len(some)) * size / len(few)
    automaton = _automaton(standing)
    aho = _each(rounds, lambda: sum(1 for text in asked for _ in automaton.iter(_joined(text))))

    def figure(baseline: str, cost: float, aim: float | None, note: str = "") -> Figure:
        name = f"match {size:,} topics, against {baseline}"
        return Figure(name, f"{matching:.3f} ms", f"{cost:,.3f} ms", cost / matching, aim, f"a statement{note}")

    return [
        figure("regular expressions", loop, 1.0, scaled),
        figure("FTS5, a question for each topic", questions, 1.0, scaled),
        figure("pyahocorasick", aho, 1.0, ", which only finds the words"),
        figure("text analysis", analysing, 1 / 3, f"; {matches:.1f} matches, {held / size / 1024:.2f} KB a topic"),
    ]


def _learned() -> Rarity:
    rarity = Rarity()
    for text in _analysed([statement(number) for number in range(20_000, 20_000 + LEARNED_FROM)]):
        rarity.learn({*text.title.terms, *text.body.terms})
    return rarity


def _each(rounds: int, function: Callable[[], int], *, of: int = STATEMENTS) -> float:
    """Milliseconds of CPU time for each of so many; a median."""
    runs = []
    for _ in range(rounds):
        calm()
        with watch() as seconds:
            function()
        runs.append(Round(of, seconds.wall, seconds.cpu))
    return median_run(runs).cost


def _analysed(texts: Sequence[Statement]) -> list[AnalysedText]:
    return [analyse(text.title, text.body, text.language) for text in texts]


def _gone(matcher: Matcher, standing: Sequence[Topic]) -> int:
    """Remove topics: the last thing that is measured of this matcher."""
    for topic in standing:
        matcher.remove(topic.id)
    return len(standing)


def _expression(topic: Topic) -> re.Pattern[str]:
    """Any of the topic's words or phrases, whatever follows: less than the topic asks for."""
    found: Iterator[Leaf] = leaves(parse(topic.query))
    clauses = [re.escape(leaf.clause.strip('"')) for leaf in found]
    return re.compile(rf"\b(?:{'|'.join(clauses)})", re.IGNORECASE)


def _searched(expressions: Sequence[re.Pattern[str]], texts: Sequence[Statement]) -> int:
    return sum(1 for text in texts for expression in expressions if expression.search(text.body))


def _questioned(standing: Sequence[Topic], texts: Sequence[AnalysedText]) -> int:
    """One question to an index of all these texts for each topic."""
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


def _automaton(standing: Sequence[Topic]) -> ahocorasick.Automaton:
    """All stems and phrases of all topics, between blanks."""
    automaton = ahocorasick.Automaton()
    for topic in standing:
        for clause in leaves(resolve(parse(topic.query)).root):
            if isinstance(clause, Clause):
                for atom in clause.atoms:
                    automaton.add_word(f" {' '.join(atom)} ", topic.id)
    automaton.make_automaton()
    return automaton


def _joined(text: AnalysedText) -> str:
    return f" {text.title.indexed} \n {text.body.indexed} "
