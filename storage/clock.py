"""Our own clock: the only place that asks what time it is.

Where several machines work on one database, its server's clock is the one that all go by: what is claimed until noon is
claimed until noon for everybody. A machine whose clock is kept right goes by its own, which is the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

APART = timedelta(seconds=10)
"""So far clocks that are kept right are never apart, however long an answer takes."""

_ahead = timedelta()
"""How far this machine's clock is ahead of the one that all go by."""


def now() -> datetime:
    """The present moment, aware UTC."""
    return own() - _ahead


def own() -> datetime:
    """The present moment by this machine's clock."""
    return datetime.now(UTC)


def ahead() -> timedelta:
    """How far this machine's clock is ahead of the one that all go by; none where they are as good as the same."""
    return _ahead


def go_by_own() -> None:
    """Go by this machine's clock again."""
    global _ahead
    _ahead = timedelta()


def go_by(told: datetime, asked: datetime) -> None:
    """Go from now on by the clock that says `told`, asked when ours said `asked`.

    An answer that took longer than clocks may be apart says nothing.
    """
    global _ahead
    answered = own()
    if answered - asked < APART:
        between = asked + (answered - asked) / 2
        _ahead = between - told if abs(between - told) >= APART else timedelta()
