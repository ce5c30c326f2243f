"""The file itself: where it lies, whose it is, whether it is still there, and what a stranger's file can do."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from storage.database import Database, is_watched, watching
from storage.database.files import make_file
from storage.errors import DatabaseGoneError, DatabaseUnusableError, StorageError
from storage.opening import open_database
from storage.people import channels, topics
from storage.people.keyring import Keyring
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW, draft, store, watched

NAMES = (
    "a?mode=ro",
    "100%",
    "a%20b",
    "a b",
    "a#b",
    "a&b=c",
    "?",
    "%",
    "a?immutable=1&vfs=none",
    "Daten für März",
    "документы",
    "新闻",
)


def add(database: Database, name: str = "Bridges") -> None:
    database.write(topics.add, SOLE_OWNER, database.packs, name, "bridge", NOW)


def names(database: Database) -> list[str]:
    return [topic.name for topic in database.read(topics.every, SOLE_OWNER)]


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask() -> Iterator[None]:
    """Whatever a test does to the process's umask is undone."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)


# -- where it lies and whose it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_database_lies_in_the_folder_that_was_named_whatever_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with open_database(folder) as database:
        add(database)
    with open_database(folder) as database:
        assert names(database) == ["Bridges"]
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (folder / "presswatch.db").stat().st_size > 0


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o022, 0o027, 0o077, 0o277])
@pytest.mark.usefixtures("umask")
def test_folder_database_log_and_key_are_their_owner_s_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    os.umask(mask)
    with open_database(tmp_path / "data") as database:
        address = "json://hook.example.org/"
        database.write(channels.add, SOLE_OWNER, database.keyring, "hook", address, NOW)
        made = {path.name: rights(path) for path in [tmp_path / "data", *(tmp_path / "data").iterdir()]}
    assert made == {
        "data": 0o700,
        "presswatch.db": 0o600,
        "presswatch.db-wal": 0o600,
        "presswatch.db-shm": 0o600,
        "secret.key": 0o600,
    }


@pytest.mark.usefixtures("umask")
def test_what_the_operator_has_opened_for_others_stays_open(tmp_path: Path) -> None:
    os.umask(0)
    with open_database(tmp_path / "data") as database:
        add(database)
    (tmp_path / "data").chmod(0o750)
    (tmp_path / "data" / "presswatch.db").chmod(0o640)
    open_database(tmp_path / "data").close()
    assert (rights(tmp_path / "data"), rights(tmp_path / "data" / "presswatch.db")) == (0o750, 0o640)


def test_the_key_is_the_owner_s_alone_at_the_moment_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: None
) -> None:
    os.umask(0)
    seen: list[int] = []
    link = os.link

    def watched_link(one: str, other: str) -> None:
        seen.append(rights(Path(one)))
        link(one, other)

    monkeypatch.setattr(os, "link", watched_link)
    Keyring(tmp_path).make()
    assert seen == [0o600]


# -- another process writes ------------------------------------------------------------------------------------------


