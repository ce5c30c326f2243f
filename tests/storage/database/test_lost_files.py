"""Nothing is called stored when the file is not there any more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import DatabaseGoneError
from storage.opening import open_database
from tests.storage.database.using import add, names


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
    living.place.reader.dispose()
    living.place.writer.dispose()
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
