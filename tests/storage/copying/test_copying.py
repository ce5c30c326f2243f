"""A copy is of one moment, is told from what is none, and brings what lies beside a database along."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.copying import rows
from storage.database import Database
from storage.database.files import NAME
from storage.errors import DatabaseInUseError, DatabaseTooNewError, InvalidInputError, StorageError
from storage.items import items
from storage.opening import open_database
from storage.people import channels, topics
from storage.people.keyring import FILE as KEY
from storage.types import SOLE_OWNER
from tests.storage.copying.making import copied, stands, told
from tests.storage.examples import NOW, draft, store, watched

pytestmark = pytest.mark.slow

ADDRESS = "json://hook.example.org/token"


@pytest.fixture(autouse=True)
def _small_batches_and_keys_beside_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH", 5)
    monkeypatch.delenv("PRESSWATCH_KEY", raising=False)
    monkeypatch.delenv("PRESSWATCH_KEY_FILE", raising=False)


@pytest.fixture
def source(_empty: Path, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "old").mkdir()
    shutil.copy(_empty, tmp_path / "old")
    with open_database(tmp_path / "old") as database:
        section = watched(database)
        store(database, *(draft(section, number) for number in range(12)))
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
        database.write(channels.add, SOLE_OWNER, database.keyring, "hook", ADDRESS, NOW)
        yield database


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "new") as database:
        yield database


class Stopped(Exception):
    pass


def stop_at(wanted: int) -> Callable[[int, int], None]:
    """Break off after so many rows."""

    def stop(done: int, total: int) -> None:
        if done >= wanted:
            raise Stopped

    return stop


def begun(source: Database, target: Database, rows: int = 20) -> None:
    with pytest.raises(Stopped):
        copied(source, target, stop_at(rows))


# -- one moment --------------------------------------------------------------------------------------------------------


def test_what_is_stored_meanwhile_is_not_in_it(source: Database, target: Database, tmp_path: Path) -> None:
    before = stands(tmp_path / "old")

    def publish(done: int, total: int) -> None:
        store(source, draft(watched(source, f"mfa-xy/{done}"), 100 + done))

    assert copied(source, target, publish).statements == 12
    assert stands(tmp_path / "new") == before
    assert source.read(items.count) > 12


def test_where_the_old_one_has_changed_meanwhile_all_is_copied_anew(
    source: Database, target: Database, tmp_path: Path
) -> None:
    """Of two moments a channel's name would be there twice, which the new database refuses."""
    begun(source, target, 30)
    source.write(channels.remove, SOLE_OWNER, source.keyring, "hook", NOW)
    source.write(channels.add, SOLE_OWNER, source.keyring, "hook", ADDRESS, NOW)
    copied(source, target)
    assert stands(tmp_path / "new") == stands(tmp_path / "old")


def test_values_that_only_one_database_tells_apart_stay_what_they_are(
    source: Database, target: Database, tmp_path: Path
) -> None:
    """An empty column of JSON is not `null`, and a text has a blank for NUL."""
    with closing(sqlite3.connect(tmp_path / "old" / NAME)) as raw:
        raw.execute("UPDATE versions SET cut = NULL WHERE id = 1")
        raw.execute("UPDATE versions SET cut = 'null' WHERE id = 2")
        raw.execute("UPDATE versions SET cut = ? WHERE id = 3", (json.dumps(["a", None, "Ж"]),))
        raw.execute("UPDATE versions SET title = 'NUL' || char(0) || 'within' WHERE id = 3")
        raw.commit()
    copied(source, target)
    with closing(sqlite3.connect(tmp_path / "new" / NAME)) as raw:
        found = raw.execute("SELECT typeof(cut), cut, title FROM versions WHERE id IN (1, 2, 3)").fetchall()
    assert [row[:2] for row in found] == [("null", None), ("text", "null"), ("text", json.dumps(["a", None, "Ж"]))]
    assert found[2][2] == "NUL within"


# -- what it is told from ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    ["UPDATE versions SET title = title || '.' WHERE id = 7", "DELETE FROM topics", "UPDATE sources SET enabled = 0"],
)
def test_what_is_no_true_copy_is_not_called_one(
    source: Database, target: Database, tmp_path: Path, change: str
) -> None:
    def meddle(done: int, total: int) -> None:
        if done == total:
            target.write(lambda connection: connection.execute(text(change)))

    with pytest.raises(StorageError, match="no true copy: its table"):
        copied(source, target, meddle)
    with pytest.raises(StorageError, match="not finished"):
        open_database(tmp_path / "new")


def test_only_an_empty_database_is_copied_into(source: Database, tmp_path: Path) -> None:
    with open_database(tmp_path / "used") as used, pytest.raises(InvalidInputError, match="not empty"):
        copied(source, used)
    assert not (tmp_path / "used" / KEY).exists()
    with Database(tmp_path / "other") as other:
        other.write(lambda connection: connection.execute(text("CREATE TABLE of_somebody (id INTEGER)")))
        with pytest.raises(InvalidInputError, match="not empty"):
            copied(source, other)
    with pytest.raises(InvalidInputError, match="onto itself"):
        copied(source, source)


def test_a_part_of_another_one_s_copy_is_left_alone(source: Database, target: Database, tmp_path: Path) -> None:
    begun(source, target)
    with open_database(tmp_path / "third") as third, pytest.raises(InvalidInputError, match="another copy"):
        copied(third, target)
    copied(source, target)
    assert told(target) == told(source)


def test_two_do_not_copy_into_one(source: Database, target: Database) -> None:
    def another(done: int, total: int) -> None:
        if done >= 20:
            begun(source, target, done + 10)

    with pytest.raises(DatabaseInUseError, match="another process"):
        copied(source, target, another)


def test_what_a_newer_presswatch_wrote_is_not_copied(source: Database, target: Database) -> None:
    """It may have what this one knows nothing of."""
    source.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(DatabaseTooNewError, match="9999"):
        copied(source, target)


# -- what lies beside it -----------------------------------------------------------------------------------------------


def test_keys_and_alias_packs_go_along(source: Database, target: Database, tmp_path: Path) -> None:
    (tmp_path / "old" / "aliases").mkdir()
    (tmp_path / "old" / "aliases" / "mine.toml").write_text('name = "MINE"\ndescription = "ours"\n')
    assert copied(source, target).unopened == ()
    [hook] = target.read(channels.every, SOLE_OWNER)
    assert target.keyring.open(hook.address) == ADDRESS
    assert (tmp_path / "new" / KEY).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "aliases" / "mine.toml").read_text() == 'name = "MINE"\ndescription = "ours"\n'


def test_where_the_keys_differ_that_is_said_and_mended(source: Database, target: Database, tmp_path: Path) -> None:
    target.keyring.make()
    with pytest.raises(InvalidInputError, match="does not open the address of hook") as refused:
        copied(source, target)
    assert str(tmp_path / "old" / KEY) in refused.value.mend
    target.keyring.keep([*source.keyring.keys(), *target.keyring.keys()])
    assert copied(source, target).unopened == ()


def test_an_address_whose_key_is_lost_is_told(source: Database, target: Database, tmp_path: Path) -> None:
    (tmp_path / "old" / KEY).rename(tmp_path / "lost")
    assert copied(source, target).unopened == ("hook",)
