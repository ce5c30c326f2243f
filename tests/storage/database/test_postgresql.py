"""A database on a server: every version that lies here, what is wrong with an address, and what breaks off."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, func, select

from storage.backups import backups
from storage.database import Database, dialect_of
from storage.errors import DatabaseTooNewError, DatabaseUnusableError, InvalidInputError, StorageBusyError, StorageError
from storage.opening import SCHEMA_VERSION, open_database, schema_version
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.hits import newest
from storage.search.search import search
from storage.search.selects import named
from storage.sources import sources
from storage.tables import items
from storage.types import Source
from tests.fakes import postgres
from tests.patience import wait_until
from tests.storage.examples import NOW, another, draft, spec, store, watched

pytestmark = pytest.mark.slow


@pytest.fixture
def address(server: postgres.PostgreSQL) -> Iterator[str]:
    address = server.new()
    yield address
    server.drop(address)


@pytest.fixture
def database(address: str, tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path, address=address) as database:
        yield database


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.mark.parametrize("version", sorted(postgres.installations()))
def test_each_version_makes_the_tables_stores_and_finds(version: int, tmp_path: Path) -> None:
    programs = postgres.installations()[version]
    with postgres.running(programs) as server, open_database(tmp_path, address=server.bare()) as database:
        assert database.read(schema_version) == SCHEMA_VERSION
        source = watched(database)
        store(database, *(draft(source, number) for number in (1, 2, 3)))
        assert database.read(search, database.packs, '"the bridge" AND toll').total == 3
        assert database.size > 0


def test_what_stands_there_is_opened_again(database: Database, source: Source) -> None:
    store(database, draft(source))
    with another(database) as again:
        assert again.read(search, again.packs, "bridge").total == 1


def test_writers_side_by_side_lose_nothing(database: Database, source: Source) -> None:
    def write(first: int) -> None:
        with another(database) as own:
            for number in range(first, first + 10):
                store(own, draft(source, number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, (100, 200, 300, 400)))
    assert database.read(lambda connection: connection.scalar(select(func.count()).select_from(items))) == 40


def test_who_writes_waits_until_the_one_before_has_stored_so_that_ids_ascend_with_time(
    database: Database, source: Source
) -> None:
    """Else who reads on from the id of the second one would never see the first."""
    with another(database) as own, ThreadPoolExecutor(1) as pool:

        def first(connection: Connection) -> tuple[int, Future[int]]:
            mine = sources.add(connection, spec("mfa-xy/first"), alert_first=False, now=NOW).id
            other = pool.submit(lambda: own.write(sources.add, spec("mfa-xy/next"), alert_first=False, now=NOW).id)
            wait_until(lambda: other.done() or _waits(database))
            assert not other.done()
            return mine, other

        mine, other = database.write(first)
        assert other.result() > mine


def test_a_connection_that_is_lost_is_made_again(database: Database, source: Source) -> None:
    store(database, draft(source, 1))
    _end_all_connections(database)
    store(database, draft(source, 2))
    _end_all_connections(database)
    assert database.read(search, database.packs, "bridge").total == 2


def test_a_transaction_that_is_broken_off_is_begun_again(database: Database, source: Source) -> None:
    tries = []

    def write(connection: Connection) -> int:
        tries.append(1)
        if len(tries) == 1:
            _end_all_connections(database)
        return sources.add(connection, spec("mfa-xy/more"), alert_first=False, now=NOW).id

    assert database.write(write) > source.id
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda address: address.rpartition("/")[0] + "/none", DatabaseUnusableError, "createdb"),
        (lambda address: address.replace("presswatch@", "nobody:hush@"), DatabaseUnusableError, "user"),
        (lambda address: "postgresql://presswatch:hush@127.0.0.1:1/x", StorageBusyError, "server runs"),
        (lambda address: "postgresql://[/x", DatabaseUnusableError, "postgresql://"),
    ],
    ids=["no such database", "no such user", "nobody answers", "no address"],
)
def test_what_is_wrong_with_an_address_is_one_line_without_its_password(
    address: str, tmp_path: Path, change: object, error: type[StorageError], said: str
) -> None:
    assert callable(change)
    with pytest.raises(error) as caught:
        open_database(tmp_path, address=change(address))
    told = f"{caught.value} {caught.value.mend}"
    assert said in told
    assert "hush" not in told
    assert "\n" not in told


def test_where_nothing_speaks_to_it_that_is_said(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseUnusableError, match="not installed") as caught:
        open_database(tmp_path, address=address)
    assert "psycopg" in caught.value.mend


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    database.write(lambda connection: connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNewError, match="newer presswatch"):
        another(database)


def test_its_copies_are_the_servers(database: Database, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="on a server") as caught:
        backups.make(database, tmp_path / "backup", "0.1.0", NOW)
    assert "pg_dump" in caught.value.mend


def _waits(database: Database) -> bool:
    """Whether somebody waits for a lock of the whole database."""
    with psycopg.connect(database.place.address) as connection:
        found = connection.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return found.fetchone() is not None


def _end_all_connections(database: Database) -> None:
    with psycopg.connect(database.place.address) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_the_newest_with_a_frequent_word_are_found_without_a_look_at_the_others(
    database: Database, source: Source
) -> None:
    _say(database, source)
    assert database.read(_versions_read, "bridge") < 60


def test_what_is_rare_is_sorted_and_what_is_frequent_is_met_on_the_way_back(database: Database, source: Source) -> None:
    _say(database, source)
    sorted_ = {
        word: database.read(_is_sorted, word)
        for word in ("bridge", "viaduct", '"bridge viaduct"', 'bridge -"bridge viaduct"', 'viaduct -"the toll"')
    }
    assert [word for word, is_sorted in sorted_.items() if is_sorted] == [
        "viaduct",
        '"bridge viaduct"',
        'viaduct -"the toll"',
    ]


def _say(database: Database, source: Source) -> None:
    """Six hundred statements say one word, four of them another one too."""
    bodies = (f"The bridge {'viaduct ' if not number % 150 else ''}opens." for number in range(600))
    store(database, *(draft(source, number, body=body) for number, body in enumerate(bodies, 1)))
    with psycopg.connect(database.place.address, autocommit=True) as connection:
        connection.execute("ANALYZE")  # as the server does by itself, in time


def _versions_read(connection: Connection, word: str) -> int:
    """How many rows of the index the server reads to find the newest twenty."""
    assert len(newest(connection, resolve(parse(word)), 20)) == 20
    read = "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'version_text'"
    return int(connection.exec_driver_sql(read).scalar_one())


def _is_sorted(connection: Connection, query: str) -> bool:
    dialect = dialect_of(connection)
    met = named(dialect, resolve(parse(query)))
    assert met is not None
    return dialect.full_text.are_few(connection, met.lead.index, met.lead.expression)
