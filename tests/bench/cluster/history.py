"""A history of statements on PostgreSQL, by COPY: the texts are analysed in two processes, and indexed at the end."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import TableClause, table
from sqlalchemy import column as named

from storage.clock import now
from storage.database.tsvector import rows_of
from storage.identity import identity_key
from storage.opening import open_database
from storage.query.indexes import Index
from storage.query.text import analyse
from storage.sources import sources
from storage.tables import items, published_columns, version_facts, versions
from storage.types import Published, Source, SourceSpec
from tests.bench.measure import say
from tests.bench.searching import DAYS, FIRST_DAY, LENGTH, SOURCES, sections
from tests.bench.texts import statement

PIECE = 1_000
PROCESSES = 2

Rows = dict[TableClause, list[dict[str, Any]]]

_TEXTS = {index: table(index, *map(named, ("id", "terms", "long"))) for index in Index}


def fill(folder: Path, address: str, size: int) -> None:
    """Store statements of two years from `SOURCES` sections, those of `tests.bench.searching`."""
    with open_database(folder, address=address) as database:
        made = [
            database.write(sources.add, SourceSpec(key, key, where), alert_first=False, now=now())
            for key, where in sections()
        ]
    with psycopg.connect(address, autocommit=True) as connection:
        indexes = connection.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '% USING gin %'")
        of_words = {str(name): str(definition) for name, definition in indexes}
        for name in of_words:
            connection.execute(f"DROP INDEX {name}".encode())
        _copy(address, made, size)
        started = time.perf_counter()
        for definition in of_words.values():
            connection.execute(definition.encode())
        for each in (items, versions):
            connection.execute(f"SELECT setval('{each.name}_id_seq', {size})".encode())
        connection.execute("VACUUM ANALYZE")
        say(f"indexed in {time.perf_counter() - started:.0f} s")


def _copy(address: str, made: list[Source], size: int) -> None:
    started, done = time.perf_counter(), 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        pieces = (range(first, min(first + PIECE, size)) for first in range(0, size, PIECE))
        for piece in as_completed([pool.submit(partial(_copy_piece, address, made, size), each) for each in pieces]):
            done += piece.result()
            if done % 20_000 < PIECE:
                say(f"{done:,} of {size:,} stored in {time.perf_counter() - started:.0f} s")


def _copy_piece(address: str, made: list[Source], size: int, numbers: range) -> int:
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")  # both sides of each reference come together
        for into, rows in _rows(made, size, numbers).items():
            columns = ", ".join(rows[0])
            with connection.cursor().copy(f"COPY {into.name} ({columns}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(tuple(row.values()))
    return len(numbers)


def _rows(made: list[Source], size: int, numbers: range) -> Rows:
    of_each = [dict(_of_statement(made[number % SOURCES], size, number)) for number in numbers]
    return {into: [rows[into] for rows in of_each] for into in of_each[0]}


def _of_statement(source: Source, size: int, number: int) -> Iterator[tuple[TableClause, dict[str, Any]]]:
    """The rows of a statement, as `storage.items.store` leaves them."""
    text, id = statement(number, LENGTH), number + 1
    day: date = FIRST_DAY + timedelta(days=number * DAYS // size)
    at, address = datetime.combine(day, dt_time(12), UTC), f"{source.spec.address}{number}.html"
    yield items, {
        "id": id, "key": identity_key(address), "address": address, "source_id": source.id, "first_seen_at": at,
        "silent": False, "revisits": 0,
    }  # fmt: skip
    yield versions, {
        "id": id, "item_id": id, "number": 1, "current": True, "title": text.title, "body": text.body,
        "language": text.language, **published_columns(Published(day)), "seen_at": at, "fingerprint": f"bench {number}",
        "matched_at": at,
    }  # fmt: skip
    yield version_facts, {
        "id": id, "item_id": id, "number": 1, "source_id": source.id, "day": day.toordinal(),
        "published": day.toordinal(), "language": text.language, "current": True,
    }  # fmt: skip
    for index, row in rows_of(id, analyse(text.title, text.body, text.language)).items():
        yield _TEXTS[index], row
