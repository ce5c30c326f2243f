"""Whether the jobs of the timetable are done when it is their time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

PATIENCE = 60.0
"""Seconds that a job may be late: a writer waits up to twenty for another process, and a machine may be busy."""


class Pulse:
    """When each job was done last, by a clock that nobody sets."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._every: dict[str, float] = {}
        self._done: dict[str, float] = {}

    def expect(self, jobs: Iterable[tuple[str, float]]) -> None:
        """From now on each of these names is done every so many seconds."""
        self._every = dict(jobs)
        self._done = dict.fromkeys(self._every, self._clock())

    def beat(self, name: str) -> None:
        """The job was done, without a mistake."""
        self._done[name] = self._clock()

    def ages(self) -> Mapping[str, float]:
        """For each job the seconds since it was done last, or since it was expected first."""
        at = self._clock()
        return {name: at - self._done[name] for name in self._every}

    def late(self) -> tuple[str, ...]:
        """The jobs that should have been done by now."""
        return tuple(name for name, age in self.ages().items() if age > self._every[name] + PATIENCE)
