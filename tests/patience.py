"""How long a test waits for what should happen: never a verdict on how fast it is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 180.0
"""Seconds after which it has not happened, however busy the machine is."""


def wait_until(done: Callable[[], bool]) -> None:
    """Look again and again until it is so. Raises `AssertionError` when patience is over."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it has not come"
        time.sleep(0.05)
