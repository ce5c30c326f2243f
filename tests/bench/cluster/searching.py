"""Searching a history on PostgreSQL, and charts of it, against the statements that come to mind first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psycopg

from storage.database import Database
from storage.database.tsvector import tsquery
from storage.opening import open_database
from storage.query.compile import in_one_index
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.facets import facets, histogram
from storage.search.intervals import Interval
from storage.search.search import search
from tests.bench.measure import Figure, say
from tests.bench.searching import FILTERS, SHARES, figure_of, newest_ids, questions_of_kinds, times

NEWEST = "SELECT id FROM version_text WHERE terms @@ %s::tsquery ORDER BY id DESC LIMIT 20"
FILTERED = """
    SELECT version_text.id FROM version_text JOIN version_facts facts ON facts.id = version_text.id
    WHERE terms @@ %s::tsquery AND facts.current AND facts.published BETWEEN 738886 AND 739067
      AND facts.source_id IN (SELECT id FROM sources WHERE key LIKE 'ministry-3/%%')
    ORDER BY version_text.id DESC LIMIT 20
"""
BY_WEEK = """
    SELECT date_trunc('week', coalesce(published_day, seen_at::date)) AS week, count(*)
    FROM version_text JOIN versions ON versions.id = version_text.id
    WHERE terms @@ %s::tsquery AND versions.current GROUP BY week
"""

_OPTIONS = "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on"

Raw = psycopg.Connection[tuple[object, ...]]


def asked_in(folder: Path, address: str, rounds: int) -> list[Figure]:
    """Ask each kind of question of the statements that a database holds."""
    figures: list[Figure] = []
    with open_database(folder, address=address) as database, psycopg.connect(address, options=_OPTIONS) as raw:
        for kind, questions in questions_of_kinds().items():
            say(f"cluster: {len(questions)} questions of the kind: {kind}")
            figures += _compare(database, raw, kind, questions, rounds)
            figures += _compare(database, raw, f"{kind} with filters", questions, rounds, FILTERS)
        return figures + _charts(database, raw, questions_of_kinds()["word"], rounds)


def _compare(
    database: Database, raw: Raw, kind: str, questions: Sequence[str], rounds: int, filters: str = ""
) -> list[Figure]:
    ours, bare, pages = times(
        rounds,
        questions,
        lambda question: database.read(newest_ids, f"({question}) {filters}"),
        partial(_ask, raw, FILTERED if filters else NEWEST),
        lambda question: database.read(search, database.packs, f"({question}) {filters}"),
    )
    return [figure_of(f"cluster search {kind} {name}", share, aim, ours, bare, pages) for name, share, aim in SHARES]


def _charts(database: Database, raw: Raw, words: Sequence[str], rounds: int) -> list[Figure]:
    asks: dict[str, tuple[float, Callable[[str], object]]] = {
        "chart by week": (4.0, lambda word: database.read(histogram, database.packs, word, Interval.WEEK)),
        "facets": (1.0, lambda word: database.read(facets, database.packs, word, ())),
    }
    say(f"cluster: charts of {len(words)} words")
    figures = []
    for name, (aim, ask) in asks.items():
        ours, bare = times(rounds, words, ask, partial(_ask, raw, BY_WEEK))
        figures.append(figure_of(f"cluster {name}, against the join p95", 0.95, aim, ours, bare))
    return figures


def _ask(raw: Raw, sql: str, question: str) -> list[tuple[object, ...]]:
    """In a transaction of its own, as ours is."""
    answerable = in_one_index(resolve(parse(question)))
    assert answerable is not None
    with raw.transaction():
        return raw.execute(sql.encode(), (tsquery(answerable[1]),)).fetchall()
