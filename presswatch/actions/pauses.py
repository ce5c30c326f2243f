"""For how long a topic or a subscription may be paused. Pure but for the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.clock import now
from storage.errors import InvalidInputError

LONGEST = timedelta(days=366)
"""What is paused for ever is forgotten."""


def check(until: datetime) -> None:
    """Raise `InvalidInputError` for an end that is past or too far away."""
    if not timedelta() < until - now() <= LONGEST:
        raise InvalidInputError("a pause ends within a year", mend="choose a day to come")
