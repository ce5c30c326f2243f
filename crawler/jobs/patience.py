"""How long a poll goes on: as a whole, and with what leads nowhere."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

LONGEST = 1800.0
"""Seconds of a poll after which it asks for nothing more. The statements of a poll are told when it is over."""

LONGEST_IN_VAIN = 120.0
"""Of these, seconds spent on pages that could not be had: a list of a thousand links that lead nowhere, half a minute
each, would keep one of the crawl's places for a working day."""


class Patience:
    """That of one poll, from `begin` on; it is over as well as soon as `is_lost` says so."""

    def __init__(self, is_lost: Callable[[], bool] = lambda: False) -> None:
        self._is_lost = is_lost
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._began, self._in_vain = monotonic(), 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.has_been_long or self._in_vain >= LONGEST_IN_VAIN or self._is_lost()

    @property
    def has_been_long(self) -> bool:
        """Whether it is over although all went well."""
        return monotonic() - self._began >= LONGEST

    def tried(self, began: float, *, in_vain: bool) -> None:
        """Note that a page was asked for at that time (seconds, monotonic)."""
        if in_vain:
            self._in_vain += monotonic() - began
