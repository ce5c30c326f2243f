"""Processes that work with one database, and what each is asked not to do to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.fakes.program import Program, Running
from tests.fakes.sinks import HTTPSink, keys_of

BEFORE = ("What stood there before", "Что было раньше")
TROUBLE = ("Traceback", "locked", "fault ", "mistake", "Error")
"""Words that nobody says who is not disturbed."""


def keys(sink: HTTPSink) -> list[str]:
    """The keys of all alerts that came, in order."""
    return [key for message in list(sink.received) for key in keys_of(message)]


def wait_for_keys(sink: HTTPSink, count: int) -> None:
    """Wait until so many alerts have come. Raises `AssertionError`."""
    sink.wait_until(lambda received: sum(len(keys_of(message)) for message in received) >= count)


def trouble(*processes: Running) -> list[str]:
    """What the processes said of trouble."""
    return [line for each in processes for line in each.said.splitlines() if any(word in line for word in TROUBLE)]


def stored_once(program: Program, titles: Iterable[str]) -> bool:
    """Whether these statements, and what stood there before, are what is stored, once each."""
    return Counter(row[0] for row in program.rows("SELECT title FROM versions")) == Counter([*BEFORE, *titles])
