"""The pasts that this process was asked on its pages to read back. How far each has come stands in the rows.

One of a source at a time. When the process stops they pause, and go on from there when somebody says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from presswatch.actions import backfill
from presswatch.actions.backfill import Claimed
from presswatch.web.desk import Desk
from presswatch.web.looks import fetching
from storage.errors import InvalidInputError, StorageError
from storage.events import heard

MOST = 4
"""Sources whose pasts are read at a time: polls go before, and each takes its turns."""


@dataclass(eq=False, slots=True)
class _UnderWay:
    """One that is being read."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    notice: str = ""
    task: asyncio.Task[None] | None = None

    def noticed(self, text: str) -> None:
        """Note what a person should know."""
        self.notice = text


class Backfills:
    """Those of one process."""

    def __init__(self) -> None:
        self._under_way: dict[str, _UnderWay] = {}

    async def begin(self, desk: Desk, key: str, since: date | None) -> Claimed:
        """Begin to read a source's past, or go on with it; None is as far as was said before.

        Raises `NotFoundError`, `InvalidInputError`, `StorageError`.
        """
        if key in self._under_way:
            raise InvalidInputError(f"the past of {key} is being read already", mend="wait for it, or stop it")
        if len(self._under_way) >= MOST:
            raise InvalidInputError(f"the pasts of {MOST} sources are being read", mend="wait for one, or stop one")
        crawl, dispatch = fetching(desk), desk.dispatch
        if dispatch is None:
            raise StorageError("nothing is matched by this process", mend="ask the one that watches")
        mine = self._under_way[key] = _UnderWay()
        try:
            claimed = await backfill.claim(desk.database, key, since)
        except BaseException:
            del self._under_way[key]
            raise
        mine.task = asyncio.create_task(self._read(crawl, dispatch, claimed, mine))
        return claimed

    def is_here(self, key: str) -> bool:
        """Whether this process reads the source's past, and can stop."""
        return key in self._under_way

    def notice_of(self, key: str) -> str:
        """What a person should know of one that is under way."""
        return self._under_way[key].notice if key in self._under_way else ""

    def stop(self, key: str) -> None:
        """Ask one to pause; what is on its way still comes in. Raises `InvalidInputError` where none is under way."""
        if key not in self._under_way:
            raise InvalidInputError(f"the past of {key} is not being read here", mend="it may have ended: see its page")
        self._under_way[key].stop.set()

    async def stop_all(self) -> None:
        """Let all of them pause, and wait until they have."""
        for each in self._under_way.values():
            each.stop.set()
        if tasks := [each.task for each in self._under_way.values() if each.task is not None]:
            await asyncio.wait(tasks)

    async def _read(self, crawl: Crawl, dispatch: Dispatch, claimed: Claimed, mine: _UnderWay) -> None:
        key = claimed.source.key
        reading = backfill.read_back(crawl, dispatch, claimed, mine.stop, notice=mine.noticed)
        try:
            await heard(reading, f"reading the past of {key}", crawl.report)
        finally:
            del self._under_way[key]
