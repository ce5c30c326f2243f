"""Which alerts of channels leave as the next messages, and what came of them.

    alerts that are due -> choose (rhythm) -> take out of the services' buckets -> claim: a delivery row each

All of it is one transaction for many channels, so that processes share alerts and limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from notify import rhythm
from notify.channels import rate_limits
from notify.channels.kinds import buckets_of
from notify.channels.rate_limits import Limit
from notify.messages.compose import Message, compose
from notify.messages.links import Links
from notify.rhythm import Choice, Due
from storage.errors import KeyUnusableError
from storage.outbox import deliveries, due, mentions
from storage.outbox.deliveries import Delivered, NotDelivered
from storage.outbox.rate_limits import levels as levels_of
from storage.outbox.rate_limits import set_levels
from storage.people import channels
from storage.people.keyring import Keyring
from storage.types import Alert, Mention, SealedAddress


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """What this process sends now as one message; nobody else does."""

    delivery_id: int
    token: str
    alerts: tuple[Alert, ...]
    digest: bool = False
    mentions: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def address(self) -> SealedAddress:
        return self.alerts[0].channel.address

    @property
    def attempts(self) -> int:
        """How often the most unfortunate of them has been tried."""
        return max(alert.attempts for alert in self.alerts)

    def message(self, links: Links) -> Message:
        """What is sent."""
        return compose(self.alerts, links=links, digest=self.digest, mentions=self.mentions, notes=self.notes)


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

    None where nothing is due, `RateLimited` where the channel's service has had enough.
    """
    choices = _chosen(connection, turns, now)
    addresses = channels.addresses(connection, [turn.channel_id for turn in choices])
    buckets = {turn: _buckets(keyring, addresses[turn.channel_id]) for turn in choices}
    spared = _take(connection, buckets, now)
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
            results[turn] = ClaimedMessage(delivery_id, turn.token, alerts, choice.digest, mine, choice.notes)
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
    waiting = due.waiting(connection, [turn.channel_id for turn in turns], now)
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


def _buckets(keyring: Keyring, address: SealedAddress) -> Mapping[str, Limit]:
    """The buckets of an address; none where no key opens it: then nothing is sent."""
    try:
        return buckets_of(keyring.open(address))
    except KeyUnusableError:
        return {}


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


def settle(connection: Connection, keyring: Keyring, finished: Sequence[Delivered | NotDelivered]) -> None:
    """Mark what came of deliveries, and note that the services have just answered."""
    deliveries.delivered(connection, [one for one in finished if isinstance(one, Delivered)])
    deliveries.not_delivered(connection, [one for one in finished if isinstance(one, NotDelivered)])
    wanted = [(_buckets(keyring, one.alerts[0].channel.address), one.at) for one in finished]
    names = {name for named, _ in wanted for name in named}
    if not names:
        return
    levels = levels_of(connection, names)
    for named, at in wanted:  # a service may have counted its message only now
        levels |= rate_limits.arrived(named, levels, at)
    set_levels(connection, levels)
