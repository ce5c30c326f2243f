"""Questions about the sealed addresses of channels: none stands in the database as it was entered."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from storage.errors import KeyUnusableError
from storage.people.keyring import SEALED, Keyring, is_sealed
from storage.tables import channels


def keyring_of(connection: Connection) -> Keyring:
    """The keys of the connection's database; `storage.database.engine` puts them there."""
    keyring = connection.get_execution_options()["keyring"]
    assert isinstance(keyring, Keyring)
    return keyring


def seal(connection: Connection, address: str) -> str:
    """The address as it is to be stored. The first one makes the key.

    Raises `KeyUnusableError` where addresses were sealed before with a key that is not there any more: a new one
    would be in the way of the old one when somebody puts that back.
    """
    keyring = keyring_of(connection)
    if not keyring.keys():
        if _sealed(connection):
            raise keyring.lost()
        keyring.make()
    return keyring.seal(address)


def unsealed(connection: Connection, stored: str) -> str:
    """The address that a row holds; still sealed where no key opens it, so that only its channel stops."""
    return keyring_of(connection).unsealed(stored)


def plain(connection: Connection) -> Sequence[int]:
    """The channels whose address has never been sealed: those of presswatch before it sealed them."""
    wanted = channels.c.address.not_like(f"{SEALED}%") & ~channels.c.address.in_(["console", ""])
    return connection.scalars(select(channels.c.id).where(wanted)).all()


def seal_plain(connection: Connection) -> int:
    """Seal what stands there as it was entered; return how many. Raises `KeyUnusableError`."""
    waiting = plain(connection)
    for channel_id in waiting:
        here = channels.c.id == channel_id
        address = connection.scalar(select(channels.c.address).where(here)) or ""
        connection.execute(update(channels).where(here).values(address=seal(connection, address)))
    return len(waiting)


def seal_anew(connection: Connection) -> int:
    """Seal every address with the newest key; return how many.

    Raises `KeyUnusableError` for an address that no key opens: it would be lost with the old keys.
    """
    keyring, rows = keyring_of(connection), _sealed(connection)
    for channel_id, name, stored in rows:
        address = keyring.unsealed(stored)
        if is_sealed(address):
            raise KeyUnusableError(
                f"no key opens the address of the channel {name}",
                mend=f"put the key that sealed it into {keyring.place}, or remove the channel",
            )
        connection.execute(update(channels).where(channels.c.id == channel_id).values(address=keyring.seal(address)))
    return len(rows)


def _sealed(connection: Connection) -> Sequence[tuple[int, str, str]]:
    sealed = channels.c.address.like(f"{SEALED}%")
    rows = connection.execute(select(channels.c.id, channels.c.name, channels.c.address).where(sealed))
    return [(row.id, row.name, row.address) for row in rows]
