"""Asking standing topics about a statement: our matcher against a loop of compiled regular expressions."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from statistics import mean

from notify.matching import Matcher
from storage.query.parser import parse
from storage.query.text import AnalysedText, analyse
from storage.query.tree import Leaf, leaves
from storage.types import Topic
from tests.bench.measure import Figure, calm, in_child, median_run, say, watch
from tests.bench.measure import Run as Round
from tests.bench.texts import Statement, statement, topics

EXPRESSIONS = 200
"""Topics that the loop of regular expressions is measured with: its cost grows in proportion."""

STATEMENTS = 200


def run(size: int, rounds: int) -> list[Figure]:
    """Ask `size` topics about two hundred statements of 400 words."""
    return in_child(_measure, size, rounds)


def _measure(size: int, rounds: int) -> list[Figure]:
    say(f"match: {size:,} topics against {STATEMENTS} statements of 400 words")
    standing = topics(size)
    texts = [statement(number) for number in range(STATEMENTS)]
    with watch() as building:
        Matcher(standing)
    tracemalloc.start()
    matcher = Matcher(standing)
    held = tracemalloc.get_traced_memory()[0] / 1024 / 1024
    tracemalloc.stop()
    _analysed(texts)  # fills the cache of stems, as a crawl that has run for an hour
    analysing = _each(rounds, lambda: len(_analysed(texts)))
    matching = _each(rounds, lambda: _asked(matcher, _analysed(texts)), less=analysing)
    expressions = [_expression(topic) for topic in standing[:EXPRESSIONS]]
    loop = _each(rounds, lambda: _searched(expressions, texts[:20])) * (STATEMENTS / 20) * (size / len(expressions))
    asked = _analysed(texts)
    candidates = mean(matcher.asked(text) for text in asked)
    matches = mean(sum(1 for _ in matcher.matches(text)) for text in asked)
    say(f"match: {building.wall * 1e6 / size:.0f} µs to take in a topic")
    return [
        Figure(
            f"match {size:,} topics, against regular expressions",
            f"{matching:.3f} ms",
            f"{loop:,.1f} ms",
            loop / matching,
            None,
            f"a statement; {candidates:.1f} candidates, {matches:.1f} matches, {held:.0f} MB",
        ),
        Figure(
            f"match {size:,} topics, against text analysis",
            f"{matching:.3f} ms",
            f"{analysing:.3f} ms",
            analysing / matching,
            1 / 3,
            "a statement, with the places of every match",
        ),
    ]


def _each(rounds: int, function: Callable[[], int], *, less: float = 0.0) -> float:
    """Milliseconds of CPU time for each of the statements; a median."""
    runs = []
    for _ in range(rounds):
        calm()
        with watch() as seconds:
            function()
        runs.append(Round(STATEMENTS, seconds.wall, seconds.cpu))
    return median_run(runs).cost - less


def _analysed(texts: Sequence[Statement]) -> list[AnalysedText]:
    return [analyse(text.title, text.body, text.language) for text in texts]


def _asked(matcher: Matcher, texts: Sequence[AnalysedText]) -> int:
    return sum(1 for text in texts for _ in matcher.matches(text))


def _expression(topic: Topic) -> re.Pattern[str]:
    """Any of the topic's words or phrases, whatever follows: less than the topic asks for."""
    found: Iterator[Leaf] = leaves(parse(topic.query))
    clauses = [re.escape(leaf.clause.strip('"')) for leaf in found]
    return re.compile(rf"\b(?:{'|'.join(clauses)})", re.IGNORECASE)


def _searched(expressions: Sequence[re.Pattern[str]], texts: Sequence[Statement]) -> int:
    return sum(1 for text in texts for expression in expressions if expression.search(text.body))
