"""Match what is new, deliver what is due.

    versions nobody asked the topics about -> matches + alerts, one transaction
    alerts that are due -> claim (a delivery row) -> send -> mark

Send, then mark: who dies in between sends once more, with the same key, and loses nothing. Each delivery has a thread
of its own and each channel one delivery at a time, so that a slow channel delays nobody else.
"""

from __future__ import annotations

import asyncio
import random
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from typing import TextIO, TypeVar

from notify import rhythm
from notify.channels import sender_for
from notify.matching import Matcher
from notify.messages import Message, compose
from storage import alerts as outbox
from storage import topics as topics_store
from storage.alerts import Found, Unmatched
from storage.clock import now
from storage.database import Database
from storage.errors import DeliveryError, QueryError, StorageError
from storage.query.text import AnalysedText, analyse
from storage.types import Alert, AlertsFailed, AlertsSent, Event, FaultBegan, FaultEnded, Reason, Rhythm, Topic

R = TypeVar("R")

BATCH = 200
"""Versions that are matched in one transaction."""

LEASE = timedelta(minutes=10)
"""Longer than any service takes to answer; after a crash the next process on this machine does not wait for it."""

IN_FLIGHT = 32
"""Deliveries under way at a time, each to another channel."""

STORAGE_PATIENCE = 5.0
"""Seconds between two attempts to mark what was sent while the storage refuses."""


