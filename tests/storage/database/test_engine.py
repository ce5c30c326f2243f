from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from storage.database import Database, data_folder
from storage.errors import (
    DatabaseTooNewError,
    DatabaseUnusableError,
    NotFoundError,
    StorageBusyError,
    StorageError,
    StorageFullError,
)
from storage.items import items
from storage.opening import open_database
from storage.people import topics
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW, draft, spec, store, watched

EACH = 40


def add_topics(folder: Path, writer: str) -> None:
    """Write `EACH` topics, each in a transaction of its own."""
    with open_database(folder) as database:
        for number in range(EACH):
            database.write(topics.add, SOLE_OWNER, database.packs, f"{writer} {number}", "bridge", NOW)


def names(database: Database) -> set[str]:
    return {topic.name for topic in database.read(topics.every, SOLE_OWNER)}


def expected(writers: list[str]) -> set[str]:
    return {f"{writer} {number}" for writer in writers for number in range(EACH)}


# -- several writers ----------------------------------------------------------------------------------------------


def test_eight_threads_that_write_at_once_lose_nothing(database: Database) -> None:
    writers = [f"thread {number}" for number in range(8)]

    def work(writer: str) -> None:
        for number in range(EACH):
            database.write(topics.add, SOLE_OWNER, database.packs, f"{writer} {number}", "bridge", NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, writers))
    assert names(database) == expected(writers)


@pytest.mark.slow
def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """They also meet while the schema is made: just one of them makes it."""
    context = multiprocessing.get_context("spawn")
    writers = ["process 1", "process 2"]
    processes = [context.Process(target=add_topics, args=(tmp_path, writer)) for writer in writers]
    for process in processes:
        process.start()
    add_topics(tmp_path, "process 3")
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with open_database(tmp_path) as database:
        assert names(database) == expected([*writers, "process 3"])


def test_a_reader_sees_one_unchanging_view(database: Database) -> None:
    def look(connection: Connection) -> tuple[int, int]:
        before = len(topics.every(connection, SOLE_OWNER))
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
        return before, len(topics.every(connection, SOLE_OWNER))

    assert database.read(look) == (0, 0)
    assert len(database.read(topics.every, SOLE_OWNER)) == 1


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError):
        database.read(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
    assert not names(database)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half(connection: Connection) -> None:
        topics.add(connection, SOLE_OWNER, {}, "Bridges", "bridge", NOW)
        sources.get(connection, "nowhere")

    with pytest.raises(NotFoundError):
        database.write(half)
    assert not names(database)


async def test_what_is_written_in_threads_is_written_in_the_order_of_the_calls(database: Database) -> None:
    pending = [
        database.write_async(topics.add, SOLE_OWNER, database.packs, f"topic {number}", "bridge", NOW)
        for number in range(5)
    ]
    for one in pending:
        await one
    assert [topic.name for topic in await database.read_async(topics.every, SOLE_OWNER)] == [
        f"topic {n}" for n in range(5)
    ]


def test_a_writer_that_waits_too_long_is_told_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("storage.database.sqlite.BUSY_TIMEOUT", 0.1)
    with open_database(database.path.parent) as late, pytest.raises(StorageBusyError) as busy:
        late.write(topics.add, SOLE_OWNER, late.packs, "Bridges", "bridge", NOW)
    other.execute("ROLLBACK")
    other.close()
    assert "second presswatch" in busy.value.mend


# -- a file that cannot be used -----------------------------------------------------------------------------------


def test_a_database_of_a_newer_version_is_left_untouched(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
        database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    before = (tmp_path / "presswatch.db").read_bytes()
    with pytest.raises(DatabaseTooNewError, match="9999") as refused:
        open_database(tmp_path)
    assert refused.value.mend == "update presswatch, or name another folder with --data"
    assert (tmp_path / "presswatch.db").read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_untouched(tmp_path: Path) -> None:
    file = tmp_path / "presswatch.db"
    file.write_text("These are the minutes of the bridge committee. " * 200)
    with pytest.raises(DatabaseUnusableError, match="not a database") as refused:
        open_database(tmp_path)
    assert "--data" in refused.value.mend
    assert file.read_text().startswith("These are the minutes")


def test_a_place_where_no_file_can_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "presswatch.db").mkdir()
    with pytest.raises(DatabaseUnusableError, match="unable to open") as refused:
        open_database(tmp_path)
    assert "--data" in refused.value.mend


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DatabaseUnusableError, match="taken") as refused:
        open_database(tmp_path / "taken" / "data")
    assert "--data" in refused.value.mend


def test_a_database_damaged_while_it_is_open_is_told(database: Database, tmp_path: Path) -> None:
    source = watched(database)
    store(database, *(draft(source, number) for number in range(200)))
    database.close()
    file = tmp_path / "presswatch.db"
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    file.write_bytes(content)
    with pytest.raises(DatabaseUnusableError), open_database(tmp_path) as damaged:
        damaged.read(items.get, 1)


def test_the_data_folder_is_the_one_that_was_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESSWATCH_DATA", str(tmp_path / "named"))
    assert data_folder() == tmp_path / "named"
    monkeypatch.delenv("PRESSWATCH_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder().name == "presswatch"


# -- a full disk --------------------------------------------------------------------------------------------------


def limit_pages(connection: Connection, more: int | None) -> None:
    """Let the file grow by so many pages, or without a limit. It is SQLite's own limit: what fails is real."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + more if more is not None else 2**30}")


def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_space(database: Database) -> None:
    source = watched(database)
    database.write(limit_pages, 12)
    stored: list[int] = []
    drafts = [draft(source, number, body=f"{number} " * 500) for number in range(60)]
    with pytest.raises(StorageFullError, match="is full") as full:
        for one in drafts:
            stored += [result.item_id for result in store(database, one)]
    assert "free some space" in full.value.mend
    assert 0 < len(stored) < len(drafts)
    assert [item.id for item in database.read(items.get_many, stored)] == stored
    database.write(limit_pages, None)
    for one in drafts[len(stored) :]:
        stored += [result.item_id for result in store(database, one)]
    assert len(database.read(items.get_many, stored)) == len(drafts)


def test_a_batch_that_does_not_fit_is_not_stored_by_half(database: Database) -> None:
    source = watched(database)
    database.write(limit_pages, 6)
    with pytest.raises(StorageFullError):
        store(database, *(draft(source, number, body=f"{number} " * 500) for number in range(60)))
    count = (
        "SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM versions) + (SELECT count(*) FROM version_text)"
    )
    assert database.read(lambda connection: connection.execute(text(count)).scalar_one()) == 0


def test_what_is_stored_is_there_after_the_database_is_opened_again(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        database.write(sources.add, spec(), alert_first=False, now=NOW)
    with open_database(tmp_path) as database:
        assert [source.key for source in database.read(sources.every)] == [spec().key]
