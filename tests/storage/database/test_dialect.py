"""The seam between us and a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, event, insert, make_url, select

import storage
from storage.database import Database, as_indexed, dialect_of, insert_new
from storage.sources import polls
from storage.tables import full_texts, versions
from tests.storage.examples import NOW

POSTGRESQL = make_url("postgresql://").get_dialect()()
HOUSE = Path(storage.__file__).parent.parent


def test_only_the_room_of_the_database_speaks_to_a_driver() -> None:
    rooms = [HOUSE / name for name in ("crawler", "notify", "presswatch", "scheduler", "storage")]
    speaking = {path for room in rooms for path in room.rglob("*.py") if "exec_driver_sql" in path.read_text("utf-8")}
    assert {path.parent for path in speaking} == {HOUSE / "storage" / "database"}


def test_a_claim_passes_by_what_others_are_claiming(database: Database) -> None:
    asked: list[str] = []

    def note(connection: Connection, statement: Any, *_: object) -> None:
        asked.append(str(statement.compile(dialect=POSTGRESQL)))

    event.listen(Engine, "before_execute", note)
    try:
        database.write(polls.claim_due, "host/1/x", NOW, limit=3)
    finally:
        event.remove(Engine, "before_execute", note)
    assert "FOR NO KEY UPDATE SKIP LOCKED" in asked[0]


def test_what_is_new_is_counted_of_many_rows(database: Database) -> None:
    rows = [{"name": name, "analysis": 1} for name in ("a", "b", "c")]
    database.write(lambda connection: connection.execute(insert(full_texts), rows[:1]))
    assert database.write(insert_new, full_texts, rows, unique=["name"]) == 2
    assert database.write(insert_new, full_texts, rows, unique=["name"]) == 0


def test_thousands_of_ids_are_one_parameter(database: Database) -> None:
    def among(connection: Connection) -> int:
        dialect = dialect_of(connection)
        listed = dialect.listed(bindparam("ids"))
        return len(connection.scalars(listed, {"ids": dialect.list_of(range(100_000))}).all())

    assert database.read(among) == 100_000


def test_a_flag_is_asked_as_the_partial_indexes_have_it(database: Database) -> None:
    statement = select(versions.c.id).where(~as_indexed(versions.c.current))
    assert database.read(lambda connection: str(statement.compile(connection))).endswith("WHERE NOT versions.current")
    assert str(statement.compile(dialect=POSTGRESQL)).endswith("WHERE NOT versions.current")
