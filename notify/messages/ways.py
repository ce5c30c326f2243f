"""What the reader of a message can do: end a subscription, or change it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notify.messages.commands import Commands
from notify.messages.links import Links
from notify.messages.snippets import isolated, plain
from storage.types import Alert


@dataclass(frozen=True, slots=True)
class Way:
    """What the reader of a message can do, and where: at an address, or with a command."""

    does: str
    place: str


def signed_ways(alerts: Sequence[Alert], links: Links | None) -> tuple[Way, ...]:
    """Where each subscription is ended and changed; none where nothing can be signed."""
    if links is None:
        return ()
    topics = {alert.subscription_id: isolated(plain(alert.topic.name)) for alert in alerts}
    owner = alerts[0].channel.owner_id
    ways = [
        Way(f"Unsubscribe from {topic}, or change it", links.subscriptions(owner, [number]))
        for number, topic in topics.items()
    ]
    return tuple(way for way in ways if way.place)


def typed_ways(alerts: Sequence[Alert], commands: Commands) -> tuple[Way, ...]:
    """How each subscription is ended, and how the first one is changed."""
    by_subscription = {alert.subscription_id: alert for alert in alerts}
    ends = [
        Way(
            f"End {isolated(plain(alert.topic.name))}",
            commands.unsubscribe(plain(alert.topic.name), plain(alert.channel.name)),
        )
        for alert in by_subscription.values()
    ]
    first = alerts[0]
    change = commands.change(plain(first.topic.name), plain(first.channel.name), first.rhythm)
    return (*ends, Way("Change", change))
