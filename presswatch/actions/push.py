"""A browser becomes a channel (Web Push), which it then tells of alerts, also while no page of ours is open in it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import Connection

from notify.channels.push_address import Browser, address_of, key_from, public_text
from presswatch.actions.channels import checked_address, free_name
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import InvalidInputError
from storage.people import channels, seals
from storage.people.keyring import Keyring
from storage.types import Channel

PURPOSE = "web push"
_NAME = "browser"


async def key(database: Database) -> str:
    """The public key that a browser is asked with; the database's first key is made for it.

    Raises `KeyUnusableError`.
    """
    await database.write_async(seals.make_key, database.keyring)
    return public_text(key_from(database.keyring.derived(PURPOSE)[0]))


async def add(
    database: Database, owner: int, browser: Browser, asked_with: str, policy: AddressPolicy, pages: str
) -> Channel:
    """Save a browser that was asked with this public key; one that is a channel already is that.

    `pages` is their address, from which the browser's service learns whom to write to.
    Raises `InvalidInputError`, `AddressRefusedError` before anything is stored.
    """
    ours = (key_from(secret) for secret in database.keyring.derived(PURPOSE))
    private = next((each for each in ours if public_text(each) == asked_with), None)
    if private is None:
        raise InvalidInputError("the browser was asked with another key", mend="ask it once more")
    address = await checked_address(address_of(browser, private, sender_at(pages)), policy)
    return await database.write_async(_add, owner, database.keyring, address)


def _add(connection: Connection, owner: int, keyring: Keyring, address: str) -> Channel:
    known = channels.find(connection, owner, keyring, address)
    if known is not None:
        return known
    name = free_name(f"{_NAME}://", {each.name for each in channels.every(connection, owner)})
    return channels.add(connection, owner, keyring, name, address, now())


def sender_at(pages: str) -> str:
    """A mail address at the host of the pages; at none that there is, where that has no name (RFC 2606, 2). Pure."""
    host = urlsplit(pages).hostname or ""
    try:
        ip_address(host)
        host = ""
    except ValueError:
        pass
    return f"presswatch@{host if '.' in host else 'presswatch.invalid'}"