def test_who_reads_waits_for_no_writer(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        add(database)
    other = sqlite3.connect(tmp_path / "presswatch.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with open_database(tmp_path) as database:
            assert names(database) == ["Bridges"]
    finally:
        other.close()


@pytest.mark.skipif(not hasattr(os, "fork") or os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("is_open", [False, True], ids=["at rest", "while another process has it open"])
def test_who_may_only_read_reads(tmp_path: Path, is_open: bool) -> None:
    folder = tmp_path / "data"
    with open_database(folder) as database:
        add(database)
        for path, mode in ((tmp_path, 0o755), (folder, 0o755), *((each, 0o644) for each in folder.iterdir())):
            path.chmod(mode)
        if is_open:
            assert seen_by_nobody(folder) == ["Bridges"]
    if not is_open:
        assert seen_by_nobody(folder) == ["Bridges"]


def seen_by_nobody(folder: Path) -> list[str]:
    """The topics that a user sees who may write nothing."""
    for above in (folder, *folder.parents):  # pytest keeps its folders to itself
        if above.stat().st_uid == os.geteuid() and above != Path(above.anchor):
            above.chmod(rights(above) | 0o055)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            with open_database(folder) as database:
                os.write(writing, "\n".join(names(database)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        return said.read().split("\n")


# -- a file that vanishes --------------------------------------------------------------------------------------------


def unlinked(path: Path) -> None:
    path.unlink()


def folder_removed(path: Path) -> None:
    shutil.rmtree(path.parent)


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced_by_a_copy(path: Path) -> None:
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").rename(path)


def replaced_by_nothing(path: Path) -> None:
    path.unlink()
    path.touch()


def folder_replaced(path: Path) -> None:
    path.parent.rename(path.parent.with_name("old"))
    path.parent.mkdir()
    shutil.copy(path.parent.with_name("old") / path.name, path)


def log_unlinked(path: Path) -> None:
    path.with_name("presswatch.db-wal").unlink()


DISASTERS = (
    unlinked, folder_removed, moved, replaced_by_a_copy, replaced_by_nothing, folder_replaced, log_unlinked
)  # fmt: skip


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Database]:
    """A database that is written and read, as in a process that runs."""
    with open_database(tmp_path / "data") as database:
        add(database)
        assert names(database) == ["Bridges"]
        yield database


@pytest.mark.parametrize("disaster", DISASTERS)
def test_nothing_is_called_stored_when_the_database_is_not_there_any_more(
    living: Database, disaster: Callable[[Path], None]
) -> None:
    disaster(living.path)
    for number in range(3):
        with pytest.raises(DatabaseGoneError) as told:
            add(living, f"Bridges {number}")
        assert "presswatch restore" in told.value.mend
    with pytest.raises(DatabaseGoneError):
        living.check_files()


def test_what_is_lost_while_it_is_written_is_not_called_stored_either(living: Database) -> None:
    def lose_it(connection: object) -> str:
        living.path.unlink()
        return "stored"

    with pytest.raises(DatabaseGoneError):
        living.write(lose_it)


def test_new_connections_put_no_empty_file_into_the_place_of_a_lost_one(living: Database) -> None:
    living.path.unlink()
    living._reader.dispose()
    living._writer.dispose()
    for use in (names, add):
        with pytest.raises(DatabaseGoneError):
            use(living)
    assert not living.path.exists()


def test_a_database_in_use_by_others_is_not_called_gone(living: Database) -> None:
    for number in range(3):
        with open_database(living.path.parent) as other:
            add(other, f"Tolls {number}")
        add(living, f"Bridges {number}")
        living.scrub()
        living.check_files()
    assert len(names(living)) == 7


# -- a file that is damaged, or a stranger's -------------------------------------------------------------------------


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
    living._reader.dispose()  # what is in memory hides it for a while
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
        register(database._writer, ran)
        register(database._reader, ran)
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


def test_a_file_is_made_once(tmp_path: Path) -> None:
    make_file(tmp_path / "file")
    (tmp_path / "file").write_text("kept")
    make_file(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "kept"


# -- who watches -------------------------------------------------------------------------------------------------------


def test_who_watches_first_is_known_to_who_comes_later(tmp_path: Path) -> None:
    assert not is_watched(tmp_path)
    with watching(tmp_path) as before:
        assert before is None
        assert is_watched(tmp_path)
        with watching(tmp_path) as first:
            assert first == os.getpid()
        assert is_watched(tmp_path), "who only looked took nothing away"
    assert not is_watched(tmp_path)


def test_who_was_killed_watches_no_longer(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with watching(tmp_path):
            os.write(writing, b".")
            signal.pause()
    os.read(reading, 1)
    with watching(tmp_path) as first:
        assert first == child
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not is_watched(tmp_path)
    os.close(reading)
    os.close(writing)
