"""Questions about channels: where alerts go. Their addresses are sealed.

What a person does is done as an owner, who sees and changes nobody else's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, false, insert, select, true, update

from storage.errors import InvalidInputError, NotFoundError, did_you_mean
from storage.people import seals
from storage.people.keyring import Keyring
from storage.tables import alerts, channels, subscriptions
from storage.types import AlertState, Channel, ChannelHealth, ChannelReason, SealedAddress

CONSOLE = "console"
"""The address that needs no sealing."""


def add(connection: Connection, owner: int, keyring: Keyring, name: str, address: str, now: datetime) -> Channel:
    """Save an owner's channel whose address has been checked; it is stored sealed.

    Raises `InvalidInputError` for a taken name, `KeyUnusableError` where the key is lost.
    """
    if find(connection, owner, keyring, name) is not None:
        raise InvalidInputError(f"there is already a channel {name!r}", mend="choose another name, or remove it first")
    if address == CONSOLE:
        stored = {"address": CONSOLE}
    else:
        sealed = seals.seal(connection, keyring, address)
        stored = {"address": sealed, "fingerprint": seals.fingerprints(keyring, owner, address)[0]}
    connection.execute(insert(channels).values(owner_id=owner, name=name, created_at=now, **UNUSED, **stored))
    return get(connection, owner, keyring, name)


def find(connection: Connection, owner: int, keyring: Keyring, name_or_address: str) -> Channel | None:
    """The owner's channel of that name or with exactly that address, or None.

    Raises `KeyUnusableError` for an address while the keys cannot be read.
    """
    return _first(connection, owner, channels.c.name == name_or_address) or (
        _first(connection, owner, _at(owner, keyring, name_or_address))
    )


def _at(owner: int, keyring: Keyring, address: str) -> ColumnElement[bool]:
    """The channels with exactly that address. None is opened for it."""
    if address == CONSOLE:
        return channels.c.address == CONSOLE
    if "://" not in address:
        return false()
    return channels.c.fingerprint.in_(seals.fingerprints(keyring, owner, address))


def _first(connection: Connection, owner: int, which: ColumnElement[bool]) -> Channel | None:
    return next(iter(_those(connection, which & (channels.c.owner_id == owner))), None)


def get(connection: Connection, owner: int, keyring: Keyring, name_or_address: str) -> Channel:
    """The owner's channel of that name or with exactly that address. Raises `NotFoundError`, and as `find` does."""
    channel = find(connection, owner, keyring, name_or_address)
    if channel is None:
        near = did_you_mean(name_or_address, (each.name for each in every(connection, owner)))
        mend = f"{near}see all of them with: presswatch channels list"
        raise NotFoundError(f"there is no channel {name_or_address!r}", mend=mend)
    return channel


_ADDRESSES = select(channels.c.id, channels.c.address).where(channels.c.id.in_(bindparam("ids", expanding=True)))


def addresses(connection: Connection, channel_ids: Collection[int]) -> dict[int, SealedAddress]:
    """The addresses of these channels, removed or not."""
    return {row.id: row.address for row in connection.execute(_ADDRESSES, {"ids": list(channel_ids)})}


def every(connection: Connection, owner: int) -> tuple[Channel, ...]:
    """The owner's channels that are not removed, the oldest first."""
    return _those(connection, channels.c.owner_id == owner)


def in_force(connection: Connection) -> tuple[Channel, ...]:
    """The channels of all owners that are not removed, the oldest first."""
    return _those(connection, true())


def _those(connection: Connection, which: ColumnElement[bool]) -> tuple[Channel, ...]:
    rows = connection.execute(select(channels).where(channels.c.removed_at.is_(None), which).order_by(channels.c.id))
    return tuple(map(channel_of, rows))


def health(connection: Connection) -> dict[int, ChannelHealth]:
    """What the last delivery to each channel came to."""
    rows = connection.execute(select(channels.c.id, channels.c.reason, channels.c.detail))
    return {row.id: ChannelHealth(ChannelReason(row.reason), row.detail or "") for row in rows}


UNUSED = {"reason": ChannelReason.UNUSED, "detail": "never used"}
"""The columns of a channel that nothing has been sent to."""

WELL = {"reason": ChannelReason.OK, "detail": None}
"""The columns of a channel whose last delivery was taken."""


def unwell(why: str) -> dict[str, str]:
    """The columns of a channel whose last delivery failed."""
    return {"reason": ChannelReason.UNDELIVERABLE, "detail": why}


def tried(connection: Connection, channel_id: int, failure: str | None) -> None:
    """Keep what a test of the channel came to: None is that it was taken."""
    columns = unwell(failure) if failure else WELL
    connection.execute(update(channels).where(channels.c.id == channel_id).values(**columns))


def tested(connection: Connection, channel_id: int, at: datetime, took: float, answer: str) -> None:
    """Keep what the other side answered to a test, and after how many seconds."""
    columns = {"tested_at": at, "test_took": took, "test_answer": answer}
    connection.execute(update(channels).where(channels.c.id == channel_id).values(**columns))


@dataclass(frozen=True, slots=True)
class LastTest:
    """The last test of a channel: when, after how many seconds it was answered, and what."""

    at: datetime
    took: float
    answer: str


def tests(connection: Connection, owner: int) -> dict[int, LastTest]:
    """The last tests of the owner's channels."""
    wanted = (channels.c.owner_id == owner) & channels.c.tested_at.is_not(None)
    rows = connection.execute(select(channels).where(wanted))
    return {row.id: LastTest(row.tested_at, row.test_took or 0.0, row.test_answer or "") for row in rows}


def readdress(connection: Connection, owner: int, keyring: Keyring, channel: Channel, address: str) -> None:
    """Give a channel another address that has been checked; what waits for it goes there.

    Raises `InvalidInputError` where the owner has a channel with it already, `KeyUnusableError` where the key is lost.
    """
    known = _first(connection, owner, _at(owner, keyring, address))
    if known is not None and known.id != channel.id:
        raise InvalidInputError(f"this is the address of {known.name}", mend="give another one")
    sealed = seals.seal(connection, keyring, address)
    stored = {"address": sealed, "fingerprint": seals.fingerprints(keyring, owner, address)[0]}
    known_again = {"failures": None, "not_before": None}
    connection.execute(update(channels).where(channels.c.id == channel.id).values(**stored, **UNUSED, **known_again))


def remove(connection: Connection, owner: int, keyring: Keyring, name_or_address: str, now: datetime) -> None:
    """End the owner's channel and its subscriptions; what waits for it will not be sent, its address is forgotten.

    Raises as `get` does.
    """
    channel = get(connection, owner, keyring, name_or_address)
    still_open = (subscriptions.c.channel_id == channel.id) & subscriptions.c.ended_at.is_(None)
    connection.execute(update(subscriptions).where(still_open).values(ended_at=now))
    connection.execute(
        update(channels).where(channels.c.id == channel.id).values(removed_at=now, address="", fingerprint=None)
    )
    waiting = (alerts.c.channel_id == channel.id) & alerts.c.sent_at.is_(None)
    connection.execute(
        update(alerts).where(waiting).values(state=AlertState.DEAD, last_error="the channel was removed")
    )


def channel_of(row: Row[Any]) -> Channel:
    """The channel that a row holds."""
    return Channel(row.id, row.owner_id, row.name, row.address, row.created_at)
