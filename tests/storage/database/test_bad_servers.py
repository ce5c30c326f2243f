"""What is wrong with a server: each is one line with its mend, without any password, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

import storage.database.server as of_server
from storage import clock
from storage.errors import DatabaseForeignError, DatabaseReadOnlyError, DatabaseUnusableError, KeyUnusableError
from storage.opening import open_database
from storage.search.search import search
from storage.sources import polls, sources
from tests.fakes.postgres import GUARDED, USER, PostgreSQL
from tests.storage.database.using import add, names
from tests.storage.examples import draft, spec, store, subscribed, watched

pytestmark = pytest.mark.slow


@pytest.fixture
def address(server: PostgreSQL) -> Iterator[str]:
    address = server.new()
    yield address
    server.drop(address)


@pytest.fixture
def bare(server: PostgreSQL) -> Iterator[str]:
    address = server.bare()
    yield address
    server.drop(address)


@pytest.fixture
def user(server: PostgreSQL, address: str) -> Iterator[Callable[..., str]]:
    """Makes a user who may do no more than this, and gives the address as his."""
    made = []

    def make(name: str, *rights: str) -> str:
        made.append(name)
        server.do(address, f"CREATE ROLE {name} LOGIN PASSWORD 'right'", *rights)
        return address.replace(f"{USER}@", f"{name}:hush@")

    yield make
    for name in made:
        server.do(address, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def refused(tmp_path: Path, address: str, error: type[DatabaseUnusableError] = DatabaseUnusableError) -> str:
    """What a person is told who opens it."""
    with pytest.raises(error) as caught:
        open_database(tmp_path, address=address)
    told = f"{caught.value}; {caught.value.mend}"
    assert caught.value.mend
    assert "hush" not in told
    assert "\n" not in told
    return told


def test_an_old_server_is_refused(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_server, "OLDEST", 99)
    assert "use PostgreSQL 99 or a newer one" in refused(tmp_path, address)


def test_a_wrong_password_is_refused(user: Callable[..., str], tmp_path: Path) -> None:
    assert "check the password" in refused(tmp_path, user(GUARDED))


def test_a_user_who_may_make_no_tables_is_told_so(user: Callable[..., str], bare: str, tmp_path: Path) -> None:
    told = refused(tmp_path, f"{user('maker').rpartition('/')[0]}/{bare.rpartition('/')[2]}")
    assert "permission denied for schema public" in told
    assert "OWNER TO" in told


def test_a_user_who_may_not_look_is_told_so(user: Callable[..., str], tmp_path: Path) -> None:
    assert "REASSIGN OWNED BY" in refused(tmp_path, user("stranger"))


def test_who_may_only_read_is_answered_and_stores_nothing(
    user: Callable[..., str], address: str, tmp_path: Path
) -> None:
    with open_database(tmp_path, address=address) as database:
        store(database, draft(watched(database)))
    reading = user("reader", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with open_database(tmp_path, address=reading) as database:
        assert database.is_read_only
        [caution] = database.cautions()
        assert "no right to write" in str(caution)
        assert database.read(search, database.packs, "bridge").total == 1
        with pytest.raises(DatabaseUnusableError, match="permission denied") as caught:
            add(database)
        assert "OWNER TO" in caught.value.mend


def test_a_server_that_only_answers_is_asked_and_nothing_else(server: PostgreSQL, address: str, tmp_path: Path) -> None:
    with open_database(tmp_path, address=address) as before:
        add(before)
        server.do(address, f"ALTER DATABASE {address.rpartition('/')[2]} SET default_transaction_read_only = on")
        with open_database(tmp_path, address=address) as database:
            assert database.is_read_only
            assert names(database) == ["Bridges"]
            with pytest.raises(DatabaseReadOnlyError, match="as a standby does") as caught:
                add(database, "More")
            assert "server that writes" in caught.value.mend
            assert [type(each) for each in database.cautions()] == [DatabaseReadOnlyError]


@pytest.mark.parametrize(
    "theirs",
    [
        ["CREATE TABLE customers (id int)"],
        ["CREATE TABLE alembic_version (version_num text)", "INSERT INTO alembic_version VALUES ('ae1027a6acf')"],
    ],
    ids=["tables", "revisions of Alembic"],
)
def test_a_database_of_another_program_is_refused_and_left_as_it_is(
    server: PostgreSQL, bare: str, tmp_path: Path, theirs: list[str]
) -> None:
    server.do(bare, *theirs)
    assert "another program" in refused(tmp_path, bare, DatabaseForeignError)
    server.do(bare, f"DROP TABLE {theirs[0].split()[2]}")
    open_database(tmp_path, address=bare).close()


def test_a_process_with_another_key_is_refused_until_it_has_the_same(address: str, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    with open_database(theirs) as elsewhere:
        subscribed(elsewhere, channel="json://sink.example/theirs")
    with open_database(ours, address=address) as database:
        subscribed(database, channel="json://sink.example/ours")
    with pytest.raises(KeyUnusableError, match="another key") as caught:
        open_database(theirs, address=address)
    assert "PRESSWATCH_KEY_FILE" in caught.value.mend
    open_database(tmp_path / "without", address=address).close()
    shutil.copy(ours / "secret.key", theirs)
    open_database(theirs, address=address).close()


def test_a_clock_that_is_off_counts_for_nothing(address: str, tmp_path: Path) -> None:
    with open_database(tmp_path, address=address) as database:
        assert database.cautions() == ()
        database.write(sources.add, spec(), alert_first=False, now=clock.now())
        assert len(database.claim(polls.claim_due, "host/1/a", clock.now(), limit=9)) == 1
        for off, words in ((timedelta(hours=1), "3600 seconds ahead of"), (-timedelta(hours=1), "3600 seconds behind")):
            with time_machine.travel(clock.own() + off), open_database(tmp_path, address=address) as node:
                [caution] = node.cautions()
                assert words in str(caution)
                assert "timedatectl" in caution.mend
                assert node.claim(polls.claim_due, "host/2/b", clock.now(), limit=9) == (), "it is another one's still"


def test_a_clock_that_is_set_while_a_process_runs_is_noticed(address: str, tmp_path: Path) -> None:
    with open_database(tmp_path, address=address) as database:
        with time_machine.travel(clock.own() + timedelta(hours=1)):
            add(database)
            [caution] = database.cautions()
            assert "3600 seconds ahead of" in str(caution)
        add(database, "More")
        assert database.cautions() == ()
    assert clock.ahead() == timedelta()
