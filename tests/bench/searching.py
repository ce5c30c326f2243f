"""Searching the history against the raw FTS5 statement that gives the ids of the same newest twenty.

Of a search, finding the ids is compared: that is what the raw statement does, and both sides read the query first. A
whole page, which also says how many there are, reads the twenty texts and marks the words, is shown beside it; so is
what a question took the first time, when no statement had been put together for it and its pages were not in memory.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.database.fts5 import fts5_match
from storage.items import store
from storage.opening import open_database
from storage.query.bounds import at_most
from storage.query.compile import in_one_index
from storage.query.indexes import lowered
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.facets import facets, histogram
from storage.search.hits import newest
from storage.search.intervals import Interval
from storage.search.ranking import best_first, next_item
from storage.search.search import Order, search
from storage.sources import sources
from storage.types import Article, ArticleDraft, Published, Source, SourceSpec
from tests.bench.measure import Figure, percentile, say
from tests.bench.texts import LANGUAGES, BenchText, phrase, statement, vocabulary

BATCH = 1_000
LENGTH = 120
"""Words of a statement: fewer than in life, so that a hundred thousand are stored within a minute."""

SOURCES, FIRST_DAY, DAYS = 40, date(2023, 1, 2), 735
"""Sections, and the days on which they publish."""

FILTERS = "source:ministry-3 published:2024-01..2024-06"
"""What is asked beside words; as `FILTERED` has it."""

NEWEST = "SELECT rowid FROM version_text WHERE version_text MATCH ? ORDER BY rowid DESC LIMIT 20"
FILTERED = """
    SELECT version_text.rowid FROM version_text JOIN version_facts facts ON facts.id = version_text.rowid
    WHERE version_text MATCH ? AND facts.current AND facts.published BETWEEN 738886 AND 739067
      AND facts.source_id IN (SELECT id FROM sources WHERE key LIKE 'ministry-3/%')
    ORDER BY version_text.rowid DESC LIMIT 20
"""
BY_WEEK = """
    SELECT strftime('%Y-%W', coalesce(published_day, seen_at)) AS week, count(*)
    FROM version_text JOIN versions ON versions.id = version_text.rowid
    WHERE version_text MATCH ? AND versions.current GROUP BY week
"""
BY_RANK = "SELECT rowid FROM version_text WHERE version_text MATCH ? ORDER BY rank LIMIT 20"
CANDIDATES = """
    SELECT versions.id, versions.title || ' ' || versions.body
    FROM version_text_forms JOIN versions ON versions.id = version_text_forms.rowid
    WHERE version_text_forms MATCH ? AND versions.current ORDER BY version_text_forms.rowid DESC
"""

QUESTIONS = 20
"""Of each kind."""

LEAST = 50.0
"""Milliseconds that each question is asked for."""

SHARES = (("p50", 0.5, None), ("p95", 0.95, 1 / 1.5))
"""What is shown of a kind, and the least share of the raw statement's speed that is aimed at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds that a question took: the first time, and the best of all, when nobody else had the machine."""

    first: float
    best: float


