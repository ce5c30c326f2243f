"""Which alerts of channels leave as the next messages, and what came of them.

    alerts that are due -> choose (rhythm) -> take out of the services' buckets -> claim: a delivery row each

All of it is one transaction for many channels, so that processes share alerts and limits. It locks the channels, so
that of several processes one chooses what a channel is sent next, and the buckets of their services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from notify import rhythm
from notify.channels import rate_limits
from notify.channels.kinds import buckets_of, opened
from notify.channels.rate_limits import Limit
from notify.messages.compose import compose
from notify.messages.links import Links
from notify.messages.message import Message
from notify.rhythm import Choice, Due
from storage.errors import DeliveryError
from storage.outbox import deliveries, due, mentions
from storage.outbox.deliveries import Delivered, NotDelivered
from storage.outbox.rate_limits import levels as levels_of
from storage.outbox.rate_limits import set_levels
from storage.people import channels
from storage.people.keyring import Keyring
from storage.types import Alert, Mention, SealedAddress


@dataclass(frozen=True, slots=True)
class OpenedChannel:
    """A channel's address, opened once for a message."""

    address: str = field(default="", repr=False)
    """Empty where no key opens it."""
    buckets: Mapping[str, Limit] = field(default_factory=dict)
    """The limits of its service; none where nothing is sent."""
    refusal: DeliveryError | None = None
    """Why it was not opened."""


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """What this process sends now as one message; nobody else does."""

    delivery_id: int
    token: str
    alerts: tuple[Alert, ...]
    channel: OpenedChannel
    digest: bool = False
    mentions: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def attempts(self) -> int:
        """How often the most unfortunate of them has been tried."""
        return max(alert.attempts for alert in self.alerts)

    def message(self, command: str, links: Links | None = None) -> Message:
        """What is sent; `command` and `links` as `compose` has them."""
        return compose(
            self.alerts,
            command=command,
            links=links,
            digest=self.digest,
            mentions=self.mentions,
            notes=self.notes,
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a delivery, and the limits that it counts for."""

    outcome: Delivered | NotDelivered
    buckets: Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Nothing may leave before `until`: the service's limit is reached."""

    until: datetime


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """A channel whose next message can leave now, under the lease of this token."""

    channel_id: int
    token: str
    alone: bool = False
    """One alert leaves, so that of those that were refused together only the bad one is lost."""


def claim_next(
    connection: Connection, keyring: Keyring, turns: Sequence[ClaimRequest], now: datetime, lease: timedelta
) -> list[ClaimedMessage | RateLimited | None]:
    """Claim what leaves next for each of these channels, which all are different ones; return that in their order.

    For `Database.claim`. None where nothing is due or somebody else is choosing just now, `RateLimited` where the
    channel's service has had enough.
    """
    free = due.locked(connection, [turn.channel_id for turn in turns])
    choices = _chosen(connection, [turn for turn in turns if turn.channel_id in free], now)
    addresses = channels.addresses(connection, [turn.channel_id for turn in choices])
    opened_channels = {turn: _opened(keyring, addresses[turn.channel_id]) for turn in choices}
    spared = _take(connection, {turn: channel.buckets for turn, channel in opened_channels.items()}, now)
    for turn, until in spared.items():
        due.pause_channel(connection, turn.channel_id, until)
    wanted = {turn.token: choice.alert_ids for turn, choice in choices.items() if turn not in spared}
    claimed = deliveries.claim(connection, wanted, now, lease=lease)
    told = _mentions(connection, [alert for _, alerts in claimed.values() for alert in alerts], now)
    results: dict[ClaimRequest, ClaimedMessage | RateLimited] = {
        turn: RateLimited(until) for turn, until in spared.items()
    }
    for turn, choice in choices.items():
        if turn.token in claimed:
            delivery_id, alerts = claimed[turn.token]
            mine = tuple(told.get(turn.channel_id, ()))
            alerts = rhythm.in_order(alerts)
            results[turn] = ClaimedMessage(
                delivery_id, turn.token, alerts, opened_channels[turn], choice.digest, mine, choice.notes
            )
    return [results.get(turn) for turn in turns]


def _mentions(connection: Connection, carried: Sequence[Alert], now: datetime) -> dict[int, list[Mention]]:
    """Where else the statements of messages stand, by channel: in other languages, at other bodies."""
    if not carried:
        return {}
    mentions.note_stories(connection, carried, now)
    told = mentions.untold(connection, carried)
    elsewhere = mentions.seen_elsewhere(connection, carried)
    for alert in carried:
        told.setdefault(alert.channel.id, []).extend(elsewhere[alert.id])
    return told


def _chosen(connection: Connection, turns: Sequence[ClaimRequest], now: datetime) -> dict[ClaimRequest, Choice]:
    """What leaves for those channels that have something; what is to wait on is held."""
    waiting = due.waiting(connection, [turn.channel_id for turn in turns], now, rhythm.LOOKED_AT)
    capped = {one.subscription_id for mine in waiting.values() for one in mine if one.rhythm.cap}
    sent = due.messages_since(connection, capped, now - rhythm.HOUR) if capped else {}
    choices = {}
    for turn in turns:
        mine = waiting.get(turn.channel_id, ())
        candidates = [Due(one.alert_id, one.subscription_id, one.rhythm, one.batch) for one in mine]
        choice = rhythm.choose(candidates, sent, now, alone=turn.alone)
        due.hold(connection, turn.channel_id, choice.holds, now)
        if choice.alert_ids:
            choices[turn] = choice
    return choices


def _opened(keyring: Keyring, sealed: SealedAddress) -> OpenedChannel:
    try:
        address = opened(keyring, sealed)
    except DeliveryError as error:
        return OpenedChannel(refusal=error)
    return OpenedChannel(address, buckets_of(address))


def _take(
    connection: Connection, wanted: Mapping[ClaimRequest, Mapping[str, Limit]], now: datetime
) -> dict[ClaimRequest, datetime]:
    """Take a message for each turn out of its buckets; return those that have had enough, and until when."""
    names = {name for named in wanted.values() for name in named}
    if not names:
        return {}
    levels = levels_of(connection, names)
    taken: dict[str, datetime] = {}
    spared = {}
    for turn, named in wanted.items():
        allowed = rate_limits.allowed_at(named, levels | taken, now)
        if allowed > now:
            spared[turn] = allowed
        else:
            taken |= rate_limits.taken(named, levels | taken, now)
    set_levels(connection, taken)
    return spared


def settle(connection: Connection, finished: Sequence[Finished]) -> None:
    """Mark what came of deliveries, and note that the services have just answered."""
    outcomes = [one.outcome for one in finished]
    deliveries.delivered(connection, [one for one in outcomes if isinstance(one, Delivered)])
    deliveries.not_delivered(connection, [one for one in outcomes if isinstance(one, NotDelivered)])
    names = {name for one in finished for name in one.buckets}
    if not names:
        return
    levels = levels_of(connection, names)
    for one in finished:  # a service may have counted its message only now
        levels |= rate_limits.arrived(one.buckets, levels, one.outcome.at)
    set_levels(connection, levels)
