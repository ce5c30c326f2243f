"""Questions about channels: where alerts go. Their addresses are sealed.

What a person does is done as an owner, who sees and changes nobody else's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, true, update

from storage.errors import InvalidInputError, NotFoundError
from storage.people.seals import seal, unsealed
from storage.tables import alerts, channels, subscriptions
from storage.types import AlertState, Channel, Reason

CONSOLE = "console"
"""The address that needs no sealing."""


def add(connection: Connection, owner: int, name: str, address: str, now: datetime) -> Channel:
    """Save an owner's channel whose address has been checked; it is stored sealed.

    Raises `InvalidInputError` for a taken name, `KeyUnusableError` where the key is lost.
    """
    if find(connection, owner, name) is not None:
        raise InvalidInputError(f"there is already a channel {name!r}", mend="choose another name, or remove it first")
    stored = address if address == CONSOLE else seal(connection, address)
    connection.execute(
        insert(channels).values(owner_id=owner, name=name, address=stored, created_at=now, reason=Reason.OK)
    )
    return get(connection, owner, name)


def find(connection: Connection, owner: int, name_or_address: str) -> Channel | None:
    """The owner's channel of that name or with exactly that address, or None."""
    mine = channels.c.owner_id == owner
    for one in _those(connection, mine & (channels.c.name == name_or_address)):
        return one
    return next((one for one in _those(connection, mine) if one.address == name_or_address), None)


def get(connection: Connection, owner: int, name: str) -> Channel:
    """The owner's channel of that name. Raises `NotFoundError`."""
    channel = find(connection, owner, name)
    if channel is None:
        raise NotFoundError(f"there is no channel {name!r}", mend="see all of them with: channels list")
    return channel


_ADDRESSES = select(channels.c.id, channels.c.address).where(channels.c.id.in_(bindparam("ids", expanding=True)))


def addresses(connection: Connection, channel_ids: Collection[int]) -> dict[int, str]:
    """The addresses of these channels, removed or not; still sealed where no key opens them."""
    rows = connection.execute(_ADDRESSES, {"ids": list(channel_ids)})
    return {row.id: unsealed(connection, row.address) for row in rows}


def every(connection: Connection, owner: int) -> tuple[Channel, ...]:
    """The owner's channels that are not removed, the oldest first."""
    return _those(connection, channels.c.owner_id == owner)


def in_force(connection: Connection) -> tuple[Channel, ...]:
    """The channels of all owners that are not removed, the oldest first."""
    return _those(connection, true())


def _those(connection: Connection, which: ColumnElement[bool]) -> tuple[Channel, ...]:
    rows = connection.execute(select(channels).where(channels.c.removed_at.is_(None), which).order_by(channels.c.id))
    return tuple(channel_of(connection, row) for row in rows)


def health(connection: Connection) -> dict[int, str]:
    """What the last delivery to each channel came to: `ok`, or why it failed."""
    return {row.id: row.reason for row in connection.execute(select(channels.c.id, channels.c.reason))}


def remove(connection: Connection, owner: int, name: str, now: datetime) -> None:
    """End the owner's channel and its subscriptions; what waits for it will not be sent, its address is forgotten.

    Raises `NotFoundError`.
    """
    channel = get(connection, owner, name)
    still_open = (subscriptions.c.channel_id == channel.id) & subscriptions.c.ended_at.is_(None)
    connection.execute(update(subscriptions).where(still_open).values(ended_at=now))
    connection.execute(update(channels).where(channels.c.id == channel.id).values(removed_at=now, address=""))
    waiting = (alerts.c.channel_id == channel.id) & alerts.c.sent_at.is_(None)
    connection.execute(
        update(alerts).where(waiting).values(state=AlertState.DEAD, last_error="the channel was removed")
    )


def channel_of(connection: Connection, row: Row[Any]) -> Channel:
    """The channel that a row holds; its address is still sealed where no key opens it."""
    return Channel(row.id, row.owner_id, row.name, unsealed(connection, row.address), row.created_at)
