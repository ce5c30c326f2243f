"""The key goes along where it is a file, and is never lost or mixed up."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import KeyUnusableError
from storage.opening import open_database
from storage.people import channels
from storage.people.keyring import Keyring
from storage.types import SOLE_OWNER
from tests.storage.backups.making import ADDRESS, backed_up, contents, restored, seen
from tests.storage.examples import NOW


def test_a_key_of_the_environment_is_not_in_it_and_opens_what_comes_back(
    living: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [key] = living.keyring.keys()
    monkeypatch.setenv("PRESSWATCH_KEY", key)
    assert not backed_up(living, tmp_path / "backup.tar.gz").has_key
    assert "secret.key" not in contents(tmp_path / "backup.tar.gz")
    assert restored(tmp_path / "backup.tar.gz", tmp_path / "new").unopened == ()
    assert not (tmp_path / "new" / "secret.key").exists()
    monkeypatch.delenv("PRESSWATCH_KEY")
    assert restored(tmp_path / "backup.tar.gz", tmp_path / "newer").unopened == ("hook",)


def test_a_key_file_elsewhere_is_in_it_and_comes_back_there(
    living: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (living.path.parent / "secret.key").rename(tmp_path / "elsewhere.key")
    monkeypatch.setenv("PRESSWATCH_KEY_FILE", str(tmp_path / "elsewhere.key"))
    assert backed_up(living, tmp_path / "backup.tar.gz").has_key
    monkeypatch.setenv("PRESSWATCH_KEY_FILE", str(tmp_path / "another.key"))
    assert restored(tmp_path / "backup.tar.gz", tmp_path / "new").unopened == ()
    assert (tmp_path / "another.key").read_text() == (tmp_path / "elsewhere.key").read_text()
    assert not (tmp_path / "new" / "secret.key").exists()


def test_a_channel_whose_key_is_lost_is_named_and_keeps_nothing_from_being_saved(
    living: Database, tmp_path: Path
) -> None:
    (living.path.parent / "secret.key").unlink()
    made = backed_up(living, tmp_path / "backup.tar.gz")
    assert (made.statements, made.has_key, made.unopened) == (20, False, ("hook",))


def test_the_key_of_the_backup_takes_the_place_of_another_and_that_is_kept(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with open_database(tmp_path / "other") as database:
        database.write(channels.add, SOLE_OWNER, database.keyring, "other", "json://other.example.org/", NOW)
        other = database.keyring.keys()
    restored(tmp_path / "backup.tar.gz", tmp_path / "other", replace=True)
    assert seen(tmp_path / "other")[2] == [ADDRESS]
    assert Keyring(tmp_path / "other").keys() == living.keyring.keys()
    aside = tmp_path / "other" / "before-restore-20241201T120000Z"
    assert tuple((aside / "secret.key").read_text().split()) == other
    assert seen(aside)[2] == ["json://other.example.org/"], "what was there can be used again as it is"


def test_the_keys_that_a_backup_brings_write_nothing(tmp_path: Path) -> None:
    Keyring(tmp_path).make()
    [key] = Keyring(tmp_path).keys()
    sealed = Keyring(tmp_path).seal(ADDRESS)
    assert Keyring.holding([key]).open(sealed) == ADDRESS
    (tmp_path / "secret.key").unlink()
    with pytest.raises(KeyUnusableError):
        Keyring(tmp_path).open(sealed)
