"""The commands that a message names, as they are typed: to see a stored copy, to end or change a subscription. Pure."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import lru_cache

from storage.types import Rhythm


@dataclass(frozen=True, slots=True)
class Commands:
    """What is needed to write them."""

    program: str = "presswatch"
    """How a person calls the program."""

    def show(self, item_id: int) -> str:
        """Where the stored copy of a statement can be read."""
        return f"{self.program} show {item_id}"

    def unsubscribe(self, topic: str, channel: str) -> str:
        """How a subscription is ended."""
        return self._typed("unsubscribe", topic, "--to", channel)

    def change(self, topic: str, channel: str, rhythm: Rhythm) -> str:
        """How a subscription is changed: as it stands the command makes another rhythm of it."""
        other = "immediately" if rhythm.digest else "daily 08:00"
        return self._typed("subscribe", topic, "--to", channel, "--rhythm", other)

    def _typed(self, *words: str) -> str:
        return shlex.join([*_words(self.program), *words])


@lru_cache(8)
def _words(program: str) -> tuple[str, ...]:
    """To take it apart takes as long as a third of a message."""
    return tuple(shlex.split(program))
