"""A section's past, read page by page or day by day: polite, silent, and from the rows whenever it goes on.

1. What a page shows and the source does not know becomes sightings of the backfill: silent, whatever comes later.
2. Their articles are read as a poll reads them.
3. The row says which page comes next. Killed before that, the page is read once more, and its entries are known.

A watched section's first page belongs to its polls: what is new there is news. Before each request the polls of the
same host go first, in whichever process they run.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler.items import ArticleItem
from crawler.jobs.articles import Unavailable
from crawler.jobs.backfill_form import ByForm
from crawler.jobs.backfill_pages import ByPages
from crawler.jobs.backfill_stop import StopReason
from crawler.jobs.backfill_walk import Paused
from crawler.queue import BackfillJob, BackfillOutcome
from storage.clock import now
from storage.errors import StorageError
from storage.sources import backfills
from storage.types import Reason

if TYPE_CHECKING:
    from crawler.run import Crawl

logger = logging.getLogger(__name__)


ENDINGS = {
    StopReason.DATE: "it has come to the day",
    StopReason.LOOP: "its pages begin to come again",
    StopReason.REPEATS: "its last pages show nothing that was not on those before",
    StopReason.END: "there are no more pages",
}


async def read(crawl: Crawl, response: Response, job: BackfillJob) -> AsyncIterator[ArticleItem]:
    """Yield the statements of the source's past; settles `job.outcome` when it ends or pauses."""
    way = ByForm(crawl, job) if job.source.spec.search.fields else ByPages(crawl, job)
    try:
        async for item in way.articles():  # those of the page at which it was stopped
            yield item
        async for item in way.read(response):
            yield item
        async for item in way.articles(to_the_end=True):
            yield item
    except Paused as pause:
        await settle(crawl, job, BackfillOutcome(False, pause.reason, pause.detail))
    except Unavailable as error:
        await settle(crawl, job, BackfillOutcome(False, error.reason, error.detail))
    except StorageError as error:
        await settle(crawl, job, BackfillOutcome(False, Reason.STORAGE, str(error)))
    except Exception as error:  # a mistake of ours: the backfill can be taken up again, and it must be seen
        logger.exception("backfill of %s", job.source.key)
        await settle(crawl, job, BackfillOutcome(False, Reason.UNREADABLE, f"{type(error).__name__}: {error}"))
    else:
        await settle(crawl, job, BackfillOutcome(True, way.verdict, ENDINGS[way.verdict]))


async def settle(crawl: Crawl, job: BackfillJob, outcome: BackfillOutcome) -> None:
    """Write down how the backfill ended or why it pauses."""
    with contextlib.suppress(StorageError):  # the row is free again when this process is gone
        if outcome.finished:
            await crawl.database.write_async(backfills.end, job.backfill.id, outcome.reason, outcome.detail, now())
        else:
            await crawl.database.write_async(backfills.pause, job.backfill.id, outcome.reason, outcome.detail)
    if not job.outcome.done():
        job.outcome.set_result(outcome)
