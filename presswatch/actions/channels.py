"""What a person can do with channels: see, save, try and remove them, name the operator's, change the key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TextIO

from sqlalchemy import Connection

from notify.channels import signatures
from notify.channels.kinds import check_channel_address, opened, sender_for, shown
from notify.delivery.threads import Threads
from notify.messages.notices import compose_test
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import DeliveryError, InvalidInputError, NotFoundError
from storage.operator import notices
from storage.outbox import activity
from storage.outbox.activity import Taken
from storage.people import channels, seals, subscriptions
from storage.people.keyring import Keyring
from storage.types import Channel, ChannelHealth

_MEND_OF_TESTS = "look whether the service is up, then test again; alerts are tried again for about two days"
DEADLINE = 180.0
"""Seconds that a service gets for a test, as it gets them for a delivery."""
_threads = Threads("presswatch-test")
SIGNED = re.compile(r"\s*jsons?://", re.IGNORECASE)
"""Addresses whose messages can be signed."""


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """A channel as it may be shown: its address without secrets, and what the last delivery or test came to."""

    name: str
    address: str
    health: str


async def listing(database: Database, owner: int) -> tuple[ListedChannel, ...]:
    """The owner's channels, the oldest first."""
    return await database.read_async(_listing, owner, database.keyring)


def _listing(connection: Connection, owner: int, keyring: Keyring) -> tuple[ListedChannel, ...]:
    health = channels.health(connection)
    return tuple(
        ListedChannel(channel.name, shown(keyring, channel.address), str(health[channel.id]))
        for channel in channels.every(connection, owner)
    )


async def show(database: Database, owner: int, name: str) -> ListedChannel:
    """The owner's channel of that name. Raises `NotFoundError`."""
    channel = await database.read_async(channels.get, owner, database.keyring, name)
    return next(each for each in await listing(database, owner) if each.name == channel.name)


async def add(database: Database, owner: int, name: str, address: str, policy: AddressPolicy) -> Channel:
    """Save a channel. Raises `InvalidInputError`, `AddressRefusedError` before anything is stored."""
    checked = await checked_address(address, policy)
    return await database.write_async(channels.add, owner, database.keyring, name, checked, now())


async def add_signed(
    database: Database, owner: int, name: str, address: str, policy: AddressPolicy
) -> tuple[Channel, str]:
    """Save a JSON web hook that is signed, with a new secret; return that too: it is never to be had again.

    Raises as `add` does, and `InvalidInputError` for another kind of channel.
    """
    if not SIGNED.match(address):
        raise InvalidInputError("only JSON web hooks are signed", mend="give an address that begins with jsons://")
    with_secret, secret = signatures.with_secret(address.strip())
    return await add(database, owner, name, with_secret, policy), secret


async def checked_address(address: str, policy: AddressPolicy) -> str:
    """A channel's address as it is stored. Raises `InvalidInputError`, `AddressRefusedError`."""
    return await asyncio.to_thread(check_channel_address, address, policy)  # the first time, Apprise is imported


async def test(database: Database, owner: int, name: str, console: TextIO, *, deadline: float = DEADLINE) -> str:
    """Send a real message to the channel and return the other side's answer; `console` is where that channel prints.

    What it came to is the channel's health from then on, and kept with its time. `deadline` is in seconds.

    Raises `NotFoundError`, and `DeliveryError` with its mend.
    """
    channel = await database.read_async(channels.get, owner, database.keyring, name)
    begun = monotonic()
    try:
        answer = await _tested(database, channel, console, deadline)
    except DeliveryError as error:
        await database.write_async(_keep_test, channel.id, str(error), str(error), monotonic() - begun)
        error.mend = error.mend or _mend_of(error)
        raise
    await database.write_async(_keep_test, channel.id, None, answer, monotonic() - begun)
    return answer


def _keep_test(connection: Connection, channel_id: int, failure: str | None, answer: str, took: float) -> None:
    channels.tried(connection, channel_id, failure)
    channels.tested(connection, channel_id, now(), took, answer)


async def _tested(database: Database, channel: Channel, console: TextIO, deadline: float) -> str:
    address = opened(database.keyring, channel.address)
    work = partial(sender_for(address, console).send, compose_test(channel.name), address)
    try:
        async with asyncio.timeout(deadline):
            return await _threads.run(work)
    except TimeoutError:
        raise DeliveryError(f"did not finish within {deadline:.0f} seconds") from None


