"""What a person can do with channels: save one, try it, seal all of them with a new key."""

from __future__ import annotations

import re

from notify.channels.kinds import check_channel_address
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import DeliveryError
from storage.people import channels
from storage.types import SOLE_OWNER, Channel


def add_channel(database: Database, name: str, address: str, policy: AddressPolicy) -> Channel:
    """Save a channel. Raises `InvalidInputError`, `AddressRefusedError` before anything is stored."""
    return database.write(
        channels.add, SOLE_OWNER, database.keyring, name, check_channel_address(address, policy), now()
    )


_MEND_OF_TESTS = "look whether the service is up, then test again; alerts are tried again for about two days"


def test_channel(database: Database, name: str) -> str:
    """Send a real message to the channel and return the other side's answer. Raises `DeliveryError`, with its mend."""
    import sys
    import uuid

    from notify.channels.kinds import opened, sender_for
    from notify.messages.compose import Message

    channel = database.read(channels.get, SOLE_OWNER, database.keyring, name)
    text = f"This is a test of the channel {channel.name}. Alerts about your topics will come here."
    message = Message("presswatch: a test", text, f"<p>{text}</p>", text, key="test", identity=uuid.uuid4().hex)
    try:
        address = opened(database.keyring, channel.address)
        return sender_for(address, sys.stdout).send(message, address)
    except DeliveryError as error:
        error.mend = error.mend or _MEND_OF_TESTS
        raise


def rotate_key(database: Database) -> int:
    """Seal every channel's address with a new key and forget the old ones; return how many. Raises `KeyUnusableError`.

    Killed at any point, the next call goes on: the new key stands beside the old ones until nothing needs these.
    """
    from storage.people import seals

    keyring = database.keyring
    kept = keyring.renewed()
    sealed = database.write(seals.seal_anew, keyring)
    keyring.keep(kept)
    return sealed


def free_name(database: Database, address: str) -> str:
    """A name for a channel that was given as an address: its service, and a number where that is taken."""
    service = re.sub(r"[^a-z0-9]", "", address.partition("://")[0].lower()) or "channel"
    taken = {channel.name for channel in database.read(channels.every, SOLE_OWNER)}
    names = (service, *(f"{service}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
