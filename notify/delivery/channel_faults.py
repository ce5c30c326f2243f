"""That a channel takes no messages is told once when it begins and once when it ends."""

from __future__ import annotations

from collections.abc import Callable

from storage.errors import DeliveryError
from storage.events import Event, FaultBegan, FaultEnded
from storage.types import Channel, ChannelReason


class ChannelFaults:
    """Which channels this process could not deliver to the last time."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self._report = report
        self._failing: set[int] = set()

    def failed(self, channel: Channel, error: DeliveryError) -> None:
        """The channel did not take a message."""
        if channel.id not in self._failing:
            self._failing.add(channel.id)
            self._report(FaultBegan(f"channel {channel.name}", ChannelReason.UNDELIVERABLE, str(error), error.mend))

    def took(self, channel: Channel) -> None:
        """The channel took a message."""
        if channel.id in self._failing:
            self._failing.discard(channel.id)
            self._report(FaultEnded(f"channel {channel.name}", ChannelReason.UNDELIVERABLE))
