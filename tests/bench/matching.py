"""Asking standing topics about a statement, against the other ways to do it, in one process on the same texts.

A loop of compiled regular expressions, and one question to FTS5 for each topic, cost in proportion to the topics: with
many of them they are measured with a few and multiplied, which the note says. pyahocorasick finds all words of all
topics in one pass; what it needs to give the same answer is counted, and the pass alone is shown too.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import mean

from notify.matching.frequencies import DocumentFrequencies
from notify.matching.matcher import Matcher
from storage.query.atoms import atoms
from storage.query.parser import parse
from storage.query.resolve import Clause, resolve
from storage.query.text import AnalysedText, analyse
from storage.query.tree import leaves
from storage.query.words import fold
from storage.types import Topic
from tests.bench.measure import Figure, calm, in_child, say, watch
from tests.bench.measure import Run as Round
from tests.bench.rivals import Automaton, expression, questioned, searched
from tests.bench.texts import BenchText, statement, topics

ASKED_ONE_BY_ONE = 100
"""Topics that the two slow ways are measured with."""

STATEMENTS = 200
LEARNED_FROM = 200
TURNS = 5
"""How often each way has its turn in a round: it takes a tenth of a second."""

COMING = 500
"""Topics that come and go while the others stand."""

SIZES = (100, 1_000, 10_000, 100_000)

MOST = {10_000: 0.15, 100_000: 0.8}
"""Milliseconds that asking so many topics about an analysed statement may take."""

MOST_ANALYSING, MOST_COMING, MOST_HELD = 0.4, 0.1, 0.5
"""Milliseconds for analysing a statement, and for taking a topic in or out; kilobytes that a topic may hold."""


def run(size: int, rounds: int) -> list[Figure]:
    """Ask 100 and more topics, up to `size`, about two hundred statements of 400 words."""
    counts = [*(count for count in SIZES if count < size), size]
    return [figure for count in counts for figure in in_child(_measure, count, rounds)]


def _measure(size: int, rounds: int) -> list[Figure]:
    say(f"match: {size:,} topics against {STATEMENTS} statements of 400 words")
    standing, frequencies = topics(size), _learned()
    texts = [statement(number) for number in range(STATEMENTS)]
    asked = _analysed(texts)  # fills the cache of stems, as a crawl that has run for an hour
    held = _held(standing, frequencies)
    matcher, automaton = Matcher(standing, frequencies=frequencies), Automaton(standing, frequencies)
    assert [matcher.meets(text) for text in asked] == [automaton.meets(text) for text in asked]
    analysing, (matching, aho, finding) = _in_turns(rounds, texts, matcher.meets, automaton.meets, automaton.find)
    few, some = standing[:ASKED_ONE_BY_ONE], asked[:20]
    loop, questions, places = _each_of_few(few, texts[:20], some, matcher)
    say(f"match: the places of {_matches(matcher, some):.1f} matches cost {places:.2f} ms")
    scaled = f", from {len(few)} topics" if size > len(few) else ""
    coming, going, rebuilding = _changes(matcher, automaton, size)
    note = f"a statement; {_matches(matcher, asked):.1f} matches; {_present(standing, asked):.1%} of the words occur"

    def figure(against: str, ours: float, baseline: float, aim: float | None = 1.0, note: str = "") -> Figure:
        name = f"match {size:,} topics, {against}"
        return Figure(name, f"{ours:.3f} ms", f"{baseline:,.3f} ms", baseline / ours, aim, note)

    return [
        figure("against regular expressions", matching, loop, note=f"a statement{scaled}"),
        figure("against FTS5, a question for each topic", matching, questions, note=f"a statement{scaled}"),
        figure("against pyahocorasick", matching, aho, note=note),
        figure("against its pass alone", matching, finding, None, "which finds words and answers nothing"),
        figure("at most", matching, MOST.get(size, matching), 1.0 if size in MOST else None, "a statement"),
        figure("analysing a statement, at most", analysing, MOST_ANALYSING),
        figure("a topic comes, at most", coming, MOST_COMING, note="with reading its query"),
        figure("a topic goes, at most", going, MOST_COMING, note="with reading its query"),
        figure("a topic comes, against a new automaton", coming, rebuilding),
        _memory(f"match {size:,} topics, memory, at most", held, 1.0),
        _memory(f"match {size:,} topics, memory with languages apart", _held(standing, frequencies, "pl"), None),
    ]


def _in_turns(
    rounds: int, texts: Sequence[BenchText], *functions: Callable[[AnalysedText], object]
) -> tuple[float, list[float]]:
    """Milliseconds of CPU time that analysing a statement takes, and that each function takes for an analysed one.

    They have their turns, each with texts that were just analysed, as in life: what one finds out about a text serves
    none of the others. The best of the rounds, as what others do on the machine empties the processor's caches.
    """
    turns = [[_turn(texts, function) for function in functions] for _ in range(TURNS * rounds)]
    analysing = min(cost for turn in turns for cost, _ in turn)
    return analysing, [min(cost for _, cost in costs) for costs in zip(*turns, strict=True)]


def _turn(texts: Sequence[BenchText], function: Callable[[AnalysedText], object]) -> tuple[float, float]:
    asked: list[AnalysedText] = []
    analysing = _timed(lambda: asked.extend(_analysed(texts)), len(texts)).cost
    return analysing, _timed(lambda: list(map(function, asked)), len(texts)).cost


def _timed(function: Callable[[], object], of: int) -> Round:
    calm()
    with watch() as seconds:
        function()
    return Round(of, seconds.wall, seconds.cpu)


def _each_of_few(
    few: Sequence[Topic], texts: Sequence[BenchText], asked: Sequence[AnalysedText], matcher: Matcher
) -> tuple[float, float, float]:
    """Milliseconds a statement: regular expressions and FTS5, for all topics by what a few take; the places."""
    expressions, times = [expression(topic) for topic in few], len(matcher) / len(few)
    loop = _timed(lambda: searched(expressions, texts), len(texts)).cost * times
    questions = _timed(lambda: questioned(few, asked), len(asked)).cost * times
    return loop, questions, _timed(lambda: [list(matcher.matches(text)) for text in asked], len(asked)).cost


def _changes(matcher: Matcher, automaton: Automaton, size: int) -> tuple[float, float, float]:
    """Milliseconds in which a topic comes and goes, and in which the automaton is made anew."""
    new = [replace(topic, id=size + topic.id) for topic in topics(size + COMING)[-COMING:]]
    atoms.cache_clear()
    coming = _timed(lambda: [matcher.add(topic) for topic in new], COMING).cost  # type: ignore[func-returns-value]
    atoms.cache_clear()
    going = _timed(lambda: [matcher.remove(topic.id) for topic in new], COMING).cost  # type: ignore[func-returns-value]
    return coming, going, _timed(automaton.build, 1).cost


def _memory(name: str, held: float, aim: float | None) -> Figure:
    return Figure(name, f"{held:.2f} KB", f"{MOST_HELD:.2f} KB", MOST_HELD / held, aim, "a topic")


def _held(standing: Sequence[Topic], frequencies: DocumentFrequencies, language: str = "en") -> float:
    """Kilobytes that a topic holds once a text in this language has come, beside itself and bounded caches."""
    Matcher(standing[:1])
    tracemalloc.start()
    before = _traced()
    matcher = Matcher(standing, frequencies=frequencies)
    matcher.meets(analyse("", "", language))
    held = _traced() - before
    tracemalloc.stop()
    return held / len(matcher) / 1024


def _traced() -> int:
    atoms.cache_clear()
    fold.cache_clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _matches(matcher: Matcher, texts: Sequence[AnalysedText]) -> float:
    return mean(len(matcher.meets(text)) for text in texts)


def _present(standing: Sequence[Topic], texts: Sequence[AnalysedText]) -> float:
    """The share of the words of topics, phrases left aside, that a statement has: it should be a twentieth."""
    found = (leaf for topic in standing[:500] for leaf in leaves(resolve(parse(topic.query)).root))
    words = [
        {atom[0] for atom in leaf.atoms} for leaf in found if isinstance(leaf, Clause) and len(leaf.names[0][0]) == 1
    ]
    stems = [{*text.title.terms, *text.body.terms} for text in texts]
    return mean(not word.isdisjoint(of_text) for word in words for of_text in stems)


def _learned() -> DocumentFrequencies:
    frequencies = DocumentFrequencies()
    for text in _analysed([statement(number) for number in range(20_000, 20_000 + LEARNED_FROM)]):
        frequencies.learn({*text.title.terms, *text.body.terms})
    return frequencies


def _analysed(texts: Sequence[BenchText]) -> list[AnalysedText]:
    return [analyse(text.title, text.body, text.language) for text in texts]
