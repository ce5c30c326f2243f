"""What a process that stays says: events, what it tells a person, its console's alerts, and the log of libraries.

On a terminal a line has the time of day. Elsewhere it has the date, in UTC, and a level: it is read weeks later, and
filtered. As JSON each is one object a line, for programs that gather logs; docs/server.md describes them.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TextIO

from presswatch.output import typed
from presswatch.representations import plain
from presswatch.visible import on_one_line
from storage.events import (
    AlertsFailed,
    AlertsSent,
    Event,
    FaultBegan,
    FaultEnded,
    MissesRepaired,
    MistakeMade,
    NoticesSent,
    PollEnded,
    StatementStored,
    StatementWithdrawn,
    event_line,
)
from storage.types import Published, Reason, Stored


class Level(StrEnum):
    """How much it asks for somebody."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


NAMES: Mapping[type[Any], str] = {
    PollEnded: "poll",
    StatementStored: "statement",
    StatementWithdrawn: "withdrawn",
    FaultBegan: "fault",
    FaultEnded: "recovered",
    AlertsSent: "alert",
    AlertsFailed: "unsent",
    NoticesSent: "notice",
    MissesRepaired: "repaired",
    MistakeMade: "mistake",
}
"""What an event is called in JSON."""


def level_of(event: Event) -> Level:
    """Errors are what does not mend itself; warnings what goes wrong at a site or a channel and is tried again."""
    match event:
        case MistakeMade() | AlertsFailed(retry_at=None) | FaultBegan(reason=Reason.STORAGE):
            return Level.ERROR
        case FaultBegan() | AlertsFailed() | MissesRepaired():
            return Level.WARNING
        case PollEnded(reason=reason) if not reason.healthy:
            return Level.WARNING
    return Level.INFO


class Log:
    """Writes one line for each thing that happens. `quiet_polls` leaves out polls that found nothing new."""

    def __init__(self, stream: TextIO, *, as_json: bool = False, quiet_polls: bool = False) -> None:
        self.is_json = as_json
        self._stream = stream
        self._quiet_polls = quiet_polls
        self.console: TextIO = _AlertsAsJSON(self) if as_json else stream
        """Where the console channel prints."""

    def __call__(self, event: Event) -> None:
        if isinstance(event, PollEnded) and self._leaves_out(event):
            return
        if isinstance(event, FaultBegan):
            event = replace(event, mend=typed(event.mend))
        self.write(level_of(event), event_line(event), NAMES[type(event)], _values(event))

    def _leaves_out(self, poll: PollEnded) -> bool:
        """Whether it says nothing new; of a fault that begins the next line says all, with the mend."""
        return (poll.begins_fault and not self.is_json) or (self._quiet_polls and poll.reason is Reason.UNCHANGED)

    def say(self, text: str) -> None:
        """What a person should know; on a terminal without the time."""
        if self.is_json or not self._stream.isatty():
            self.write(Level.INFO, text, "said")
        else:
            self._print(on_one_line(text))

    def write(self, level: Level, text: str, event: str, values: Mapping[str, Any] | None = None) -> None:
        """One line."""
        at = datetime.now(UTC)
        if self.is_json:
            line = {"at": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}", "level": level, "event": event, "text": text, **(values or {})}
            self._print(json.dumps(line, default=plain))
        elif self._stream.isatty():
            self._print(f"{at.astimezone():%H:%M:%S} {on_one_line(text)}")
        else:
            self._print(f"{at:%Y-%m-%dT%H:%M:%SZ} {level:<7} {on_one_line(text)}")

    def _print(self, line: str) -> None:
        with suppress(OSError, ValueError):  # a screen that is gone is no fault of what is told
            print(line, file=self._stream, flush=True)


def _values(thing: Any) -> dict[str, Any]:
    """The fields of an event; those of what was stored beside them."""
    values: dict[str, Any] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, Stored):
            values |= _values(value)
        else:
            values[field.name] = str(value) or None if isinstance(value, Published) else value
    return values


class _AlertsAsJSON(io.StringIO):
    """A console whose messages are lines of the log: what is written until it is flushed is one."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def flush(self) -> None:
        text = self.getvalue().strip("\n")
        self.seek(0)
        self.truncate()
        if text:
            self._log.write(Level.INFO, text, "console")


class Records(logging.Handler):
    """Writes what libraries and mistakes of ours leave in Python's own log into a `Log`."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level = Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING
            text = logging.Formatter("%(message)s").format(record)
            for line in [text] if self._log.is_json else text.splitlines():
                self._log.write(level, f"log       {record.name}: {line}", "log", {"logger": record.name})
        except Exception:
            self.handleError(record)


def keep_records(log: Log) -> None:
    """Have Python's log of this process written into `log`, and nowhere else."""
    logging.getLogger().handlers[:] = [Records(log)]
    logging.captureWarnings(True)
