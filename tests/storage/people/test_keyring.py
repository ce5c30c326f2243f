from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from notify.channels.kinds import opened, shown
from presswatch.actions.channels import rotate_key
from presswatch.loop import run
from storage.database import Database
from storage.errors import DeliveryError, KeyUnusableError
from storage.opening import open_database
from storage.people import channels
from storage.people.keyring import FILE, Keyring, is_sealed
from storage.types import SOLE_OWNER, Channel, SealedAddress
from tests.storage.examples import NOW

SECRETS = [f"c4n4ry{number:02}-T0k3n-{'abcdefghijklmnopqrst'[number]}0123456789" for number in range(20)]
"""What must never be read anywhere."""
ADDRESS = f"json://user:{SECRETS[0]}@hooks.example/{SECRETS[1]}?+X-Key={SECRETS[2]}"


@pytest.fixture(autouse=True)
def _no_key_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESSWATCH_KEY", raising=False)
    monkeypatch.delenv("PRESSWATCH_KEY_FILE", raising=False)


def add(database: Database, name: str = "desk", address: str = ADDRESS) -> Channel:
    return database.write(channels.add, SOLE_OWNER, database.keyring, name, address, NOW)


def stored(database: Database) -> list[str]:
    rows = database.read(lambda connection: connection.execute(text("SELECT address FROM channels")).all())
    return [row.address for row in rows]


def addresses(database: Database) -> list[str]:
    return [database.keyring.open(channel.address) for channel in database.read(channels.every, SOLE_OWNER)]


def unopened(database: Database) -> int:
    """How many channels no key opens."""
    count = 0
    for channel in database.read(channels.every, SOLE_OWNER):
        try:
            database.keyring.open(channel.address)
        except KeyUnusableError:
            count += 1
    return count


def readable(folder: Path) -> Iterator[str]:
    """The secrets that can be read in any file of a folder but the key's."""
    found = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name != FILE)
    yield from (secret for secret in SECRETS if secret.encode() in found)


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


def test_a_removed_channel_s_address_is_forgotten(database: Database) -> None:
    add(database)
    database.write(channels.remove, SOLE_OWNER, database.keyring, "desk", NOW)
    assert stored(database) == [""]
    assert fingerprints(database) == [None]


def test_a_channel_does_not_show_its_address_when_it_is_printed(database: Database) -> None:
    assert "c4n4ry" not in repr(add(database))


# -- a channel is found by its address -----------------------------------------------------------------------------


class Counting(Keyring):
    """Counts what it opens."""

    opened = 0

    def open(self, address: SealedAddress) -> str:
        self.opened += 1
        return super().open(address)


def fingerprints(database: Database) -> list[str | None]:
    rows = database.read(lambda connection: connection.execute(text("SELECT fingerprint FROM channels")).all())
    return [row.fingerprint for row in rows]


def test_no_address_is_opened_to_find_a_channel_by_its_address(tmp_path: Path) -> None:
    keyring = Counting(tmp_path)
    with open_database(tmp_path, keyring=keyring) as database:
        for number, secret in enumerate(SECRETS):
            add(database, f"channel {number}", f"gotify://push.example/{secret}")
        found = database.read(channels.get, SOLE_OWNER, keyring, f"gotify://push.example/{SECRETS[7]}")
        assert found.name == "channel 7"
        assert database.read(channels.find, SOLE_OWNER, keyring, "gotify://push.example/another") is None
        assert keyring.opened == 0


def test_a_fingerprint_says_nothing_without_the_key_and_not_whether_two_owners_share_an_address(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "another"):
        with open_database(tmp_path / name) as database:
            add(database)
            database.write(channels.add, SOLE_OWNER + 1, database.keyring, "desk", ADDRESS, NOW)
            seen += fingerprints(database)
    assert len({*seen}) == 4, "each key and each owner makes another one of the same address"


def test_a_channel_is_found_by_its_address_while_keys_change_and_after(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet

    old, new = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv("PRESSWATCH_KEY", old)
    desk = add(database)
    before = fingerprints(database)
    monkeypatch.setenv("PRESSWATCH_KEY", f"{new},{old}")
    assert database.read(channels.find, SOLE_OWNER, database.keyring, ADDRESS) == desk
    run(rotate_key(database))
    monkeypatch.setenv("PRESSWATCH_KEY", new)
    assert database.read(channels.get, SOLE_OWNER, database.keyring, ADDRESS).id == desk.id
    assert fingerprints(database) != before


def test_the_keys_lie_where_the_operator_says_and_not_where_the_database_does(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    with open_database(tmp_path / "data", keyring=Keyring(tmp_path / "keys")) as database:
        assert database.keyring.open(add(database).address) == ADDRESS
    assert (tmp_path / "keys" / FILE).exists()
    assert not (tmp_path / "data" / FILE).exists()


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


# -- keys of the environment and new keys --------------------------------------------------------------------------


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


def test_a_process_that_runs_meanwhile_uses_the_new_key_at_once(database: Database, tmp_path: Path) -> None:
    add(database)
    with open_database(tmp_path) as another:
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