class _Outcome(Enum):
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
    ) -> None:
        """`owner` names this process in its leases, `command` is how a person calls the program."""
        self._database = database
        self._owner = owner
        self._console = console
        self._report = report
        self._command = command
        self._matcher = Matcher()
        self._topics: dict[int, Topic] = {}
        self._broken: set[int] = set()
        self._failing: set[int] = set()
        self._unaskable: set[int] = set()
        self._in_flight: dict[int, asyncio.Task[None]] = {}

    # -- matching ----------------------------------------------------------------------------------------------------

    async def match_new(self) -> int:
        """Ask the topics about every version that waits for it; return how many alerts that made.

        Raises `StorageError`; what was not asked waits.
        """
        made = 0
        while waiting := await self._database.read_async(outbox.unmatched, now(), BATCH, self._unaskable):
            self._refresh(await self._database.read_async(topics_store.every))
            found = await asyncio.to_thread(self._ask, waiting)
            at = now()
            made += await self._database.write_async(
                outbox.record_matches,
                [version.version_id for version in waiting if version.version_id not in self._unaskable],
                found,
                at,
                rhythm.leaves_at(Rhythm.IMMEDIATELY, at),
            )
        return made

    def _ask(self, versions: Sequence[Unmatched]) -> list[Found]:
        found: list[Found] = []
        for version in versions:
            try:
                matches = self._matcher.matches(_analysed(version))
                found += [Found(version.version_id, topic_id, evaluation.hits) for topic_id, evaluation in matches]
            except Exception as error:  # a mistake of ours: the others go on, this one waits for a mended program
                self._unaskable.add(version.version_id)
                where, what = f"statement #{version.item_id}", f"{type(error).__name__}: {error}"
                self._report(FaultBegan(where, Reason.UNREADABLE, what, "it is matched when presswatch starts again"))
        return found

    def _refresh(self, topics: Sequence[Topic]) -> None:
        """Bring the matcher up to the topics in force. One that cannot be used any more is told, not dropped."""
        current = {topic.id: topic for topic in topics}
        for gone in self._topics.keys() - current.keys():
            self._matcher.remove(gone)
        for topic in current.values():
            if self._topics.get(topic.id) == topic and topic.id not in self._broken:
                continue
            try:
                self._matcher.add(topic)
                self._broken.discard(topic.id)
            except QueryError as error:
                if topic.id not in self._broken:
                    self._report(FaultBegan(f"topic {topic.name}", Reason.UNREADABLE, str(error), error.mend))
                self._broken.add(topic.id)
        self._topics = current

    # -- delivering --------------------------------------------------------------------------------------------------

    async def deliver_due(self) -> None:
        """Start a delivery for each channel that has alerts due and none under way. Raises `StorageError`."""
        for channel_id in await self._database.read_async(outbox.waiting_channels, now()):
            if channel_id not in self._in_flight and len(self._in_flight) < IN_FLIGHT:
                task = asyncio.create_task(self._deliver_channel(channel_id))
                self._in_flight[channel_id] = task
                task.add_done_callback(partial(self._landed, channel_id))

    def _landed(self, channel_id: int, _: asyncio.Task[None]) -> None:
        del self._in_flight[channel_id]

    async def settled(self) -> None:
        """Wait until no delivery is under way."""
        while self._in_flight:
            await asyncio.wait(set(self._in_flight.values()))

    async def _deliver_channel(self, channel_id: int) -> None:
        """Send the channel's due alerts, message by message, until none is left or one fails."""
        limit = rhythm.MESSAGE_LIMIT
        try:
            while (outcome := await self._deliver_once(channel_id, limit)) is not _Outcome.OVER:
                if outcome is _Outcome.GROUP_REFUSED:
                    limit = 1
        except StorageError as error:
            self._report(FaultBegan("storage", Reason.STORAGE, str(error), error.mend))

    async def _deliver_once(self, channel_id: int, limit: int) -> _Outcome:
        token = f"{self._owner}/{uuid.uuid4().hex}"
        delivery_id, claimed = await self._database.write_async(
            outbox.claim, channel_id, token, now(), lease=LEASE, limit=limit
        )
        if not claimed:
            return _Outcome.OVER
        (alerts,) = rhythm.group(claimed)
        address = alerts[0].channel.address
        try:
            message = _composed(alerts, self._command)
            answer = await _in_own_thread(lambda: sender_for(address, self._console).send(message, address))
        except DeliveryError as error:
            return await self._failed(delivery_id, alerts, error)
        await self._patiently(outbox.delivered, delivery_id, alerts, answer, now())
        self._tell_sent(alerts)
        return _Outcome.SETTLED

    async def _failed(self, delivery_id: int, alerts: Sequence[Alert], error: DeliveryError) -> _Outcome:
        channel, at = alerts[0].channel, now()
        if error.permanent and len(alerts) > 1:  # one of them may be what is refused: then only that one is dead
            await self._patiently(outbox.not_delivered, delivery_id, alerts, str(error), at, at)
            return _Outcome.GROUP_REFUSED
        attempts = 1 + max(alert.attempts for alert in alerts)
        retry_at = None if error.permanent else rhythm.retry_at(attempts, at, error.retry_after, random.random)
        await self._patiently(outbox.not_delivered, delivery_id, alerts, str(error), at, retry_at)
        self._report(AlertsFailed(channel.name, len(alerts), str(error), retry_at))
        if channel.id not in self._failing:
            self._failing.add(channel.id)
            self._report(FaultBegan(f"channel {channel.name}", "undeliverable", str(error), error.mend))
        return _Outcome.OVER if retry_at else _Outcome.SETTLED

    def _tell_sent(self, alerts: Sequence[Alert]) -> None:
        channel = alerts[0].channel
        if channel.id in self._failing:
            self._failing.discard(channel.id)
            self._report(FaultEnded(f"channel {channel.name}", "undeliverable"))
        titles = tuple(dict.fromkeys(alert.version.title for alert in alerts))
        topics = tuple(dict.fromkeys(alert.topic.name for alert in alerts))
        self._report(AlertsSent(channel.name, titles, topics))

    async def _patiently(self, function: Callable[..., None], *args: object) -> None:
        """Write down what came of a delivery, however long the storage refuses: else it would be sent once more."""
        told = False
        while True:
            try:
                return await self._database.write_async(function, *args)
            except StorageError as error:
                if not told:
                    told = True
                    self._report(FaultBegan("storage", Reason.STORAGE, str(error), error.mend))
                await asyncio.sleep(STORAGE_PATIENCE)


def _composed(alerts: Sequence[Alert], command: str) -> Message:
    """The message, or a `DeliveryError` for alerts that cannot be written out: they must not block their channel."""
    try:
        return compose(alerts, command=command)
    except Exception as error:
        raise DeliveryError(f"cannot be written out: {type(error).__name__}: {error}", permanent=True) from error


async def _in_own_thread(function: Callable[[], R]) -> R:
    """Run the function in a new daemon thread: one that hangs keeps neither its neighbours nor the process's end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[R] = loop.create_future()

    def settle(set_outcome: Callable[[], None]) -> None:
        if not future.done():
            set_outcome()

    def run() -> None:
        try:
            outcome: Callable[[], None] = partial(future.set_result, function())
        except BaseException as error:
            outcome = partial(future.set_exception, error)
        try:
            loop.call_soon_threadsafe(settle, outcome)
        except RuntimeError:
            return  # the loop is closed: nobody waits for the answer any more

    threading.Thread(target=run, daemon=True, name="presswatch-delivery").start()
    return await future


def _analysed(version: Unmatched) -> AnalysedText:
    return analyse(
        version.title,
        version.body,
        version.language,
        source=version.source_key,
        country=version.country,
        day=version.published_day,
    )
