"""Addresses are stored sealed: what a copy of the database shows, and what a lost key costs."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from notify.channels.kinds import opened, shown
from storage.database import Database
from storage.errors import DeliveryError, KeyUnusableError
from storage.opening import open_database
from storage.people import channels
from storage.people.keyring import FILE, Keyring, is_sealed
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW
from tests.storage.people.sealed import ADDRESS, SECRETS, add, addresses, fingerprints, readable, stored, unopened


def test_an_address_is_stored_sealed_and_comes_back_as_it_was(database: Database) -> None:
    desk = add(database)
    assert database.keyring.open(desk.address) == ADDRESS
    assert is_sealed(stored(database)[0])
    assert database.read(channels.find, SOLE_OWNER, database.keyring, ADDRESS) == desk


def test_the_console_needs_no_key(database: Database, tmp_path: Path) -> None:
    add(database, "here", "console")
    assert stored(database) == ["console"]
    assert not (tmp_path / FILE).exists()


def test_the_key_is_the_owner_s_alone_even_when_it_was_put_back_carelessly(database: Database, tmp_path: Path) -> None:
    add(database)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / FILE).chmod(0o644)
    assert addresses(database) == [ADDRESS]
    add(database, "second")
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


WRITTEN: dict[str, Callable[[Keyring], object]] = {
    "made": lambda keyring: None,
    "changed": lambda keyring: keyring.renewed(),
    "forgotten": lambda keyring: keyring.keep(keyring.renewed()),
}
"""What is done to the file after it was made."""


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077, 0o277])
@pytest.mark.parametrize("then", WRITTEN.values(), ids=WRITTEN)
def test_the_key_is_never_for_a_moment_another_s_to_read(
    tmp_path: Path, then: Callable[[Keyring], object], umask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    onto_the_disk = os.fsync

    def look(descriptor: int) -> None:
        modes.extend(file.stat().st_mode & 0o777 for file in tmp_path.iterdir() if file.stat().st_size)
        onto_the_disk(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    before = os.umask(umask)
    try:
        keyring = Keyring(tmp_path)
        keyring.make()
        then(keyring)
    finally:
        os.umask(before)
    # Nobody has read the keys since: whoever reads them sets the rights of a file that was put back carelessly.
    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == [(FILE, 0o600)]
    assert modes and set(modes) == {0o600}


def test_a_removed_channel_s_address_is_forgotten(database: Database) -> None:
    add(database)
    database.write(channels.remove, SOLE_OWNER, database.keyring, "desk", NOW)
    assert stored(database) == [""]
    assert fingerprints(database) == [None]


def test_a_channel_does_not_show_its_address_when_it_is_printed(database: Database) -> None:
    assert "c4n4ry" not in repr(add(database))


# -- a database of before ------------------------------------------------------------------------------------------


def plain_rows(connection: Connection) -> None:
    for number, secret in enumerate(SECRETS):
        connection.execute(
            text(
                "INSERT INTO channels (owner_id, name, address, created_at, reason) "
                "VALUES (:owner, :name, :address, :at, 'ok')"
            ),
            {
                "owner": SOLE_OWNER,
                "name": f"old {number}",
                "address": f"gotify://push.example/{secret}",
                "at": "2024-11-28 12:00:00",
            },
        )


@pytest.mark.sqlite
def test_what_was_stored_before_is_sealed_when_the_database_is_opened_and_leaves_no_trace(
    database: Database, tmp_path: Path
) -> None:
    database.write(plain_rows)
    assert list(readable(tmp_path)) == SECRETS  # the test would see them
    database.close()
    with open_database(tmp_path) as again:
        assert all(map(is_sealed, stored(again)))
        assert addresses(again) == [f"gotify://push.example/{secret}" for secret in SECRETS]
        assert list(readable(tmp_path)) == []
        found = again.read(channels.find, SOLE_OWNER, again.keyring, f"gotify://push.example/{SECRETS[3]}")
        assert found is not None
        assert found.name == "old 3"
    assert list(readable(tmp_path)) == []


def test_a_copy_of_the_database_holds_no_secret(database: Database, tmp_path: Path) -> None:
    for number, secret in enumerate(SECRETS):
        add(database, f"channel {number}", f"gotify://push.example/{secret}")
    (tmp_path / "copy").mkdir()
    with sqlite3.connect(database.path) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "copy" / "presswatch.db"),))
    connection.close()
    assert list(readable(tmp_path / "copy")) == []
    assert list(readable(tmp_path)) == []


# -- a lost key ----------------------------------------------------------------------------------------------------


def test_without_its_key_only_the_channel_stops_and_it_says_how_to_mend_that(
    database: Database, tmp_path: Path
) -> None:
    add(database)
    kept = shutil.move(tmp_path / FILE, tmp_path / "kept")
    [channel] = database.read(channels.every, SOLE_OWNER)
    with pytest.raises(KeyUnusableError, match=r"secret\.key"):
        database.keyring.open(channel.address)
    assert shown(database.keyring, channel.address) == "sealed, and its key is missing"
    with pytest.raises(DeliveryError, match="its key is missing") as raised:
        opened(database.keyring, channel.address)
    assert not raised.value.permanent
    add(database, "here", "console")
    with pytest.raises(KeyUnusableError, match=r"secret\.key") as refused:
        add(database, "another", "json://other.example/")
    assert "put the key back" in refused.value.mend
    shutil.move(kept, tmp_path / FILE)
    assert addresses(database) == [ADDRESS, "console"]


@pytest.mark.parametrize("rubbish", ["no key at all", "", "\x00\xff"])
def test_what_is_no_key_is_told_with_its_place(database: Database, tmp_path: Path, rubbish: str) -> None:
    add(database)
    (tmp_path / FILE).write_text(rubbish, encoding="latin-1")
    assert unopened(database) == len(stored(database)) == 1
    with pytest.raises(KeyUnusableError, match=r"secret\.key"):
        add(database, "another", "json://other.example/")


def test_after_the_channels_that_need_a_lost_key_are_gone_a_new_one_is_made(database: Database, tmp_path: Path) -> None:
    add(database)
    (tmp_path / FILE).unlink()
    database.write(channels.remove, SOLE_OWNER, database.keyring, "desk", NOW)
    assert database.keyring.open(add(database).address) == ADDRESS
