"""A file that is damaged leads to the backup, and a stranger's file runs nothing of ours."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from storage.database import Database
from storage.errors import DatabaseForeignError, DatabaseUnusableError, StorageError
from storage.opening import open_database
from tests.storage.database.using import add, names
from tests.storage.examples import draft, store, watched


@pytest.mark.parametrize("damage", [b"\xff", b"\x00", b"presswatch "], ids=["ones", "zeros", "text"])
@pytest.mark.parametrize("start", [0, 100, 8192])
def test_a_damaged_file_leads_to_the_backup(tmp_path: Path, damage: bytes, start: int) -> None:
    with open_database(tmp_path) as database:
        source = watched(database)
        store(database, *(draft(source, number) for number in range(50)))
    file = tmp_path / "presswatch.db"
    content = file.read_bytes()
    file.write_bytes(content[:start] + (damage * len(content))[: len(content) - start])
    with pytest.raises(DatabaseUnusableError) as told, open_database(tmp_path) as database:
        database.write(store_all_again)
    assert "presswatch restore FILE" in told.value.mend


def store_all_again(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE versions SET title = title || '.'")


def test_a_log_cut_while_it_is_open_leads_to_the_backup(living: Database) -> None:
    log = living.path.with_name("presswatch.db-wal")
    os.truncate(log, log.stat().st_size // 2 + 7)
    living.place.reader.dispose()  # what is in memory hides it for a while
    with pytest.raises(StorageError) as told:
        for _ in range(3):
            names(living)
            living.write(store_all_again)
            raise StorageError("nothing was noticed")
    assert "presswatch restore FILE" in told.value.mend


def test_a_stranger_s_file_runs_nothing_of_ours(tmp_path: Path) -> None:
    """A trigger or a view in the file may call no function that is not SQLite's own and harmless."""
    with open_database(tmp_path) as database:
        add(database)
    with sqlite3.connect(tmp_path / "presswatch.db") as stranger:
        stranger.execute("CREATE TRIGGER t AFTER INSERT ON topics BEGIN SELECT run_ours(NEW.name); END")
        stranger.execute("CREATE VIEW v AS SELECT run_ours(name) FROM topics")
    stranger.close()
    ran: list[str] = []
    with open_database(tmp_path) as database:
        register(database.place.writer, ran)
        register(database.place.reader, ran)
        with pytest.raises(StorageError, match="unsafe use of run_ours"):
            add(database, "Tolls")
        with pytest.raises(StorageError, match="unsafe use of run_ours"):
            database.read(lambda connection: connection.exec_driver_sql("SELECT * FROM v").all())
        assert database.read(lambda each: each.exec_driver_sql("SELECT run_ours('typed')").scalar()) == 1
    assert ran == ["typed"]


def register(engine: Engine, ran: list[str]) -> None:
    """Give the connections of an engine a function, as a program might."""

    def run_ours(name: str) -> int:
        ran.append(name)
        return 1

    connection = engine.raw_connection()
    assert connection.driver_connection is not None
    connection.driver_connection.create_function("run_ours", 1, run_ours)
    connection.close()


def test_a_file_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "presswatch.db")) as theirs:
        theirs.execute("CREATE TABLE customers (id INTEGER)")
    with pytest.raises(DatabaseForeignError, match="another program") as caught:
        open_database(tmp_path)
    assert "for presswatch alone" in caught.value.mend
    with closing(sqlite3.connect(tmp_path / "presswatch.db")) as theirs:
        assert theirs.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
