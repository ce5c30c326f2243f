"""Match what is new, deliver what is due.

    versions nobody asked the topics about -> matches + alerts, one transaction
    alerts that are due -> claim (a delivery row) -> send -> mark

Send, then mark: who dies in between sends once more, with the same key, and loses nothing. Each delivery has a thread
of its own and each channel one delivery at a time, so that a slow channel delays nobody else. While it lasts its
lease is renewed, so that nobody else sends the same, however slow the other side is.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import TextIO

from notify import rhythm
from notify.channels.kinds import Sender, sender_for
from notify.delivery.channel_faults import ChannelFaults
from notify.delivery.claims import ClaimedMessage, ClaimRequest, Finished, RateLimited, claim_next, settle
from notify.delivery.preparation import addresses_in_use, prepare
from notify.delivery.sending import MISTAKE_PAUSE, Sending
from notify.delivery.slots import Slots
from notify.matching.new_versions import MatchRun
from notify.matching.reconcile import reconcile
from notify.messages.links import Links
from storage.clock import now
from storage.database import Database
from storage.database.batches import GroupCommit
from storage.errors import DeliveryError, StorageError
from storage.events import AlertsSent, Event, FaultBegan, MissesRepaired, heard, mistake
from storage.leases import ALERT_LEASE, BEATS, STORAGE_PATIENCE
from storage.outbox import deliveries, due
from storage.outbox.deliveries import Delivered, NotDelivered
from storage.types import Reason

TOGETHER = 32
"""Channels for which one transaction claims or marks, so that nobody waits long for the write lock."""

SHORT_WAIT = timedelta(seconds=2)
"""A service that can be sent the next message so soon is waited for."""


class _AfterDelivery(Enum):
    """What came of one delivery, for the next one to the same channel."""

    SETTLED = auto()
    GROUP_REFUSED = auto()
    OVER = auto()


class Dispatch:
    """The way from stored statements to people, in this process."""

    def __init__(
        self,
        database: Database,
        *,
        owner: str,
        console: TextIO,
        report: Callable[[Event], None] = lambda event: None,
        command: str = "presswatch",
        leaves_console: Callable[[], bool] = lambda: False,
        lease: timedelta = ALERT_LEASE,
        clock: Callable[[], datetime] = now,
        senders: Callable[[str, TextIO], Sender] = sender_for,
    ) -> None:
        """`owner` names this process in its leases, `command` is how a person calls the program.

        `leaves_console` says whether a process that stays prints what is for the console: somebody looks there.
        `senders` gives the way out for an address.
        """
        self._database = database
        self._owner = owner
        self._report = report
        self._command = command
        self._leaves_console = leaves_console
        self._links: Callable[[], Links | None] = lambda: None
        self._lease = lease
        self._clock = clock
        self._matching = MatchRun(database, report, clock)
        self._claiming = GroupCommit(self._claim, limit=TOGETHER)
        self._settling = GroupCommit(self._settle, limit=TOGETHER)
        self._sending = Sending("presswatch-delivery", console=console, report=report, senders=senders)
        self._faults = ChannelFaults(report)
        self._places = Slots()
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._tokens: set[str] = set()
        self._beating: asyncio.Task[None] | None = None
        self._stopping = False

    async def get_ready(self) -> None:
        """Load what the first message would have to wait for, off the loop. For a process that stays."""
        with suppress(StorageError):  # then the first message waits
            addresses = await self._database.read_async(addresses_in_use, self._database.keyring)
            await asyncio.to_thread(prepare, addresses)

    def lead_to(self, links: Callable[[], Links | None]) -> None:
        """Let messages lead to pages from now on. Asked for each message: what signs its links may have changed."""
        self._links = links

    async def reconcile(self) -> MissesRepaired:
        """Ask the topics about the last days' versions once more; report what was missed. Raises `StorageError`."""
        repaired = await reconcile(self._database, self._clock())
        if repaired.matches or repaired.alerts:
            self._report(repaired)
        return repaired

    async def match_new(self) -> int:
        """Ask the topics about every version that waits for it; return how many alerts that made.

        Raises `StorageError`; what was not asked waits.
        """
        return await self._matching.match_new()

    async def deliver_due(self) -> None:
        """Start a delivery for each channel that has alerts due and none under way. Raises `StorageError`."""
        if self._stopping:
            return
        waiting = partial(due.waiting_channels, without_console=self._leaves_console())
        self._places.wanted(await self._database.read_async(waiting, self._clock()))
        self._start()
        if self._in_flight and self._beating is None:
            self._beating = asyncio.create_task(heard(self._beat(), "renewing the leases of deliveries", self._report))

    def _start(self) -> None:
        while not self._stopping and (channel_id := self._places.take()) is not None:
            task = asyncio.create_task(heard(self._deliver_channel(channel_id), "delivering", self._report))
            self._in_flight[channel_id] = task
            task.add_done_callback(partial(self._landed, channel_id))

    def _landed(self, channel_id: int, _: asyncio.Task[None]) -> None:
        del self._in_flight[channel_id]
        self._places.leave(channel_id)
        self._start()

    @property
    def busy(self) -> int:
        """How many deliveries are under way."""
        return len(self._in_flight)

    async def settled(self) -> None:
        """Wait until no delivery is under way."""
        while self._in_flight:
            await asyncio.wait(set(self._in_flight.values()))

    async def stop(self, patience: float) -> None:
        """Start nothing more, and give what is under way `patience` seconds; the rows keep the rest."""
        self._stopping = True
        if self._in_flight:
            await asyncio.wait(set(self._in_flight.values()), timeout=patience)
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        """Renew the leases of what is under way, until nothing is."""
        try:
            while self._in_flight:
                await asyncio.sleep(self._lease.total_seconds() / BEATS)
                await self._renew()
        finally:
            self._beating = None

    async def _renew(self) -> None:
        try:
            if self._tokens:
                until = self._clock() + self._lease
                await self._database.write_async(deliveries.renew, tuple(self._tokens), until)
        except StorageError as error:
            self._storage_refused(error)

    async def _deliver_channel(self, channel_id: int) -> None:
        """Send the channel's due alerts, message by message, until none is left or one fails."""
        alone = False
        try:
            while not self._stopping:
                outcome = await self._deliver_once(channel_id, alone)
                if outcome is _AfterDelivery.OVER:
                    return
                alone = alone or outcome is _AfterDelivery.GROUP_REFUSED
        except StorageError as error:
            self._storage_refused(error)
        except Exception as error:
            self._report(mistake("delivering", error))
            await self._database.write_async(due.pause_channel, channel_id, self._clock() + MISTAKE_PAUSE)
        finally:
            self._faults.over(channel_id)

    async def _deliver_once(self, channel_id: int, alone: bool) -> _AfterDelivery:
        token = f"{self._owner}/{uuid.uuid4().hex}"
        self._tokens.add(token)
        try:
            claimed = await self._claiming.add(ClaimRequest(channel_id, token, alone))
            if isinstance(claimed, ClaimedMessage):
                return await self._send(claimed)
        finally:
            self._tokens.discard(token)
        if isinstance(claimed, RateLimited) and (wait := claimed.until - self._clock()) <= SHORT_WAIT:
            await asyncio.sleep(max(wait.total_seconds(), 0))
            return _AfterDelivery.SETTLED
        return _AfterDelivery.OVER

    async def _claim(self, turns: Sequence[ClaimRequest]) -> Sequence[ClaimedMessage | RateLimited | None]:
        return await self._database.claim_async(claim_next, self._database.keyring, turns, self._clock(), self._lease)

    async def _settle(self, finished: Sequence[Finished]) -> Sequence[None]:
        """Write down what came of deliveries, however long the storage refuses: else they would be sent once more."""
        told = False
        while True:
            try:
                await self._database.write_async(settle, finished)
                return [None] * len(finished)
            except StorageError as error:
                if not told:
                    told = True
                    self._storage_refused(error)
                await asyncio.sleep(STORAGE_PATIENCE)

    async def _send(self, claimed: ClaimedMessage) -> _AfterDelivery:
        try:
            if claimed.channel.refusal is not None:
                raise claimed.channel.refusal
            answer = await self._sending.send(
                claimed.channel.address, lambda: claimed.message(self._command, self._links())
            )
        except DeliveryError as error:
            return await self._failed(claimed, error)
        mention_ids = [mention.id for mention in claimed.mentions if mention.id]
        taken = Delivered(claimed.delivery_id, claimed.alerts, answer, self._clock(), mention_ids)
        await self._settling.add(Finished(taken, claimed.channel.buckets))
        self._tell_sent(claimed)
        return _AfterDelivery.SETTLED

    async def _failed(self, claimed: ClaimedMessage, error: DeliveryError) -> _AfterDelivery:
        channel, at = claimed.alerts[0].channel, self._clock()
        attempts = claimed.attempts + 1
        failed = partial(NotDelivered, claimed.delivery_id, claimed.alerts, str(error), at)
        last = error.permanent or attempts >= rhythm.MAX_ATTEMPTS
        if last and len(claimed.alerts) > 1:  # one of them may be what is refused: then only that one is dead
            await self._settling.add(Finished(failed(retry_at=at), claimed.channel.buckets))
            return _AfterDelivery.GROUP_REFUSED
        retry_at = None if last else rhythm.retry_at(attempts, at, error.retry_after, random.random)
        await self._settling.add(Finished(failed(retry_at=retry_at, spared=not last), claimed.channel.buckets))
        self._faults.unsent(channel, len(claimed.alerts), error, retry_at)
        self._faults.failed(channel, error)
        return _AfterDelivery.OVER if retry_at else _AfterDelivery.SETTLED

    def _tell_sent(self, claimed: ClaimedMessage) -> None:
        channel = claimed.alerts[0].channel
        self._faults.took(channel)
        titles = tuple(dict.fromkeys(alert.version.title for alert in claimed.alerts))
        topics = tuple(dict.fromkeys(alert.topic.name for alert in claimed.alerts))
        self._report(AlertsSent(channel.name, titles, topics))

    def _storage_refused(self, error: StorageError) -> None:
        self._report(FaultBegan("storage", Reason.STORAGE, str(error), error.mend))
