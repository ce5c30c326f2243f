"""Helpers of the keys' tests: channels with secrets in their addresses, and what can be read of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.errors import KeyUnusableError
from storage.people import channels
from storage.people.keyring import FILE
from storage.types import SOLE_OWNER, Channel
from tests.storage.examples import NOW

SECRETS = [f"c4n4ry{number:02}-T0k3n-{'abcdefghijklmnopqrst'[number]}0123456789" for number in range(20)]
"""What must never be read anywhere."""
ADDRESS = f"json://user:{SECRETS[0]}@hooks.example/{SECRETS[1]}?+X-Key={SECRETS[2]}"


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


def fingerprints(database: Database) -> list[str | None]:
    rows = database.read(lambda connection: connection.execute(text("SELECT fingerprint FROM channels")).all())
    return [row.fingerprint for row in rows]
