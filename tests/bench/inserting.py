"""Storing new statements against raw sqlite3 writing the same rows with the same full text."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storage.clock import now
from storage.items.store import store
from storage.opening import open_database
from storage.query.text import analyse
from storage.sources import polls, sightings, sources
from storage.types import Article, ArticleDraft, Entry, SourceSpec
from tests.bench.measure import Figure, Run, calm, in_turns, rates, say, watch
from tests.bench.texts import statement

BATCH = 50

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What our side left in the tables, as raw SQL takes it."""

    items: list[Row]
    versions: list[Row]
    sightings: list[tuple[int, int]]
    texts: list[tuple[str, str, str]]
    """Title, body and language of each version."""
    analysed: list[tuple[str, str]]


def run(size: int, rounds: int) -> list[Figure]:
    """Store `size` statements on both sides, in batches of fifty, a transaction each."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        prepared = Path(folder, "prepared")
        drafts = prepare(prepared, size)
        numbers = count()

        def fresh() -> Path:
            return shutil.copytree(prepared, Path(folder, str(next(numbers))))

        say(f"insert: {size:,} statements of 400 words, in batches of {BATCH}")
        filled = fresh()
        ours(filled, drafts)  # also fills the cache of stems that both sides use
        rows = _rows(filled)
        stored, raw = in_turns(
            "insert", rounds, lambda: ours(fresh(), drafts), lambda: _raw(fresh(), rows, analysed=False)
        )
        say("insert: the same rows with their texts analysed beforehand")
        bare = _raw(fresh(), rows, analysed=True)
    return [
        rates("insert", stored, raw, aim=0.9, note="text analysis on both sides"),
        rates("insert, analysed before", stored, bare, aim=None, note="text analysis on our side only"),
    ]


def prepare(folder: Path, size: int, address: str = "") -> list[ArticleDraft]:
    """A database in which a poll has seen every statement and fetched none: what it is to store."""
    spec = SourceSpec("bench/insert", "Section", "https://ministry.example/news/")
    texts = [statement(number) for number in range(size)]
    addresses = [f"{spec.address}{number}.html" for number in range(size)]
    with open_database(folder, address=address) as database:
        source = database.write(sources.add, spec, alert_first=False, now=now())
        (poll,) = database.write(polls.claim_due, "bench", now(), limit=1)
        for start in range(0, size, 500):
            seen = [Entry(addresses[n], texts[n].title) for n in range(start, min(start + 500, size))]
            database.write(sightings.record_entries, source, seen, silent=False, now=now())
        by_address = {
            sighting.address: sighting.id for sighting in database.read(sightings.pending, source.id, now(), limit=size)
        }
    return [
        ArticleDraft(
            Article(address, text.title, text.body, text.language),
            source_id=source.id,
            source_key=source.key,
            poll_id=poll.id,
            sighting_id=by_address[address],
            fetched_address=address,
        )
        for address, text in zip(addresses, texts, strict=True)
    ]


def ours(folder: Path, drafts: list[ArticleDraft], address: str = "") -> Run:
    """Store them as a crawl does, in batches."""
    calm()
    with open_database(folder, address=address) as database, watch() as seconds:
        for start in range(0, len(drafts), BATCH):
            database.write(store, drafts[start : start + BATCH], now=now())
    return Run(len(drafts), seconds.wall, seconds.cpu)


def _rows(folder: Path) -> _Rows:
    connection = _connect(folder)
    texts = connection.execute("SELECT title, body, language FROM versions ORDER BY id").fetchall()
    analysed = [analyse(*text) for text in texts]
    return _Rows(
        connection.execute("SELECT * FROM items ORDER BY id").fetchall(),
        connection.execute("SELECT * FROM versions ORDER BY id").fetchall(),
        connection.execute("SELECT item_id, id FROM sightings ORDER BY item_id").fetchall(),
        texts,
        [(text.title.indexed, text.body.indexed) for text in analysed],
    )


def _raw(folder: Path, rows: _Rows, *, analysed: bool) -> Run:
    connection = _connect(folder)
    into_items = f"INSERT INTO items VALUES ({', '.join('?' * len(rows.items[0]))})"
    into_versions = f"INSERT INTO versions VALUES ({', '.join('?' * len(rows.versions[0]))})"
    calm()
    with watch() as seconds:
        for start in range(0, len(rows.items), BATCH):
            batch = slice(start, start + BATCH)
            texts = rows.analysed[batch] if analysed else [_indexed(*text) for text in rows.texts[batch]]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(into_items, rows.items[batch])
            connection.executemany(into_versions, rows.versions[batch])
            connection.executemany(
                "INSERT INTO version_text (rowid, title, body) VALUES (?, ?, ?)",
                [(start + 1 + number, *text) for number, text in enumerate(texts)],
            )
            connection.executemany(
                "UPDATE sightings SET item_id = ?, next_attempt_at = NULL WHERE id = ?", rows.sightings[batch]
            )
            connection.execute("COMMIT")
    connection.close()
    return Run(len(rows.items), seconds.wall, seconds.cpu)


def _indexed(title: str, body: str, language: str) -> tuple[str, str]:
    text = analyse(title, body, language)
    return text.title.indexed, text.body.indexed


def _connect(folder: Path) -> sqlite3.Connection:
    """The same file under the same conditions as `storage.database.engine` opens it."""
    connection = sqlite3.connect(folder / "presswatch.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
