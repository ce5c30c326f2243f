"""A channel is found by its address, and its address stays sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from presswatch.actions.channels import rotate_key
from presswatch.loop import run
from storage.database import Database
from storage.opening import open_database
from storage.people import channels
from storage.people.keyring import FILE, Keyring
from storage.types import SOLE_OWNER, SealedAddress
from tests.storage.examples import NOW
from tests.storage.people.sealed import ADDRESS, SECRETS, add, fingerprints


class Counting(Keyring):
    """Counts what it opens."""

    opened = 0

    def open(self, address: SealedAddress) -> str:
        self.opened += 1
        return super().open(address)


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
