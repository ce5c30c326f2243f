"""A desk that receives messages in this process, and a clock that the test moves."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TextIO

from notify.delivery.dispatch import Dispatch
from notify.messages.message import Message
from storage.database import Database
from storage.errors import DeliveryError
from storage.sources import polls, sightings
from storage.sources.polls import Poll
from storage.types import Reason, Source, Stored
from tests.notify.delivery.delivering import match_and_deliver
from tests.storage.examples import MINUTE, NOW, draft, entry, poll_result, polling, store


class Clock:
    """The time, as the test has it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class Desk:
    """Receives messages in this process, and takes what it was told to take."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.received: list[tuple[datetime, str, Message]] = []
        self.down = False

    def send(self, message: Message, address: str) -> str:
        if self.down:
            raise DeliveryError(f"{address} is down")
        self.received.append((self.clock(), address, message))
        return "taken"

    def texts(self) -> list[str]:
        return [message.text for _, _, message in self.received]


def dispatch_of(database: Database, clock: Clock, desk: Desk, owner: str = "host/1/a") -> Dispatch:
    def senders(address: str, console: TextIO) -> Desk:
        return desk

    return Dispatch(database, owner=owner, console=io.StringIO(), clock=clock, senders=senders)


async def until(dispatch: Dispatch, clock: Clock, end: datetime, step: timedelta = 5 * MINUTE) -> None:
    """Let the time pass."""
    while clock.at < end:
        clock.at += step
        await match_and_deliver(dispatch)


def publish(database: Database, source: Source, *numbers: int, at: datetime, poll: Poll | None = None) -> list[Stored]:
    return store(database, *(draft(source, number, poll=poll) for number in numbers), now=at)


def listed(database: Database, source: Source, *numbers: int, at: datetime, reason: Reason = Reason.OK) -> None:
    """A whole poll: it lists new statements, reads them, and ends."""
    poll = polling(database, source, now=at)
    database.write(sightings.record_entries, source, [entry(number) for number in numbers], silent=False, now=at)
    publish(database, source, *numbers, at=at, poll=poll)
    database.write(polls.end_polls, [poll_result(poll, reason, at=at)])
