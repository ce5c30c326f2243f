"""The long-lived crawl: one Scrapy crawl on the running asyncio loop, fed from a queue.

A crawl per source would cost seven times as much, a process per source five hundred times. Scrapy's spider takes its
jobs from `Crawl.jobs`; what they find is written in batches. The queue holds only claims: should the process die, the
rows say what is due.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import os
import socket
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler.backfill import BackfillJob
from crawler.pages import absolute
from crawler.reading import ReadingProcess
from crawler.reasons import MENDS
from storage import health, items
from storage.batches import Batches
from storage.clock import now
from storage.database import Database
from storage.errors import StorageError, UnreadableError
from storage.habits import Shown, learn
from storage.revisits import Revisit
from storage.sources import Poll, PollResult, end_polls, healthy_reason
from storage.types import (
    ArticleDraft,
    Decision,
    Event,
    FaultBegan,
    FaultEnded,
    Habits,
    Page,
    PollEnded,
    Reason,
    Source,
    SourceSpec,
    StatementStored,
    Stored,
    TransportExceptions,
)

STORAGE_PATIENCE = 5.0
"""Seconds between two attempts to write down what a poll showed while the storage refuses."""

ARTICLES_LINGER = 0.05
RESULTS_LINGER = 0.02
"""Seconds that what was found waits to be written together with its neighbours: each transaction keeps the loop
waiting, and nobody who polls every few seconds notices. A poll holds its place for as long as its result waits."""

FULL_FETCH = timedelta(hours=6)
"""How long a listing is asked for with validators alone: a broken cache says for ever that nothing has changed."""

WRITING_PATIENCE = 2.0
"""Seconds that the last writes get when the crawl stops: more is needed only by a storage that refuses."""


class Plan(Protocol):
    """When things are fetched next: `scheduler.plan`, or `Steady` where there is no scheduler."""

    def next_poll(
        self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None
    ) -> datetime: ...
    def next_attempt(self, interval: int, attempts: int, now: datetime) -> datetime: ...
    def next_revisit(self, interval: int, revisits: int, now: datetime) -> datetime | None: ...


class Steady:
    """Everything again after one interval of its source. For `scrapy crawl`, where a person decides when."""

    def next_poll(self, source: Source, reason: Reason, now: datetime, retry_after: float | None = None) -> datetime:
        return now + timedelta(seconds=max(source.spec.interval, retry_after or 0))

    def next_attempt(self, interval: int, attempts: int, now: datetime) -> datetime:
        return now + timedelta(seconds=interval)

    def next_revisit(self, interval: int, revisits: int, now: datetime) -> datetime | None:
        return now + timedelta(seconds=interval)


@dataclass(frozen=True, slots=True)
class Fetch:
    """A page that somebody waits for, such as a person who adds a source."""

    address: str
    browser: bool = False
    """Whether it is read after its scripts have run."""
    page: asyncio.Future[Page] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


def wants_whole(source: Source, at: datetime) -> bool:
    """Whether a listing is to be fetched whole, whatever its validators say."""
    return source.full_fetch_at is None or source.full_fetch_at + FULL_FETCH <= at


Job = Poll | Revisit | Fetch | BackfillJob
_NO_EXCEPTIONS = TransportExceptions()


_PROCESS = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"


def owner() -> str:
    """The name under which this process claims rows: host, process id, and a token against reused ids."""
    return _PROCESS


def owner_is_dead(name: str) -> bool:
    """Whether the process of that name is known to be gone. Of another host's processes nothing is known."""
    host, _, rest = name.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit() or name.startswith(_PROCESS):
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


