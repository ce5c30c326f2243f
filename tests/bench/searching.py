"""Searching the history against the raw FTS5 statement that gives the ids of the same newest twenty."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from storage import items, sources
from storage.clock import now
from storage.counts import facets, histogram
from storage.database import Database
from storage.query.compile import in_one_index
from storage.query.fts5 import fts5_match
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search import Order, search
from storage.steps import Step
from storage.types import Article, ArticleDraft, Published, Source, SourceSpec
from tests.bench.measure import Figure, percentile, say
from tests.bench.texts import LANGUAGES, Statement, phrase, statement, vocabulary

BATCH = 1_000
LENGTH = 120
"""Words of a statement: fewer than in life, so that a hundred thousand are stored within a minute."""

SOURCES, FIRST_DAY, DAYS = 40, date(2023, 1, 2), 735
"""Sections, and the days on which they publish."""

QUESTIONS = 20
"""Of each kind."""


def run(size: int, rounds: int) -> list[Figure]:
    """Ask each kind of question of `size` statements."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        _fill(Path(folder), size)
        raw = sqlite3.connect(Path(folder, "presswatch.db"))
        with Database(Path(folder)) as database:
            figures = _charts(database, raw, _questions()["word"], rounds)
            for kind, questions in _questions().items():
                say(f"search: {len(questions)} questions of the kind: {kind}")
                figures += _compare(database, raw, kind, questions, rounds)
        raw.close()
        return figures


def _fill(folder: Path, size: int) -> None:
    """Store statements of two years from `SOURCES` sections, in the order of their days."""
    with Database(folder) as database:
        made = [
            database.write(sources.add, SourceSpec(key, key, address), alert_first=False, now=now())
            for key, address in _sections()
        ]
        started = time.perf_counter()
        for start in range(0, size, BATCH):
            numbers = range(start, min(start + BATCH, size))
            day = FIRST_DAY + timedelta(days=start * DAYS // size)
            drafts = [_draft(statement(number, LENGTH), number, made[number % SOURCES], day) for number in numbers]
            database.write(items.store, drafts, now=datetime.combine(day, dt_time(12), UTC))
            if (start + BATCH) % 20_000 == 0:
                say(f"search: {start + BATCH:,} of {size:,} stored in {time.perf_counter() - started:.0f} s")
    with sqlite3.connect(folder / "presswatch.db") as connection:
        connection.execute("INSERT INTO version_text (version_text) VALUES ('optimize')")
        connection.execute("INSERT INTO version_text_forms (version_text_forms) VALUES ('optimize')")
    connection.close()


def _sections() -> Iterator[tuple[str, str]]:
    """The key and the address of each."""
    for number in range(SOURCES):
        yield f"ministry-{number // 2}/section-{number % 2}", f"https://ministry-{number // 2}.example/{number % 2}/"


def _draft(text: Statement, number: int, source: Source, day: date) -> ArticleDraft:
    article = Article(f"{source.spec.address}{number}.html", text.title, text.body, text.language, Published(day))
    return ArticleDraft(article, source_id=source.id, source_key=source.key)


def _questions() -> dict[str, list[str]]:
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
    by_week = (
        "SELECT strftime('%Y-%W', coalesce(published_day, seen_at)) AS week, count(*) FROM version_text "
        "JOIN versions ON versions.id = version_text.rowid "
        "WHERE version_text MATCH ? AND versions.current GROUP BY week"
    )
    by_rank = "SELECT rowid FROM version_text WHERE version_text MATCH ? ORDER BY rank LIMIT 20"
    pairs: list[tuple[str, float, str, Callable[[str], object]]] = [
        ("chart by week, against the join", 4.0, by_week, lambda word: database.read(histogram, word, Step.WEEK)),
        ("facets, against the join by week", 1.0, by_week, lambda word: database.read(facets, word)),
        ("ranked, against ORDER BY rank", 30.0, by_rank, lambda word: database.read(search, word, order=Order.RANKED)),
    ]
    figures = []
    for name, aim, sql, ask in pairs:
        ours, baseline = [], []
        for word in words:
            answerable = in_one_index(resolve(parse(word)))
            assert answerable is not None
            match = fts5_match(answerable[1])
            ours.append(_milliseconds(rounds, lambda ask=ask, word=word: ask(word)))  # type: ignore[misc]
            asked = lambda sql=sql, match=match: raw.execute(sql, (match,)).fetchall()  # noqa: E731
            baseline.append(_milliseconds(rounds, asked))
        one, other = percentile(ours, 0.95), percentile(baseline, 0.95)
        figures.append(Figure(f"search {name} p95", f"{one:.2f} ms", f"{other:.2f} ms", other / one, aim))
    return figures


def _compare(
    database: Database, raw: sqlite3.Connection, kind: str, questions: Sequence[str], rounds: int
) -> list[Figure]:
    ours, baseline = [], []
    for question in questions:
        answerable = in_one_index(resolve(parse(question)))
        assert answerable is not None
        match = fts5_match(answerable[1])
        ours.append(_milliseconds(rounds, lambda question=question: database.read(search, question)))  # type: ignore[misc]
        baseline.append(_milliseconds(rounds, lambda match=match: _newest(raw, match)))  # type: ignore[misc]
    figures = []
    note = "ours also counts all that match, reads the twenty texts and finds the places"
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        one, other = percentile(ours, share), percentile(baseline, share)
        figures.append(Figure(f"search {kind} {name}", f"{one:.2f} ms", f"{other:.2f} ms", other / one, None, note))
    return figures


def _newest(raw: sqlite3.Connection, match: str) -> list[int]:
    statement = "SELECT rowid FROM version_text WHERE version_text MATCH ? ORDER BY rowid DESC LIMIT 20"
    return [row[0] for row in raw.execute(statement, (match,))]


def _milliseconds(rounds: int, function: Callable[[], object]) -> float:
    """The best of several: what the question costs when nobody else has the machine."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times) * 1000
