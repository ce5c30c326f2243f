"""One message goes to one address: written out, then sent in a thread of its own, before a deadline.

Whatever goes wrong is a `DeliveryError`, so that it counts as an attempt and is told. What nobody had thought of, in a
sender or in what writes the message, is told as a mistake of our own besides.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import blake2b
from typing import TextIO
from weakref import WeakValueDictionary

from notify.channels.connections import Connections
from notify.channels.kinds import Sender, sender_for, without_secrets
from notify.delivery.threads import Threads
from notify.messages.message import Message, UnwritableError
from storage.errors import DeliveryError
from storage.events import Event, mistake

DEADLINE = 180.0
"""Seconds after which a delivery counts as failed even if the other side keeps it going byte by byte."""

MISTAKE_PAUSE = timedelta(minutes=10)
"""How long nothing is tried after a mistake of our own: it would be made, and told, at each look."""

_MEND = "report it with the traceback that stands in the log"


class Sending:
    """Sends messages, as many at a time as it is asked to, but one at a time to an address."""

    def __init__(
        self,
        name: str,
        *,
        console: TextIO,
        report: Callable[[Event], None],
        senders: Callable[[str, TextIO], Sender] = sender_for,
    ) -> None:
        """`name` is that of its threads, `senders` gives the way out for an address."""
        self._threads = Threads(name)
        self._console = console
        self._report = report
        self._senders = senders
        self._turns = Turns()

    async def send(self, address: str, write: Callable[[], Message]) -> str:
        """Send what `write` writes and return what the other side answered. Raises `DeliveryError`, nothing else."""
        message, connections = self._written(write), Connections()
        async with self._turns.of(address):
            try:
                async with asyncio.timeout(DEADLINE):
                    outcome = await self._threads.run(partial(self._outcome, message, address, connections))
            except TimeoutError:
                connections.cut()  # else its thread would read on, and each attempt would start another one
                raise DeliveryError(f"did not finish within {DEADLINE:.0f} seconds") from None
        if isinstance(outcome, str):
            return outcome
        if isinstance(outcome, DeliveryError):
            raise outcome
        if isinstance(outcome, UnwritableError):
            raise self._unwritable(outcome.__cause__ or outcome) from outcome
        scheme = address.partition("://")[0]
        made = mistake(f"sending to {scheme}", outcome, lambda text: without_secrets(text, address))
        self._report(made)
        raise DeliveryError(f"a mistake of presswatch's own: {made.detail}", mend=_MEND)

    def _written(self, write: Callable[[], Message]) -> Message:
        """The message. What cannot be written out must not block its channel: it is given up on at once."""
        try:
            return write()
        except Exception as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: BaseException) -> DeliveryError:
        made = mistake("writing a message", error)
        self._report(made)
        return DeliveryError(f"cannot be written out: {made.detail}", permanent=True, mend=_MEND)

    def _outcome(self, message: Message, address: str, connections: Connections) -> str | BaseException:
        """The answer, or what was raised, as a value: some exceptions would end the loop, and one no future takes."""
        try:
            with connections:
                return self._senders(address, self._console).send(message, address)
        except BaseException as error:
            return error


class Turns:
    """A lock for each address while somebody uses or waits for it. The address, which is a secret, is not kept."""

    def __init__(self) -> None:
        self._salt = os.urandom(32)
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._locks)

    def of(self, address: str) -> asyncio.Lock:
        """The address's lock; who holds it has the turn."""
        return self._locks.setdefault(blake2b(address.encode(), key=self._salt).digest(), asyncio.Lock())
