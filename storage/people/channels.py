"""Questions about channels: where alerts go. Their addresses are sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from storage.errors import InvalidInputError, NotFoundError
from storage.people.seals import seal, unsealed
from storage.tables import alerts, channels, subscriptions
from storage.types import AlertState, Channel, Reason

CONSOLE = "console"
"""The address that needs no sealing."""


def add(connection: Connection, name: str, address: str, now: datetime) -> Channel:
    """Save a channel whose address has been checked; it is stored sealed.

    Raises `InvalidInputError` for a taken name, `KeyUnusableError` where the key is lost.
    """
    if find(connection, name) is not None:
        raise InvalidInputError(f"there is already a channel {name!r}", mend="choose another name, or remove it first")
    stored = address if address == CONSOLE else seal(connection, address)
    connection.execute(insert(channels).values(name=name, address=stored, created_at=now, reason=Reason.OK))
    return get(connection, name)


def find(connection: Connection, name_or_address: str) -> Channel | None:
    """The channel of that name or with exactly that address, or None."""
    named = select(channels).where(channels.c.removed_at.is_(None), channels.c.name == name_or_address)
    if row := connection.execute(named).first():
        return channel_of(connection, row)
    return next((one for one in every(connection) if one.address == name_or_address), None)


def get(connection: Connection, name: str) -> Channel:
    """The channel of that name. Raises `NotFoundError`."""
    channel = find(connection, name)
    if channel is None:
        raise NotFoundError(f"there is no channel {name!r}", mend="see all of them with: channels list")
    return channel


_ADDRESSES = select(channels.c.id, channels.c.address).where(channels.c.id.in_(bindparam("ids", expanding=True)))


def addresses(connection: Connection, channel_ids: Collection[int]) -> dict[int, str]:
    """The addresses of these channels, removed or not; still sealed where no key opens them."""
    rows = connection.execute(_ADDRESSES, {"ids": list(channel_ids)})
    return {row.id: unsealed(connection, row.address) for row in rows}


def every(connection: Connection) -> tuple[Channel, ...]:
    """All channels that are not removed, the oldest first."""
    rows = connection.execute(select(channels).where(channels.c.removed_at.is_(None)).order_by(channels.c.id))
    return tuple(channel_of(connection, row) for row in rows)


def health(connection: Connection) -> dict[int, str]:
    """What the last delivery to each channel came to: `ok`, or why it failed."""
    return {row.id: row.reason for row in connection.execute(select(channels.c.id, channels.c.reason))}


def remove(connection: Connection, name: str, now: datetime) -> None:
    """End the channel and its subscriptions; alerts that wait for it will not be sent, its address is forgotten.

    Raises `NotFoundError`.
    """
    channel = get(connection, name)
    still_open = (subscriptions.c.channel_id == channel.id) & subscriptions.c.ended_at.is_(None)
    connection.execute(update(subscriptions).where(still_open).values(ended_at=now))
    connection.execute(update(channels).where(channels.c.id == channel.id).values(removed_at=now, address=""))
    waiting = (alerts.c.channel_id == channel.id) & alerts.c.sent_at.is_(None)
    connection.execute(
        update(alerts).where(waiting).values(state=AlertState.DEAD, last_error="the channel was removed")
    )


def channel_of(connection: Connection, row: Row[Any]) -> Channel:
    """The channel that a row holds; its address is still sealed where no key opens it."""
    return Channel(row.id, row.name, unsealed(connection, row.address), row.created_at)