def run(size: int, rounds: int) -> list[Figure]:
    """Ask each kind of question of `size` statements."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        fill(Path(folder), size)
        return asked_in(Path(folder), rounds)


def asked_in(folder: Path, rounds: int) -> list[Figure]:
    """Ask each kind of question of the statements that a folder holds."""
    raw = sqlite3.connect(folder / "presswatch.db")
    with open_database(folder) as database:
        figures: list[Figure] = []
        for kind, questions in questions_of_kinds().items():
            say(f"search: {len(questions)} questions of the kind: {kind}")
            figures += _compare(database, raw, kind, questions, rounds)
            figures += _compare(database, raw, f"{kind} with filters", questions, rounds, FILTERS)
        figures += _exact(database, raw, questions_of_kinds()["phrase"], rounds)
        figures += _charts(database, raw, questions_of_kinds()["word"], rounds)
    raw.close()
    return figures


def fill(folder: Path, size: int, first_day: date = FIRST_DAY) -> None:
    """Store statements of two years from `SOURCES` sections, in the order of their days."""
    with open_database(folder) as database:
        made = [
            database.write(sources.add, SourceSpec(key, key, address), alert_first=False, now=now())
            for key, address in sections()
        ]
        started = time.perf_counter()
        for start in range(0, size, BATCH):
            numbers = range(start, min(start + BATCH, size))
            day = first_day + timedelta(days=start * DAYS // size)
            drafts = [_draft(statement(number, LENGTH), number, made[number % SOURCES], day) for number in numbers]
            database.write(store.store, drafts, now=datetime.combine(day, dt_time(12), UTC))
            if (start + BATCH) % 20_000 == 0:
                say(f"{start + BATCH:,} of {size:,} stored in {time.perf_counter() - started:.0f} s")
    with sqlite3.connect(folder / "presswatch.db") as connection:
        connection.execute("INSERT INTO version_text (version_text) VALUES ('optimize')")
        connection.execute("INSERT INTO version_text_forms (version_text_forms) VALUES ('optimize')")
    connection.close()


def sections() -> Iterator[tuple[str, str]]:
    """The key and the address of each."""
    for number in range(SOURCES):
        yield f"ministry-{number // 2}/section-{number % 2}", f"https://ministry-{number // 2}.example/{number % 2}/"


def _draft(text: BenchText, number: int, source: Source, day: date) -> ArticleDraft:
    article = Article(f"{source.spec.address}{number}.html", text.title, text.body, text.language, Published(day))
    return ArticleDraft(article, source_id=source.id, source_key=source.key)


def questions_of_kinds() -> dict[str, list[str]]:
    """Words from the most frequent to rare ones, phrases that were said, and words combined."""
    random = Random("questions")
    common = [vocabulary(LANGUAGES[n % 2])[0][int(3 * 1.4**n)] for n in range(QUESTIONS)]
    other = [vocabulary(LANGUAGES[n % 2])[0][random.randrange(5, 200)] for n in range(2 * QUESTIONS)]
    phrases = [f'"{phrase(random)}"' for _ in range(QUESTIONS)]
    return {
        "word": common,
        "phrase": phrases,
        "boolean": [
            f"({common[n]} OR {other[n]}) AND {other[n + QUESTIONS]} AND NOT {phrases[n]}" for n in range(QUESTIONS)
        ],
    }


def _charts(database: Database, raw: sqlite3.Connection, words: Sequence[str], rounds: int) -> list[Figure]:
    """Counting by week, and ranking, against the statements that come to mind first."""
    pairs: list[tuple[str, float | None, str, Callable[[str], object]]] = [
        (
            "chart by week, against the join",
            4.0,
            BY_WEEK,
            lambda word: database.read(histogram, database.packs, word, Interval.WEEK),
        ),
        (
            "facets, against the join by week",
            1.0,
            BY_WEEK,
            lambda word: database.read(facets, database.packs, word, ()),
        ),
        ("ranked, against ORDER BY rank", 30.0, BY_RANK, lambda word: database.read(_ranked, word)),
        (
            "ranked page",
            None,
            BY_RANK,
            lambda word: database.read(search, database.packs, word, order=Order.RANKED),
        ),
    ]
    return [
        figure_of(f"search {name} p95", 0.95, aim, *times(rounds, words, ask, partial(_ask_raw, raw, sql)))
        for name, aim, sql, ask in pairs
    ]


def _compare(
    database: Database, raw: sqlite3.Connection, kind: str, questions: Sequence[str], rounds: int, filters: str = ""
) -> list[Figure]:
    sql = FILTERED if filters else NEWEST
    ours, bare, pages = times(
        rounds,
        questions,
        lambda question: database.read(newest_ids, f"({question}) {filters}"),
        lambda question: _ask_raw(raw, sql, question),
        lambda question: database.read(search, database.packs, f"({question}) {filters}"),
    )
    return [figure_of(f"search {kind} {name}", share, aim, ours, bare, pages) for name, share, aim in SHARES]


def _exact(database: Database, raw: sqlite3.Connection, phrases: Sequence[str], rounds: int) -> list[Figure]:
    """Phrases in exactly this form, which no index tells: against a look for the same letters in the candidates."""
    ours, bare, pages = times(
        rounds,
        phrases,
        lambda phrase: database.read(newest_ids, f"={phrase}"),
        lambda phrase: _ask_candidates(raw, phrase),
        lambda phrase: database.read(search, database.packs, f"={phrase}"),
    )
    return [figure_of(f"search exact phrase {name}", share, None, ours, bare, pages) for name, share, _ in SHARES]


def _ask_candidates(raw: sqlite3.Connection, phrase: str) -> list[int]:
    candidates = at_most(lowered(resolve(parse(f"={phrase}")).root))
    assert candidates is not None
    rows = raw.execute(CANDIDATES, (fts5_match(candidates),))
    return list(islice((number for number, text in rows if phrase.strip('"') in text), 20))


def times(rounds: int, questions: Sequence[str], *asks: Callable[[str], object]) -> list[tuple[Asked, ...]]:
    """What each way to ask takes, question by question: each is asked in all ways before the next."""
    by_question = [[_asked(rounds, partial(ask, question)) for ask in asks] for question in questions]
    return list(zip(*by_question, strict=True))


def figure_of(
    name: str,
    share: float,
    aim: float | None,
    ours: Sequence[Asked],
    bare: Sequence[Asked],
    pages: Sequence[Asked] = (),
) -> Figure:
    one, other = _best(ours, share), _best(bare, share)
    note = f"the first time {percentile([asked.first for asked in ours], share):.2f} ms"
    if pages:
        note += f"; a whole page {_best(pages, share):.2f} ms"
    return Figure(name, f"{one:.2f} ms", f"{other:.2f} ms", other / one, aim, note)


def _best(asked: Sequence[Asked], share: float) -> float:
    return percentile([each.best for each in asked], share)


def newest_ids(connection: Connection, question: str) -> list[int]:
    return newest(connection, resolve(parse(question)), 20)


def _ranked(connection: Connection, word: str) -> list[int]:
    return best_first(connection, resolve(parse(word)), 20, next_item(connection)).items


def _ask_raw(raw: sqlite3.Connection, sql: str, question: str) -> list[object]:
    answerable = in_one_index(resolve(parse(question)))
    assert answerable is not None
    return raw.execute(sql, (fts5_match(answerable[1]),)).fetchall()


def _asked(rounds: int, function: Callable[[], object]) -> Asked:
    """Ask so many times at least, and what takes a blink so often that it is seen undisturbed."""
    times: list[float] = []
    while len(times) < rounds or sum(times) < LEAST:
        started = time.perf_counter()
        function()
        times.append((time.perf_counter() - started) * 1000)
    return Asked(times[0], min(times))
