"""That a channel takes no messages is told once when it begins and once when it ends.

What it refuses for good, one message after the other, is told in one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from storage.errors import DeliveryError
from storage.events import AlertsFailed, Event, FaultBegan, FaultEnded
from storage.types import Channel, ChannelReason


class ChannelFaults:
    """Which channels this process could not deliver to the last time."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self._report = report
        self._failing: set[int] = set()
        self._refused: dict[int, AlertsFailed] = {}
        """By channel, what it has refused for good and nobody was told of yet."""

    def failed(self, channel: Channel, error: DeliveryError) -> None:
        """The channel did not take a message."""
        if channel.id not in self._failing:
            self._failing.add(channel.id)
            self._report(FaultBegan(f"channel {channel.name}", ChannelReason.UNDELIVERABLE, str(error), error.mend))

    def unsent(self, channel: Channel, alerts: int, error: DeliveryError, retry_at: datetime | None) -> None:
        """A message with so many alerts did not leave; the next one to the same channel may end the same way."""
        failed = AlertsFailed(channel.name, alerts, str(error), retry_at)
        before = self._refused.get(channel.id)
        if retry_at is None and before is not None and before.detail == failed.detail:
            self._refused[channel.id] = replace(before, alerts=before.alerts + alerts)
            return
        self.over(channel.id)
        if retry_at is None:
            self._refused[channel.id] = failed
        else:
            self._report(failed)

    def over(self, channel_id: int) -> None:
        """Nothing is sent to the channel for now: tell what it has refused."""
        if refused := self._refused.pop(channel_id, None):
            self._report(refused)

    def took(self, channel: Channel) -> None:
        """The channel took a message."""
        self.over(channel.id)
        if channel.id in self._failing:
            self._failing.discard(channel.id)
            self._report(FaultEnded(f"channel {channel.name}", ChannelReason.UNDELIVERABLE))
