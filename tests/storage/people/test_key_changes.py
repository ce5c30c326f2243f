"""Keys of the environment, and new keys: all is opened by the new one, nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from presswatch.actions.channels import rotate_key
from presswatch.loop import run
from storage.database import Database
from storage.errors import KeyUnusableError
from storage.people.keyring import FILE, Keyring
from tests.storage.examples import another as elsewhere
from tests.storage.people.sealed import ADDRESS, add, addresses, stored, unopened


def test_a_key_of_the_environment_leaves_no_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    elsewhere = Keyring(tmp_path / "other")
    elsewhere.make()
    monkeypatch.setenv("PRESSWATCH_KEY", elsewhere.keys()[0])
    assert database.keyring.open(add(database).address) == ADDRESS
    assert not (tmp_path / FILE).exists()
    monkeypatch.delenv("PRESSWATCH_KEY")
    monkeypatch.setenv("PRESSWATCH_KEY_FILE", str(elsewhere.file))
    assert addresses(database) == [ADDRESS]


def test_a_new_key_opens_all_and_the_old_one_nothing(database: Database, tmp_path: Path) -> None:
    add(database)
    old = (tmp_path / FILE).read_text()
    assert run(rotate_key(database)) == 1
    assert (tmp_path / FILE).read_text() != old
    assert len((tmp_path / FILE).read_text().split()) == 1
    assert addresses(database) == [ADDRESS]
    (tmp_path / FILE).write_text(old)
    assert unopened(database) == len(stored(database)) == 1


def test_a_process_that_runs_meanwhile_uses_the_new_key_at_once(database: Database) -> None:
    add(database)
    with elsewhere(database) as another:
        assert addresses(another) == [ADDRESS]
        run(rotate_key(database))
        assert addresses(another) == [ADDRESS]
        add(another, "second", "json://second.example/")
    assert addresses(database) == [ADDRESS, "json://second.example/"]


def test_a_change_of_keys_that_was_killed_half_way_loses_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(database)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("keep", "seal"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Keyring, step, killed)
            run(rotate_key(database))
        assert addresses(database) == [ADDRESS]
    run(rotate_key(database))
    assert addresses(database) == [ADDRESS]
    assert len((tmp_path / FILE).read_text().split()) == 1


def test_the_environment_s_keys_change_by_putting_the_new_one_first(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet

    old, new = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv("PRESSWATCH_KEY", old)
    add(database)
    with pytest.raises(KeyUnusableError, match="holds no new key") as raised:
        run(rotate_key(database))
    assert "PRESSWATCH_KEY=NEW,OLD" in raised.value.mend
    monkeypatch.setenv("PRESSWATCH_KEY", f"{new},{old}")
    assert run(rotate_key(database)) == 1
    monkeypatch.setenv("PRESSWATCH_KEY", new)
    assert addresses(database) == [ADDRESS]
