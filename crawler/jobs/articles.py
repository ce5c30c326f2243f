"""The articles of sightings that wait: fetched, read, stored, one after the other.

An article that cannot be had is noted for later; after a while what its listing says of it is stored.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.http import Request, Response

from crawler.fetching import failures
from crawler.fetching.responses import page_of
from crawler.items import ArticleItem
from storage.clock import now
from storage.errors import StorageError, UnreadableError
from storage.events import FaultBegan, FaultEnded
from storage.sources import sightings
from storage.sources.habits import ListingSample
from storage.types import Article, ArticleDraft, Decision, Reason, Sighting, Source

if TYPE_CHECKING:
    from crawler.run import Crawl

logger = logging.getLogger(__name__)

TITLE_ONLY_AFTER = 2
"""Failed attempts to read an article after which what the listing says of it is stored: its title may be all that
anybody needs to know, and nothing published is missed."""


class Unavailable(Exception):
    """A page that cannot be had now."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class Tally:
    """What a poll or a backfill has come to so far."""

    entries: int = 0
    new: int = 0
    shown: ListingSample | None = None
    unread: int = 0
    by_index: bool = False
    """Whether the listing is a sitemap that an index led to."""
    trouble: Unavailable | None = None
    """Why the article before could not be had."""

    @property
    def throttled(self) -> bool:
        """Whether the host asked for more time: the other articles wait."""
        return self.trouble is not None and self.trouble.reason is Reason.THROTTLED


async def fetch(crawl: Crawl, request: Request) -> Response:
    """The answer to a request, under all rules of the crawl. Raises `Unavailable` where there is none."""
    try:
        response: Response = await crawl.engine.download_async(request)
    except Exception as error:
        raise Unavailable(*failures.of_failure(error)) from error
    return response


def request_for(address: str, source: Source) -> Request:
    """A request for a page of the source."""
    return Request(address, meta={"delay": source.spec.delay, "browser": source.spec.browser}, dont_filter=True)


class PendingArticles:
    """The articles of one source that wait. `poll_id` is that of the poll that reads them, if it is one."""

    def __init__(self, crawl: Crawl, source: Source, tally: Tally, poll_id: int | None = None) -> None:
        self._crawl = crawl
        self._source = source
        self._tally = tally
        self._poll_id = poll_id

    async def read(self, sighting: Sighting) -> AsyncIterator[ArticleItem]:
        """Yield the article on its way into the archive. Raises `StorageError`."""
        tally = self._tally
        tally.trouble = None
        try:
            response = await fetch(self._crawl, request_for(sighting.address, self._source))
            item = self._item(await self._article(response, sighting), response.url, sighting)
            yield item
            tally.new += (await item.stored).decision is Decision.NEW
        except Unavailable as error:
            await self._postpone(sighting, error)
        except StorageError:
            raise
        except Exception as error:  # what this one article breaks must not hold up the ones after it
            logger.exception("article %s", sighting.address)
            await self._postpone(sighting, Unavailable(Reason.UNREADABLE, f"{type(error).__name__}: {error}"))
        else:
            if sighting.attempts:
                self._crawl.report(FaultEnded(f"{self._source.key} {sighting.address}", "unread"))
            return
        if sighting.attempts >= TITLE_ONLY_AFTER:
            title_only = Article(sighting.address, sighting.title, sighting.summary, "", sighting.published)
            item = self._item(title_only, sighting.address, sighting)
            yield item
            tally.new += (await item.stored).decision is Decision.NEW

    def next_attempt(self, sighting: Sighting) -> datetime:
        """When an article that could not be had is fetched again."""
        return self._crawl.plan.next_attempt(self._source.spec.interval, sighting.attempts, now())

    def next_revisit(self, article: Article) -> datetime | None:
        """When a new item is read again."""
        return self._crawl.plan.next_revisit(self._source.spec.interval, 0, now())

    async def _postpone(self, sighting: Sighting, error: Unavailable) -> None:
        self._tally.unread += 1
        self._tally.trouble = error
        where = f"{self._source.key} {sighting.address}"
        if sighting.attempts == 0:
            self._crawl.report(FaultBegan(where, error.reason, error.detail, "it is tried again"))
        at = self.next_attempt(sighting)
        await self._crawl.database.write_async(sightings.postpone, sighting.id, error.reason, at)

    def _item(self, article: Article, fetched: str, sighting: Sighting) -> ArticleItem:
        return ArticleItem(
            ArticleDraft(
                article,
                source_id=self._source.id,
                source_key=self._source.key,
                poll_id=self._poll_id,
                sighting_id=sighting.id,
                fetched_address=fetched,
                silent=sighting.silent,
                next_revisit_at=self.next_revisit(article),
            )
        )

    async def _article(self, response: Response, sighting: Sighting) -> Article:
        reason = failures.of_status(response.status)
        if reason is not Reason.OK:
            raise Unavailable(reason, f"{response.url} answered {response.status}")
        try:
            return await self._crawl.reading.article(
                page_of(response), self._source.spec, sighting.title, sighting.published
            )
        except UnreadableError as error:
            raise Unavailable(Reason(error.reason), str(error)) from error
