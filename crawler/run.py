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
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.fetching.failures import REMEDIES
from crawler.page.document import absolute
from crawler.queue import Fetch, Job, Plan, Steady, wants_whole
from crawler.reading.process import ReadingProcess
from storage.clock import now
from storage.database import Database
from storage.database.batches import GroupCommit
from storage.errors import StorageError, UnreadableError
from storage.events import Event, FaultBegan, FaultEnded, PollEnded, StatementStored
from storage.items.revisits import Revisit
from storage.items.store import store
from storage.sources import health
from storage.sources.habits import ListingSample, learn
from storage.sources.polls import Poll, PollResult, end_polls, healthy_reason
from storage.types import (
    FORGOTTEN,
    ArticleDraft,
    Decision,
    Habits,
    Page,
    Reason,
    SourceSpec,
    Stored,
    TransportExceptions,
    Validators,
)

STORAGE_PATIENCE = 5.0
"""Seconds between two attempts to write down what a poll showed while the storage refuses."""

ARTICLES_LINGER = 0.05
RESULTS_LINGER = 0.02
"""Seconds that what was found waits to be written together with its neighbours: each transaction keeps the loop
waiting, and nobody who polls every few seconds notices. A poll holds its place for as long as its result waits."""


WRITING_PATIENCE = 2.0
"""Seconds that the last writes get when the crawl stops: more is needed only by a storage that refuses."""


_NO_EXCEPTIONS = TransportExceptions()


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
        self._drafts: GroupCommit[ArticleDraft, Stored] = GroupCommit(
            self._write_drafts, limit=50, linger=ARTICLES_LINGER
        )
        self._results: GroupCommit[PollResult, None] = GroupCommit(
            self._write_results, limit=200, linger=RESULTS_LINGER
        )
        self._ending: set[asyncio.Task[None]] = set()
        self._storage_fault = False
        self._crawling: asyncio.Future[None] | None = None
        self._warming_up: asyncio.Task[None] | None = None

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self, settings: Mapping[str, Any] | None = None) -> None:
        """Start the reader process and Scrapy on the running loop; `settings` go over `crawler.settings`."""
        self._warming_up = asyncio.create_task(self.reading.start())  # polls need not wait for it, pages will
        runner = _runner(settings or {})
        self._crawling = asyncio.ensure_future(runner.crawl("sections", crawl=self))
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
        validators: Validators | None = None,
        baseline: bool = False,
        shown: ListingSample | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Write down what a poll showed, and say so. `validators` are kept if None.

        `shown` is what its listing teaches of the source's habits.
        """
        at = now()
        verdict = health.judge(poll.source, reason, shown, at, detail)
        reason, detail, learned = verdict.reason, verdict.detail, _learned(poll, shown, verdict, at)
        source = replace(poll.source, habits=learned) if learned else poll.source
        if reason is Reason.DRIFTED:  # an unchanged answer would hide that it still is
            validators = FORGOTTEN
        result = PollResult(
            poll=poll,
            ended_at=at,
            reason=reason,
            next_poll_at=self.plan.next_poll(source, reason, at, retry_after),
            detail=detail,
            entries=entries,
            new_items=new_items,
            validators=source.validators if validators is None else validators,
            full_fetch_at=poll.started_at if reason.readable and wants_whole(source, poll.started_at) else None,
            baseline_at=at if baseline and reason.readable else None,
            habits=learned,
        )
        await self._write_result_patiently(result)
        seconds = (at - poll.started_at).total_seconds()
        self.report(PollEnded(source.key, reason, detail, seconds, entries, new_items))
        before, after = source.reason, healthy_reason(reason)
        if (before.healthy and not after.healthy) or (not after.healthy and before != after):
            self.report(FaultBegan(source.key, after, detail, REMEDIES.get(after, "")))
        elif after.healthy and not before.healthy:
            self.report(FaultEnded(source.key, before))

    def end_unchanged(self, poll: Poll, validators: Validators) -> None:
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
        stored = await self.database.write_async(store, drafts, now=now())
        self._storage_works()
        for draft, result in zip(drafts, stored, strict=True):
            if result.decision is not Decision.SAME:
                self.report(StatementStored(draft.source_key, result, draft.article.published, draft.silent))
        return stored


def _learned(poll: Poll, shown: ListingSample | None, verdict: health.HealthJudgement, at: datetime) -> Habits | None:
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
