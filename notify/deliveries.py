"""One delivery: which of a channel's alerts leave as the next message, and the way out of this process.

    alerts that are due -> choose (rhythm) -> take out of the service's buckets -> claim: a delivery row

All of it is one transaction, so that processes share alerts and limits.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from notify import limits, rhythm
from notify.links import Links
from notify.messages import Message, compose
from notify.rhythm import Due
from storage import alerts as outbox
from storage import buckets, deliveries, subscriptions
from storage.errors import DeliveryError
from storage.types import Alert, Mention

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What this process sends now as one message; nobody else does."""

    delivery_id: int
    token: str
    alerts: tuple[Alert, ...]
    digest: bool = False
    mentions: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return self.alerts[0].channel.address

    @property
    def attempts(self) -> int:
        """How often the most unfortunate of them has been tried."""
        return max(alert.attempts for alert in self.alerts)


@dataclass(frozen=True, slots=True)
class Spared:
    """Nothing may leave before `until`: the service's limit is reached."""

    until: datetime


def claim_next(
    connection: Connection, channel_id: int, token: str, now: datetime, lease: timedelta, *, alone: bool = False
) -> Claimed | Spared | None:
    """Claim what leaves next for a channel: None if nothing is due, `Spared` if its service has had enough."""
    waiting = outbox.due(connection, channel_id, now)
    if not waiting:
        return None
    capped = {one.subscription_id for one in waiting if one.rhythm.cap}
    sent = outbox.messages_since(connection, capped, now - rhythm.HOUR) if capped else {}
    due = [Due(one.alert_id, one.subscription_id, one.rhythm, one.batch) for one in waiting]
    choice = rhythm.choose(due, sent, now, alone=alone)
    outbox.hold(connection, channel_id, choice.holds, now)
    if not choice.alert_ids:
        return None
    if until := _take(connection, subscriptions.channel_by_id(connection, channel_id).address, now):
        outbox.spare(connection, channel_id, until)
        return Spared(until)
    delivery_id, claimed = deliveries.claim(connection, channel_id, choice.alert_ids, token, now, lease=lease)
    mentions = deliveries.untold(connection, channel_id, choice.alert_ids)
    return Claimed(delivery_id, token, rhythm.in_order(claimed), choice.digest, mentions, choice.notes)


def _take(connection: Connection, address: str, now: datetime) -> datetime | None:
    """Take a message out of the buckets of an address, or say from when on that can be done."""
    wanted = limits.buckets_of(address)
    if not wanted:
        return None
    levels = buckets.levels(connection, wanted)
    allowed = limits.allowed_at(wanted, levels, now)
    if allowed > now:
        return allowed
    buckets.set_levels(connection, limits.taken(wanted, levels, now))
    return None


def settle_limits(connection: Connection, address: str, now: datetime) -> None:
    """Note that the service at an address has just answered: it may have counted the message only now."""
    wanted = limits.buckets_of(address)
    if wanted:
        buckets.set_levels(connection, limits.arrived(wanted, buckets.levels(connection, wanted), now))


def composed(claimed: Claimed, links: Links) -> Message:
    """The message, or a `DeliveryError` for alerts that cannot be written out: they must not block their channel."""
    try:
        return compose(
            claimed.alerts, links=links, digest=claimed.digest, mentions=claimed.mentions, notes=claimed.notes
        )
    except Exception as error:
        raise DeliveryError(f"cannot be written out: {type(error).__name__}: {error}", permanent=True) from error


async def in_own_thread(function: Callable[[], R]) -> R:
    """Run the function in a new daemon thread: one that hangs keeps neither its neighbours nor the process's end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[R] = loop.create_future()

    def settle(set_outcome: Callable[[], None]) -> None:
        if not future.done():
            set_outcome()

    def run() -> None:
        try:
            outcome: Callable[[], None] = partial(future.set_result, function())
        except BaseException as error:
            outcome = partial(future.set_exception, error)
        try:
            loop.call_soon_threadsafe(settle, outcome)
        except RuntimeError:
            return  # the loop is closed: nobody waits for the answer any more

    threading.Thread(target=run, daemon=True, name="presswatch-delivery").start()
    return await future
