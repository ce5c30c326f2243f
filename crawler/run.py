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
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from crawler.fetching.buffers import give_back_large_buffers
from crawler.items import ArticleItem
from crawler.page.document import absolute
from crawler.queue import Fetch, Job, Plan, Steady
from crawler.reading.process import ReadingProcess
from storage.database import Database
from storage.database.batches import GroupCommit
from storage.errors import StorageError, UnreadableError
from storage.events import Event, FaultBegan, FaultEnded, StatementStored, mistake
from storage.items.archive import Archive
from storage.items.evidence.folder import EvidenceFolder
from storage.items.revisits import Revisit
from storage.leases import STORAGE_PATIENCE
from storage.sources.polls import Poll, PollResult, end_polls
from storage.types import ArticleDraft, Decision, Page, Reason, Source, SourceSpec, Stored, TransportExceptions

logger = logging.getLogger(__name__)

KILLED_QUIETLY = "ignore:resource_tracker"
"""A warning filter for the processes that Python starts beside the reader's. When this process is killed, the one that
tidies up after it would write to the terminal that semaphores have leaked, and that it has removed them."""

ARTICLES_LINGER = 0.05
RESULTS_LINGER = 0.02
"""Seconds that what was found waits to be written together with its neighbours: each transaction keeps the loop
waiting, and nobody who polls every few seconds notices."""

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
        self.plan: Plan = plan or Steady()
        self.reading = reading or ReadingProcess()
        self.tells_head = False
        """Whether the operator is to be told daily where the evidence ends."""
        self.permitted: dict[str, TransportExceptions] = {}
        """What hosts are allowed that no other is, by host."""
        self.engine: Any = None
        """Scrapy's, from when the spider has started."""
        self._report = report
        self.archive = Archive(database, EvidenceFolder.within(database.path.parent), self.report)
        self._queue: asyncio.Queue[Job | None] = asyncio.Queue()
        self._items: asyncio.Queue[ArticleItem | None] = asyncio.Queue()
        self._busy: dict[int, Job] = {}
        self._awaited: dict[int, asyncio.Future[None]] = {}
        self._lost: set[int] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._drafts: GroupCommit[ArticleDraft, Stored] = GroupCommit(
            self._write_drafts, limit=50, linger=ARTICLES_LINGER
        )
        self._results: GroupCommit[PollResult, None] = GroupCommit(
            self._write_results, limit=200, linger=RESULTS_LINGER
        )
        self._storage_fault = False
        self._crawling: asyncio.Future[None] | None = None
        self._stopping = False
        self._warming_up: asyncio.Task[None] | None = None

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self, settings: Mapping[str, Any] | None = None) -> None:
        """Start the reader process and Scrapy on the running loop; `settings` go over `crawler.settings`."""
        if KILLED_QUIETLY not in sys.warnoptions:
            sys.warnoptions.append(KILLED_QUIETLY)
        self._warming_up = asyncio.create_task(self.reading.start())  # polls need not wait for it, pages will
        runner = scrapy_runner(settings or {})
        self.archive.folder.limit = runner.settings.getint("PRESSWATCH_EVIDENCE") * 1_000_000
        self.tells_head = runner.settings.getbool("PRESSWATCH_EVIDENCE_HEAD")
        self._crawling = asyncio.ensure_future(runner.crawl("sections", crawl=self))
        self._crawling.add_done_callback(self._is_over)
        give_back_large_buffers()
        gc.freeze()  # else each full collection walks over all libraries and stops the loop for a tenth of a second

    async def stop(self, patience: float = 5.0) -> None:
        """Take no more jobs, give what is under way `patience` seconds, write what was found, and end.

        What is then still under way is in the rows and is fetched again by the next process.
        """
        self._stopping = True
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

    def _is_over(self, crawling: asyncio.Future[None]) -> None:
        if not self._stopping and not crawling.cancelled():
            self.mistake("the crawl", crawling.exception() or RuntimeError("it has ended by itself"))

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
    def polling(self) -> list[Source]:
        """The sources whose polls wait or are under way."""
        return [job.source for job in self._busy.values() if isinstance(job, Poll)]

    def lose(self, source_ids: Collection[int]) -> None:
        """Say that other processes have claimed these sources: their polls here end as soon as they can."""
        self._lost.update(
            job.id for job in self._busy.values() if isinstance(job, Poll) and job.source.id in source_ids
        )

    def has_lost(self, poll: Poll) -> bool:
        """Whether another process has claimed the source of a poll that is under way here."""
        return poll.id in self._lost

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
        if awaited := self._awaited.pop(id(job), None):
            awaited.set_result(None)
        if isinstance(job, Poll):
            self._lost.discard(job.id)
        if not self._busy:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until no job waits or is under way."""
        await self._idle.wait()

    async def over(self, jobs: Sequence[Job]) -> None:
        """Wait until none of these jobs waits or is under way."""
        loop = asyncio.get_running_loop()
        for job in jobs:
            if id(job) in self._busy:
                await asyncio.shield(self._awaited.setdefault(id(job), loop.create_future()))

    async def jobs(self) -> AsyncIterator[Job]:
        """The jobs as they come in, until the crawl stops."""
        while (job := await self._queue.get()) is not None:
            yield job

    async def fetch(self, address: str, *, browser: bool = False) -> Page:
        """Fetch one page under the rules of the crawl. Raises `UnreadableError` when there is no answer.

        With `browser` it is read after its scripts have run.
        """
        whole = absolute("", address)
        if whole is None:  # Scrapy would end the crawl over it
            raise UnreadableError(Reason.REFUSED, f"{address} is no http or https address", "check the address")
        job = Fetch(whole, browser)
        self.submit([job])
        return await job.page

    # -- what the jobs found -----------------------------------------------------------------------------------------

    async def store(self, draft: ArticleDraft) -> Stored:
        """Send an article through Scrapy's item pipelines, and wait until it is stored. Raises `StorageError`."""
        item = ArticleItem(draft)
        self._items.put_nowait(item)
        return await item.stored

    async def items(self) -> AsyncIterator[ArticleItem]:
        """The articles on their way to the pipelines, until `no_more_items`."""
        while (item := await self._items.get()) is not None:
            yield item

    def no_more_items(self) -> None:
        """Say that the items that are under way are the last ones."""
        self._items.put_nowait(None)

    async def write(self, draft: ArticleDraft) -> Stored:
        """The end of the pipelines: write an article together with those that arrive at the same time."""
        return await self._drafts.add(draft)

    async def write_result(self, result: PollResult) -> None:
        """Write what a poll showed, together with those that end at the same time; wait while the storage refuses."""
        while True:
            try:
                return await self._results.add(result)
            except StorageError as error:
                self.storage_refused(error)
                await asyncio.sleep(STORAGE_PATIENCE)

    # -- what is told ------------------------------------------------------------------------------------------------

    def report(self, event: Event) -> None:
        """Tell what happened. Who is told may be mistaken, or gone: that ends no job."""
        try:
            self._report(event)
        except Exception:
            logger.exception("telling of %s", event)

    def mistake(self, where: str, error: BaseException) -> None:
        """Tell of a mistake of our own."""
        self.report(mistake(where, error))

    def storage_refused(self, error: StorageError) -> None:
        """Say once that the storage refuses, until it takes something again."""
        if not self._storage_fault:
            self._storage_fault = True
            self.report(FaultBegan("storage", Reason.STORAGE, str(error), error.mend))

    def _storage_works(self) -> None:
        if self._storage_fault:
            self._storage_fault = False
            self.report(FaultEnded("storage", Reason.STORAGE))

    async def _write_results(self, results: Sequence[PollResult]) -> Sequence[None]:
        await self.database.write_async(end_polls, results)
        self._storage_works()
        return [None] * len(results)

    async def _write_drafts(self, drafts: Sequence[ArticleDraft]) -> Sequence[Stored]:
        stored = await self.archive.store(drafts)
        self._storage_works()
        for draft, result in zip(drafts, stored, strict=True):
            if result.decision is not Decision.SAME:
                self.report(StatementStored(draft.source_key, result, draft.article.published, draft.silent))
        return stored


def scrapy_runner(settings: Mapping[str, Any]) -> Any:
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