def _mend_of(error: DeliveryError) -> str:
    if error.retry_after is None:
        return _MEND_OF_TESTS
    return f"test again in {error.retry_after:.0f} seconds; alerts wait that long by themselves"


@dataclass(frozen=True, slots=True)
class ChannelInUse:
    """A channel with all that can be told of it: what was last answered, by whom it is used, what waits for it."""

    channel: Channel
    address: str
    """As it may be shown."""
    health: ChannelHealth
    taken: Taken | None
    """What it took in the last 30 days, and when the last one ever."""
    test: channels.LastTest | None
    subscriptions: int
    waiting: int

    @property
    def last_is_test(self) -> bool:
        return self.test is not None and (self.taken is None or self.test.at > self.taken.at)


async def in_use(database: Database, owner: int) -> tuple[ChannelInUse, ...]:
    """The owner's channels, the oldest first."""
    return await database.read_async(_in_use, owner, database.keyring)


def _in_use(connection: Connection, owner: int, keyring: Keyring) -> tuple[ChannelInUse, ...]:
    health, tests = channels.health(connection), channels.tests(connection, owner)
    taken = activity.taken(connection, owner, now() - timedelta(days=30))
    told, waiting = subscriptions.every(connection, owner), subscriptions.waiting(connection)
    return tuple(
        ChannelInUse(
            channel,
            shown(keyring, channel.address),
            health[channel.id],
            taken.get(channel.id),
            tests.get(channel.id),
            sum(each.channel_id == channel.id for each in told),
            sum(waiting[each.id][0] for each in told if each.channel_id == channel.id and each.id in waiting),
        )
        for channel in channels.every(connection, owner)
    )


async def numbered(database: Database, owner: int, number: int) -> Channel:
    """The owner's channel of that number. Raises `NotFoundError`."""
    found = next((each for each in await database.read_async(channels.every, owner) if each.id == number), None)
    if found is None:
        raise NotFoundError("there is no such channel", mend="see all of them with: presswatch channels list")
    return found


async def readdress(database: Database, owner: int, name: str, address: str, policy: AddressPolicy) -> None:
    """Give a channel another address: what waits for it goes there. Raises `NotFoundError`, and as `add` does."""
    channel = await database.read_async(channels.get, owner, database.keyring, name)
    if channel.address == channels.CONSOLE:
        raise InvalidInputError("the console has no address", mend="make a channel of its own")
    checked = await checked_address(address, policy)
    await database.write_async(channels.readdress, owner, database.keyring, channel, checked)


async def remove(database: Database, owner: int, name: str) -> None:
    """End a channel and its subscriptions; alerts that wait for it are not sent. Raises `NotFoundError`."""
    await database.write_async(channels.remove, owner, database.keyring, name, now())


async def operator(database: Database, owner: int) -> Channel | None:
    """The owner's channel through which the operator is told of what fails, or None."""
    channel = await database.read_async(notices.operator)
    return channel if channel is not None and channel.owner_id == owner else None


async def set_operator(database: Database, owner: int, name: str | None) -> None:
    """Tell the operator through this channel of what fails from now on; None: through none.

    There is one for all of presswatch. Raises `NotFoundError`, `InvalidInputError` while it is another owner's.
    """
    await database.write_async(_set_operator, owner, database.keyring, name)


def _set_operator(connection: Connection, owner: int, keyring: Keyring, name: str | None) -> None:
    channel = channels.get(connection, owner, keyring, name) if name else None
    current = notices.operator(connection)
    if current is not None and current.owner_id != owner:
        mend = "whoever owns it ends that with: presswatch channels operator --off"
        raise InvalidInputError("the operator is told through somebody else's channel", mend=mend)
    notices.set_operator(connection, channel, now())


async def rotate_key(database: Database) -> int:
    """Seal every channel's address with a new key and forget the old ones; return how many. Raises `KeyUnusableError`.

    The key is presswatch's, not an owner's, and no address is shown. Killed at any point, the next call goes on: the
    new key stands beside the old ones until nothing needs these.
    """
    kept = await asyncio.to_thread(database.keyring.renewed)
    sealed = await database.write_async(seals.seal_anew, database.keyring)
    await asyncio.to_thread(database.keyring.keep, kept)
    return sealed


def free_name(address: str, taken: Collection[str]) -> str:
    """A name for a channel that was given as an address: its service, and a number where that is taken. Pure."""
    service = re.sub(r"[^a-z0-9]", "", address.partition("://")[0].lower()) or "channel"
    names = (service, *(f"{service}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