class Crawl:
    """The crawl of this process. Jobs go in with `submit`; what happens comes out through `report`."""

    def __init__(
        self,
        database: Database,
        *,
        report: Callable[[Event], None] = lambda event: None,
        plan: Plan | None = None,
        reading: ReadingProcess | None = None,
    ) -> None:
        self.database = database
        self.report = report
        self.plan: Plan = plan or Steady()
        self.reading = reading or ReadingProcess()
        self.permitted: dict[str, TransportExceptions] = {}
        """What hosts are allowed that no other is, by host."""
        self.engine: Any = None
        """Scrapy's, from when the spider has started."""
        self._queue: asyncio.Queue[Job | None] = asyncio.Queue()
        self._busy: dict[int, Job] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._drafts: Batches[ArticleDraft, Stored] = Batches(self._write_drafts, limit=50, linger=ARTICLES_LINGER)
        self._results: Batches[PollResult, None] = Batches(self._write_results, limit=200, linger=RESULTS_LINGER)
        self._ending: set[asyncio.Task[None]] = set()
        self._storage_fault = False
        self._crawling: asyncio.Future[None] | None = None
        self._warming_up: asyncio.Task[None] | None = None

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self, settings: Mapping[str, Any] | None = None) -> None:
        """Start the reader process and Scrapy on the running loop; `settings` go over `crawler.settings`."""
        self._warming_up = asyncio.create_task(self.reading.start())  # polls need not wait for it, pages will
        runner = _runner(settings or {})
        from crawler.spiders.sections import SectionsSpider  # Scrapy's reactor has to be installed first

        self._crawling = asyncio.ensure_future(runner.crawl(SectionsSpider, crawl=self))
        gc.freeze()  # else each full collection walks over all libraries and stops the loop for a tenth of a second

    async def stop(self, patience: float = 5.0) -> None:
        """Take no more jobs, give what is under way `patience` seconds, write what was found, and end.

        What is then still under way is in the rows and is fetched again by the next process.
        """
        self.no_more()
        if self._crawling is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._crawling), patience)
            if not self._crawling.done():
                self._crawling.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WRITING_PATIENCE):
                await self._drafts.drained()
                await self._results.drained()
        self.reading.close()
        if self._warming_up is not None:
            await asyncio.wait({self._warming_up})

    # -- jobs --------------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> int:
        """How many jobs wait or are under way."""
        return len(self._busy)

    @property
    def revisiting(self) -> bool:
        """Whether known items wait to be read again or are being read."""
        return any(isinstance(job, Revisit) for job in self._busy.values())

    @property
    def polling(self) -> list[int]:
        """The ids of the sources whose polls wait or are under way."""
        return [job.source.id for job in self._busy.values() if isinstance(job, Poll)]

    def permit(self, spec: SourceSpec) -> None:
        """Allow the source's host what its exceptions say, from the next connection on."""
        if spec.transport != _NO_EXCEPTIONS:
            self.permitted[urlsplit(spec.address).hostname or ""] = spec.transport

    def submit(self, jobs: Sequence[Job]) -> None:
        """Put jobs into the queue."""
        for job in jobs:
            if not isinstance(job, Fetch):
                self.permit(job.source.spec)
            self._busy[id(job)] = job
            self._idle.clear()
            self._queue.put_nowait(job)

    def no_more(self) -> None:
        """Say that the jobs that are in the queue are the last ones."""
        self._queue.put_nowait(None)

    def done(self, job: Job) -> None:
        """Say that a job is over, whatever came of it."""
        self._busy.pop(id(job), None)
        if not self._busy:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until no job waits or is under way."""
        await self._idle.wait()

    async def jobs(self) -> AsyncIterator[Job]:
        """The jobs as they come in, until the crawl stops."""
        while (job := await self._queue.get()) is not None:
            yield job

    async def fetch(self, address: str, *, browser: bool = False) -> Page:
        """Fetch one page under the rules of the crawl. Raises `UnreadableError` when there is no answer.

        With `browser` it is read after its scripts have run.
        """
        if absolute("", address) is None:  # Scrapy would end the crawl over it
            raise UnreadableError(Reason.REFUSED, f"{address} is no http or https address", "check the address")
        job = Fetch(address, browser)
        self.submit([job])
        return await job.page

    # -- what the jobs found -----------------------------------------------------------------------------------------

    async def store(self, draft: ArticleDraft) -> Stored:
        """Store an article together with those that arrive at the same time. Raises `StorageError`."""
        return await self._drafts.add(draft)

    async def end_poll(
        self,
        poll: Poll,
        reason: Reason,
        *,
        detail: str = "",
        entries: int = 0,
        new_items: int = 0,
        validators: tuple[str | None, str | None, str | None] | None = None,
        baseline: bool = False,
        shown: Shown | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Write down what a poll showed, and say so. `validators`: ETag, Last-Modified, body's hash; kept if None.

        `shown` is what its listing teaches of the source's habits.
        """
        at = now()
        verdict = health.judge(poll.source, reason, shown, at, detail)
        reason, detail, learned = verdict.reason, verdict.detail, _learned(poll, shown, verdict, at)
        source = replace(poll.source, habits=learned) if learned else poll.source
        if reason is Reason.DRIFTED:  # an unchanged answer would hide that it still is
            validators = (None, None, None)
        etag, last_modified, body_hash = validators or (source.etag, source.last_modified, source.body_hash)
        result = PollResult(
            poll=poll,
            ended_at=at,
            reason=reason,
            next_poll_at=self.plan.next_poll(source, reason, at, retry_after),
            detail=detail,
            entries=entries,
            new_items=new_items,
            etag=etag,
            last_modified=last_modified,
            body_hash=body_hash,
            full_fetch_at=poll.started_at if reason.readable and wants_whole(source, poll.started_at) else None,
            baseline_at=at if baseline and reason.readable else None,
            habits=learned,
        )
        await self._write_result_patiently(result)
        seconds = (at - poll.started_at).total_seconds()
        self.report(PollEnded(source.key, reason, detail, seconds, entries, new_items))
        before, after = source.reason, healthy_reason(reason)
        if (before.healthy and not after.healthy) or (not after.healthy and before != after):
            self.report(FaultBegan(source.key, after, detail, MENDS.get(after, "")))
        elif after.healthy and not before.healthy:
            self.report(FaultEnded(source.key, before))

    def end_unchanged(self, poll: Poll, validators: tuple[str | None, str | None, str | None]) -> None:
        """`end_poll` for a poll that found nothing new, without waiting for it to be written."""

        async def end() -> None:
            try:
                await self.end_poll(poll, Reason.UNCHANGED, validators=validators, baseline=True)
            finally:
                self.done(poll)

        task = asyncio.create_task(end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def storage_refused(self, error: StorageError) -> None:
        """Say once that the storage refuses, until it takes something again."""
        if not self._storage_fault:
            self._storage_fault = True
            self.report(FaultBegan("storage", Reason.STORAGE, str(error), error.mend))

    def _storage_works(self) -> None:
        if self._storage_fault:
            self._storage_fault = False
            self.report(FaultEnded("storage", Reason.STORAGE))

    async def _write_result_patiently(self, result: PollResult) -> None:
        while True:
            try:
                return await self._results.add(result)
            except StorageError as error:
                self.storage_refused(error)
                await asyncio.sleep(STORAGE_PATIENCE)

    async def _write_results(self, results: Sequence[PollResult]) -> Sequence[None]:
        await self.database.write_async(end_polls, results)
        self._storage_works()
        return [None] * len(results)

    async def _write_drafts(self, drafts: Sequence[ArticleDraft]) -> Sequence[Stored]:
        stored = await self.database.write_async(items.store, drafts, now=now())
        self._storage_works()
        for draft, result in zip(drafts, stored, strict=True):
            if result.decision is not Decision.SAME:
                self.report(StatementStored(draft.source_key, result, draft.article.published, draft.silent))
        return stored


def _learned(poll: Poll, shown: Shown | None, verdict: health.Verdict, at: datetime) -> Habits | None:
    """What the poll teaches of its source's habits, if it could be read."""
    if shown is None or not verdict.reason.readable:
        return None
    source, of_looks = poll.source, {"looks": verdict.looks, "anew": verdict.anew}
    return learn(source.habits, shown, source.spec.zone, at, source.last_poll_at, **of_looks)


def _runner(settings: Mapping[str, Any]) -> Any:
    """Scrapy's runner on the asyncio reactor of the running loop, started without signal handlers of its own."""
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.settings import Settings
    from scrapy.utils.reactor import is_reactor_installed
    from twisted.internet import asyncioreactor

    if not is_reactor_installed():
        asyncioreactor.install(asyncio.get_running_loop())  # type: ignore[no-untyped-call]
    from twisted.internet import reactor

    if not reactor.running:
        # Name look-ups run in these threads; one that hangs must not keep the process from ending.
        reactor.getThreadPool().threadFactory = functools.partial(threading.Thread, daemon=True)
        reactor.startRunning(installSignalHandlers=False)
    merged = Settings()
    merged.setmodule("crawler.settings")
    merged.setdict(dict(settings), priority="cmdline")
    return AsyncCrawlerRunner(merged)
