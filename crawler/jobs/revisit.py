"""A known item, read again: was it edited, is it gone, is it back?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy.http import Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of, validators_of
from crawler.items import ArticleItem
from crawler.run import Crawl
from storage.clock import now
from storage.errors import StorageError, UnreadableError
from storage.events import StatementWithdrawn
from storage.items import revisits
from storage.items.revisits import Revisit
from storage.types import FORGOTTEN, ArticleDraft, Reason, Validators


async def read(crawl: Crawl, response: Response, job: Revisit) -> AsyncIterator[ArticleItem]:
    """Yield what the item's page says now, if anything can be said, and plan the next time. Raises `StorageError`."""
    known, source = job.item, job.source
    reason = failures.of_status(response.status)
    if reason is Reason.GONE:
        await _seen(crawl, job, withdrawn=True)
        return
    if not reason.healthy:
        await postpone(crawl, job)
        return
    if reason is Reason.OK:
        version = known.version
        try:
            article = await crawl.reading.article(page_of(response), source.spec, version.title, version.published)
        except UnreadableError:
            await postpone(crawl, job)
            return
        item = ArticleItem(
            ArticleDraft(article, source_id=source.id, source_key=source.key, item_id=known.id, silent=known.silent)
        )
        yield item
        await item.stored
    await _seen(crawl, job, withdrawn=False, validators=validators_of(response))


async def postpone(crawl: Crawl, job: Revisit) -> None:
    """Leave it for its next time; an unreadable page says nothing about the statement."""
    at = crawl.plan.next_revisit(job.source.spec.interval, job.revisits + 1, now())
    try:
        await crawl.database.write_async(revisits.postpone, job.item.id, at)
    except StorageError as error:
        crawl.storage_refused(error)


async def _seen(crawl: Crawl, job: Revisit, *, withdrawn: bool, validators: Validators = FORGOTTEN) -> None:
    known, at = job.item, now()
    await crawl.database.write_async(
        revisits.revisited,
        known.id,
        next_revisit_at=crawl.plan.next_revisit(job.source.spec.interval, job.revisits + 1, at),
        validators=validators,
        withdrawn_at=(known.withdrawn_at or at) if withdrawn else None,
    )
    if withdrawn != (known.withdrawn_at is not None):
        crawl.report(
            StatementWithdrawn(job.source.key, known.id, known.version.title, known.address, returned=not withdrawn)
        )
