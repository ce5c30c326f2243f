"""Tell the operator of sources' health and dead letters: claim what is due, send it as one message, mark it.

Send, then mark, as with alerts: who dies in between sends once more, with the same keys. A notice is never given up on;
what waits longer joins the next message, so that a channel that is down for a day costs one message and no flood.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TextIO

from notify import rhythm
from notify.channels.kinds import Sender, opened, sender_for
from notify.delivery.channel_faults import ChannelFaults
from notify.delivery.sending import MISTAKE_PAUSE, Sending
from notify.messages.notices import compose
from storage.clock import now
from storage.database import Database
from storage.errors import DeliveryError, StorageError
from storage.events import Event, FaultBegan, MistakeMade, NoticesSent, mistake
from storage.leases import NOTICE_LEASE
from storage.operator import mistakes
from storage.operator import notices as outbox
from storage.operator.notices import Notice
from storage.types import Channel, Reason


class Operator:
    """The way from notices to the operator's channel, in this process."""

    def __init__(
        self,
        database: Database,
        *,
        console: TextIO,
        report: Callable[[Event], None] = lambda event: None,
        command: str = "presswatch",
        senders: Callable[[str, TextIO], Sender] = sender_for,
    ) -> None:
        """`command` is how a person calls the program, `senders` gives the way out for an address."""
        self._database = database
        self._tell = report
        self._mistakes: list[tuple[MistakeMade, datetime]] = []
        self._command = command
        self._sending = Sending("presswatch-notice", console=console, report=self.report, senders=senders)
        self._faults = ChannelFaults(self.report)
        self._under_way: asyncio.Task[None] | None = None
        self._rests_until = now()

    def report(self, event: Event) -> None:
        """Tell what happened in this process; of a mistake of our own the operator is told besides, soon."""
        self._tell(event)
        if isinstance(event, MistakeMade):
            self._mistakes.append((event, now()))

    async def deliver_due(self) -> None:
        """Start sending what is due, unless a message is under way. Raises `StorageError`."""
        await self._note_mistakes()
        if self._under_way is not None or now() < self._rests_until:
            return
        if await self._database.read_async(outbox.is_waiting, now()):
            self._under_way = asyncio.create_task(self._deliver())
            self._under_way.add_done_callback(self._landed)

    def _landed(self, _: asyncio.Task[None]) -> None:
        self._under_way = None

    async def settled(self) -> None:
        """Wait until no message is under way."""
        if self._under_way is not None:
            await asyncio.wait({self._under_way})

    async def stop(self, patience: float) -> None:
        """Give a message that is under way `patience` seconds; the rows keep the rest."""
        if self._under_way is not None:
            await asyncio.wait({self._under_way}, timeout=patience)
        with suppress(StorageError):  # the log has them
            await self._note_mistakes()

    async def _note_mistakes(self) -> None:
        """Write down what is to be told. Raises `StorageError`; then it is written the next time."""
        if self._mistakes:
            made = tuple(self._mistakes)
            await self._database.write_async(mistakes.record, made)
            del self._mistakes[: len(made)]

    async def _deliver(self) -> None:
        try:
            channel = await self._database.read_async(outbox.operator)
            claimed = await self._database.write_async(outbox.claim, now(), NOTICE_LEASE)
            if channel is not None and claimed:
                await self._send(channel, claimed)
        except StorageError as error:
            self.report(FaultBegan("storage", Reason.STORAGE, str(error), error.mend))
        except Exception as error:
            self._rests_until = now() + MISTAKE_PAUSE
            self.report(mistake("telling the operator", error))

    async def _send(self, channel: Channel, notices: Sequence[Notice]) -> None:
        try:
            address = opened(self._database.keyring, channel.address)
            await self._sending.send(address, lambda: compose(notices, command=self._command))
        except DeliveryError as error:
            await self._failed(channel, notices, error)
            return
        await self._database.write_async(outbox.sent, notices, now())
        self._faults.took(channel)
        self.report(NoticesSent(channel.name, tuple(dict.fromkeys(one.where for one in notices))))

    async def _failed(self, channel: Channel, notices: Sequence[Notice], error: DeliveryError) -> None:
        attempts, at = max(notice.attempts for notice in notices), now()
        # where the channel refuses for good a person mends it meanwhile
        again = at + rhythm.CAP if error.permanent else rhythm.retry_at(attempts, at, error.retry_after, random.random)
        await self._database.write_async(outbox.not_sent, notices, str(error), again)
        self._faults.failed(channel, error)
