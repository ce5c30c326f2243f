"""What waits, and who goes first: whoever has had least. Pure.

Of all whose things wait, the one that has used least is served. Who comes anew begins with what the last one served had
used, so that nobody saves up a claim by being away, and whoever costs a hundred times as much as others is served a
hundredth as often: a delay of the others is never more than one's own share (start-time fair queueing; Goyal, Vin and
Cheng, SIGCOMM 1996).
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

_KEPT = 1_000
"""How many are remembered that wait for nothing."""


class FairQueue(Generic[T]):
    """Things of many owners. In the order they came in for each owner."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[T]] = {}
        self._used: dict[str, float] = {}
        self._least = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, owner: str, thing: T) -> None:
        """Let it wait."""
        if owner not in self._waiting:
            self._waiting[owner] = deque()
            self._used[owner] = max(self._used.get(owner, 0.0), self._least)
        self._waiting[owner].append(thing)

    def take(self) -> T:
        """The first thing of who has used least; of equals, of who came first. Raises `IndexError` if nothing waits."""
        if not self._waiting:
            raise IndexError("nothing waits")
        owner = min(self._waiting, key=self._used.__getitem__)
        self._least = self._used[owner]
        things = self._waiting.pop(owner)
        thing = things.popleft()
        if things:
            self._waiting[owner] = things  # behind its equals
        if len(self._used) > len(self._waiting) + _KEPT:
            self._used = {one: used for one, used in self._used.items() if one in self._waiting or used > self._least}
        return thing

    def charge(self, owner: str, cost: float) -> None:
        """Note what an owner's thing has cost."""
        self._used[owner] = max(self._used.get(owner, 0.0), self._least) + cost
