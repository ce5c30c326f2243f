"""A section's past, read page by page or day by day: polite, silent, and from the rows whenever it goes on.

1. What a page shows and the source does not know becomes sightings of the backfill: silent, whatever comes later.
2. Their articles are read as a poll reads them.
3. The row says which page comes next. Killed before that, the page is read once more, and its entries are known.

A watched section's first page belongs to its polls: what is new there is news. Before each request the polls of the
same host go first, in whichever process they run.
"""

from __future__ import annotations

import contextlib

from crawler.jobs.backfill_form import FormWalker
from crawler.jobs.backfill_pages import PageWalker
from crawler.jobs.backfill_stop import StopReason
from crawler.jobs.backfill_walk import Paused
from crawler.jobs.pages import Unavailable, fetch, request_for
from crawler.queue import BackfillJob, BackfillOutcome
from crawler.run import Crawl
from storage.clock import now
from storage.errors import StorageError
from storage.sources import backfills
from storage.types import Reason

ENDINGS = {
    StopReason.DATE: "it has come to the day",
    StopReason.LOOP: "its pages begin to come again",
    StopReason.REPEATS: "its last pages show nothing that was not on those before",
    StopReason.END: "there are no more pages",
}


class BackfillRun:
    """One `BackfillJob`; settles its `outcome` when it ends or pauses."""

    def __init__(self, crawl: Crawl, job: BackfillJob) -> None:
        self._crawl = crawl
        self._job = job
        self.where = f"a backfill of {job.source.key}"

    async def read(self) -> BackfillOutcome:
        walker = (FormWalker if self._job.source.spec.search.fields else PageWalker)(self._crawl, self._job)
        try:
            first = await fetch(self._crawl, request_for(self._job.first_request, self._job.source))
            await walker.read_articles()  # those of the page at which it was stopped
            stop = await walker.walk(first)
            await walker.read_articles(to_the_end=True)
        except (Paused, Unavailable) as pause:
            return BackfillOutcome(False, pause.reason, pause.detail)
        except StorageError as error:
            return BackfillOutcome(False, Reason.STORAGE, str(error))
        return BackfillOutcome(True, stop, ENDINGS[stop])

    async def end(self, outcome: BackfillOutcome) -> None:
        await settle(self._crawl, self._job, outcome)

    async def give_up(self, error: Exception) -> None:
        """It can be taken up again."""
        await self.end(BackfillOutcome(False, Reason.UNREADABLE, f"{type(error).__name__}: {error}"))


async def settle(crawl: Crawl, job: BackfillJob, outcome: BackfillOutcome) -> None:
    """Write down how the backfill ended or why it pauses."""
    with contextlib.suppress(StorageError):  # the row is free again when this process is gone
        if outcome.finished:
            await crawl.database.write_async(backfills.end, job.backfill.id, outcome.reason, outcome.detail, now())
        else:
            await crawl.database.write_async(backfills.pause, job.backfill.id, outcome.reason, outcome.detail)
    if not job.outcome.done():
        job.outcome.set_result(outcome)
