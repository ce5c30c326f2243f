"""How far back: is the next page of a section worth reading? Pure.

A page is judged by the entries that no page before it showed: what is pinned to the top of each page is judged once.
The way ends

1. at the date, when pages on end show only what is older: two of them while the list is in the order of its dates, as
   many as `PATIENCE` in any other order, such as that of the last change or with something old pinned to the top;
2. at a loop, when a page comes again, or the same entries at another address;
3. when `PATIENCE` pages on end show nothing new;
4. at the end, when a page shows nothing or leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise

PATIENCE = 3
"""Pages in a row that have nothing to show before the way ends."""

IN_ORDER = 2
"""The same, of pages that are too old, where none before them was out of order."""


class StopReason(StrEnum):
    """Whether to go on, or why not."""

    ON = "on"
    DATE = "date"
    LOOP = "loop"
    REPEATS = "repeats"
    END = "end"


class BackfillWalk:
    """The way back through a section's pages to a day, as far as this process has gone it."""

    def __init__(self, since: date) -> None:
        self._since = since
        self._addresses: set[str] = set()
        self._entries: set[str] = set()
        self._pages: set[frozenset[str]] = set()
        self._last: date | None = None
        self._in_order = True
        self._older = 0
        self._repeated = 0

    def turn(self, address: str, days: Mapping[str, date | None], next_page: str) -> StopReason:
        """Judge the page at `address`, given its entries with their days, in its order, and where it leads."""
        shown = frozenset(days)
        if shown and (address in self._addresses or shown in self._pages):
            return StopReason.LOOP
        fresh = [day for key, day in days.items() if key not in self._entries]
        self._addresses.add(address)
        self._pages.add(shown)
        self._entries |= shown
        if not days:
            return StopReason.END
        self._repeated = 0 if fresh else self._repeated + 1
        if self._repeated >= PATIENCE:
            return StopReason.REPEATS
        if self._is_past([day for day in fresh if day is not None]):
            return StopReason.DATE
        if not next_page:
            return StopReason.END
        return StopReason.LOOP if next_page in self._addresses else StopReason.ON

    def _is_past(self, fresh: list[date]) -> bool:
        if not fresh:
            return False
        self._in_order = self._in_order and _descends([*([self._last] if self._last else []), *fresh])
        self._last = fresh[-1]
        self._older = self._older + 1 if max(fresh) < self._since else 0
        return self._older >= (IN_ORDER if self._in_order else PATIENCE)


def _descends(days: Iterable[date]) -> bool:
    return all(one >= other for one, other in pairwise(days))
