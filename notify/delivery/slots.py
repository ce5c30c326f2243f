"""How many channels are sent something at a time: those that may hang have places of their own, and take no others."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

SOUND = 192
"""Deliveries under way at a time, each to another channel."""

DOUBTFUL = 64
"""Those to channels whose last delivery failed, beside them."""


class Slots:
    """Who is being sent something, and who waits for a place. What waits is due in the rows: it may be forgotten."""

    def __init__(self) -> None:
        self._kinds = (_Places(SOUND), _Places(DOUBTFUL))

    def wanted(self, failures: Mapping[int, int]) -> None:
        """These channels, and no others, want a place; each has failed so often in a row."""
        taken = {channel_id for kind in self._kinds for channel_id in kind.taken}
        for number, kind in enumerate(self._kinds):
            mine = [channel_id for channel_id, failed in failures.items() if bool(failed) == bool(number)]
            kind.waiting = deque(channel_id for channel_id in mine if channel_id not in taken)

    def take(self) -> int | None:
        """Give the channel that comes next a place, or None: there is no place, or nobody waits."""
        for kind in self._kinds:
            if kind.waiting and len(kind.taken) < kind.number:
                channel_id = kind.waiting.popleft()
                kind.taken.add(channel_id)
                return channel_id
        return None

    def leave(self, channel_id: int) -> None:
        """The channel's place is free again."""
        for kind in self._kinds:
            kind.taken.discard(channel_id)


class _Places:
    """The places of one kind."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.taken: set[int] = set()
        self.waiting: deque[int] = deque()
