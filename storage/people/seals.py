"""Questions about the sealed addresses of channels: none stands in the database as it was entered.

Beside each stands a fingerprint of it, by which a channel is found from its address without opening any. It is made
with the key, of the owner and the address: nothing can be tried on it by who has the database alone, and two owners'
channels with the same address do not look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from storage.errors import KeyUnusableError
from storage.people.keyring import SEALED, Keyring
from storage.tables import channels
from storage.types import SealedAddress

_SEALED = channels.c.address.like(f"{SEALED}%")
_UNMARKED = _SEALED & channels.c.fingerprint.is_(None)


def seal(connection: Connection, keyring: Keyring, address: str) -> SealedAddress:
    """The address as it is to be stored. The first one makes the key.

    Raises `KeyUnusableError` where addresses were sealed before with a key that is not there any more: a new one
    would be in the way of the old one when somebody puts that back.
    """
    make_key(connection, keyring)
    return keyring.seal(address)


def make_key(connection: Connection, keyring: Keyring) -> None:
    """Make the first key, where there is none. Raises `KeyUnusableError` as `seal` does."""
    if not keyring.keys():
        if _those(connection, _SEALED):
            raise keyring.lost()
        keyring.make()


def fingerprints(keyring: Keyring, owner: int, address: str) -> tuple[str, ...]:
    """What stands beside an owner's sealed address: by the newest key, and what may stand there by the older ones."""
    return keyring.fingerprints(f"{owner} {address}")


def plain(connection: Connection) -> Sequence[int]:
    """The channels whose address has never been sealed: those of presswatch before it sealed them."""
    wanted = channels.c.address.not_like(f"{SEALED}%") & ~channels.c.address.in_(["console", ""])
    return connection.scalars(select(channels.c.id).where(wanted)).all()


def are_missing(connection: Connection) -> bool:
    """Whether an address stands there as it was entered, or a sealed one without its fingerprint."""
    return bool(plain(connection) or _those(connection, _UNMARKED))


def unopened(connection: Connection, keyring: Keyring) -> tuple[str, ...]:
    """The names of the channels that are not removed and whose address no key opens."""
    return tuple(
        row.name
        for row in _those(connection, _SEALED & channels.c.removed_at.is_(None))
        if not _opens(keyring, row.address)
    )


def are_anothers(connection: Connection, keyring: Keyring) -> bool:
    """Whether there are keys, and none of them opens any address of a channel that is not removed."""
    try:
        has_keys = bool(keyring.keys())
    except KeyUnusableError:
        return False
    sealed = _those(connection, _SEALED & channels.c.removed_at.is_(None)) if has_keys else ()
    return bool(sealed) and not any(_opens(keyring, row.address) for row in sealed)


def _opens(keyring: Keyring, address: SealedAddress) -> bool:
    try:
        return bool(keyring.open(address))
    except KeyUnusableError:
        return False


def seal_plain(connection: Connection, keyring: Keyring) -> int:
    """Seal what stands there as it was entered; return how many. Raises `KeyUnusableError`."""
    waiting = plain(connection)
    for row in _those(connection, channels.c.id.in_(waiting)):
        _write(connection, keyring, row, row.address, seal(connection, keyring, row.address))
    return len(waiting)


def add_fingerprints(connection: Connection, keyring: Keyring) -> None:
    """Write the fingerprints that are missing, as far as a key opens their addresses."""
    for row in _those(connection, _UNMARKED):
        with suppress(KeyUnusableError):
            _write(connection, keyring, row, keyring.open(row.address), row.address)


def seal_anew(connection: Connection, keyring: Keyring) -> int:
    """Seal every address with the newest key; return how many.

    Raises `KeyUnusableError` for an address that no key opens: it would be lost with the old keys.
    """
    rows = _those(connection, _SEALED)
    for row in rows:
        try:
            address = keyring.open(row.address)
        except KeyUnusableError as error:
            raise KeyUnusableError(
                f"no key opens the address of the channel {row.name}",
                mend=f"put the key that sealed it into {keyring.place}, or remove the channel",
            ) from error
        _write(connection, keyring, row, address, keyring.seal(address))
    return len(rows)


def _write(connection: Connection, keyring: Keyring, row: Any, address: str, stored: SealedAddress) -> None:
    newest = fingerprints(keyring, row.owner_id, address)[0]
    here = update(channels).where(channels.c.id == row.id)
    connection.execute(here.values(address=stored, fingerprint=newest))


def _those(connection: Connection, which: ColumnElement[bool]) -> Sequence[Any]:
    columns = channels.c.id, channels.c.owner_id, channels.c.name, channels.c.address
    return connection.execute(select(*columns).where(which)).all()
