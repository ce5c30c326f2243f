"""Storing new statements on PostgreSQL, against psycopg that writes the same rows and indexes, without COPY."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Json

from storage.database.tsvector import rows_of
from storage.query.text import analyse
from storage.tables import items, version_facts, versions
from tests.bench.inserting import BATCH, ours, prepare
from tests.bench.measure import Figure, Run, calm, in_turns, rates, say, watch
from tests.fakes.postgres import PostgreSQL

Row = tuple[Any, ...]

_TABLES = (items, versions, version_facts)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What our side left in the tables, by their names."""

    tables: dict[str, list[Row]]
    sightings: list[tuple[int, int]]
    texts: list[tuple[int, str, str, str]]
    """Id, title, body and language of each version."""


def run(server: PostgreSQL, folder: Path, size: int, rounds: int) -> list[Figure]:
    """Store `size` statements on both sides, in batches of fifty, a transaction each."""
    prepared = server.new()
    drafts = prepare(folder, size, prepared)
    say(f"cluster insert: {size:,} statements of 400 words, in batches of {BATCH}")

    def stored() -> tuple[Run, str]:
        address = server.copy_of(prepared)
        return ours(folder, drafts, address), address

    _, filled = stored()  # also fills the cache of stems that both sides use
    rows = _rows(filled)
    mine, raw = in_turns("cluster insert", rounds, lambda: stored()[0], lambda: _raw(server.copy_of(prepared), rows))
    return [rates("cluster insert", mine, raw, aim=0.9, note="text analysis on both sides")]


def _rows(address: str) -> _Rows:
    with psycopg.connect(address) as connection:
        tables = {
            each.name: [
                tuple(Json(value) if isinstance(value, list | dict) else value for value in row)
                for row in connection.execute(f"SELECT * FROM {each.name} ORDER BY id".encode())
            ]
            for each in _TABLES
        }
        texts = connection.execute("SELECT id, title, body, language FROM versions ORDER BY id").fetchall()
        linked = connection.execute("SELECT item_id, id FROM sightings ORDER BY item_id").fetchall()
        return _Rows(tables, linked, texts)


def _raw(address: str, rows: _Rows) -> Run:
    calm()
    with psycopg.connect(address) as connection, watch() as seconds:
        cursor = connection.cursor()
        for start in range(0, len(rows.texts), BATCH):
            batch = slice(start, start + BATCH)
            for name, of_table in rows.tables.items():
                places = ", ".join(["%s"] * len(of_table[0]))
                cursor.executemany(f"INSERT INTO {name} VALUES ({places})".encode(), of_table[batch])
            indexed = [rows_of(id, analyse(*text)) for id, *text in rows.texts[batch]]
            for index in indexed[0]:
                cursor.executemany(
                    f"INSERT INTO {index} VALUES (%(id)s, %(terms)s, %(long)s)".encode(),
                    [each[index] for each in indexed],
                )
            cursor.executemany(
                b"UPDATE sightings SET item_id = %s, next_attempt_at = NULL WHERE id = %s", rows.sightings[batch]
            )
            connection.commit()
    return Run(len(rows.texts), seconds.wall, seconds.cpu)
