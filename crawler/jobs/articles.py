"""The articles of sightings that wait: fetched, read, stored, one after the other.

An article that cannot be had is noted for later; after a while what its listing says of it is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten
from time import monotonic

from scrapy.http import Response

from crawler.fetching.responses import page_of
from crawler.jobs.pages import Unavailable, check_is_page, fetch, page_at, request_for
from crawler.jobs.patience import Patience
from crawler.middlewares.record import exchange_of
from crawler.page.document import absolute
from crawler.page.notices import shows
from crawler.run import Crawl
from storage.clock import now
from storage.errors import StorageError, UnreadableError
from storage.events import FaultBegan, FaultEnded
from storage.identity import statement_key
from storage.sources import sightings
from storage.sources.keys import is_said_by_listing
from storage.types import Article, ArticleDraft, Decision, Exchange, Reason, Sighting, Source

TITLE_ONLY_AFTER = 2
"""Failed attempts to read an article after which what the listing says of it is stored: its title may be all that
anybody needs to know, and nothing published is missed."""

_HEADED = 0.7
"""Part of the words of an entry that the heading of a page has, if the page is the entry's."""
_LONGEST_TITLE = 100
"""Characters of a title that is the beginning of a text."""


@dataclass(frozen=True, slots=True)
class ArticleOutcome:
    """What the reading of one article came to."""

    is_new: bool = False
    """Whether an item was stored that was not known."""
    trouble: Unavailable | None = None
    """Why the article could not be had, if it could not."""

    @property
    def throttled(self) -> bool:
        """Whether the host asked for more time: the other articles wait."""
        return self.trouble is not None and self.trouble.reason is Reason.THROTTLED


@dataclass(frozen=True, slots=True)
class ArticlesOutcome:
    """What the reading of articles one after the other came to."""

    new: int = 0
    unread: int = 0
    left: int = 0
    """How many nobody has asked for yet, since the time was over."""
    refusal: StorageError | None = None
    """Why the storage took no more of them, if it did not."""


class PendingArticles:
    """The articles of one source that wait. `poll_id` is that of the poll that reads them, if it is one."""

    def __init__(self, crawl: Crawl, source: Source, poll_id: int | None = None) -> None:
        self._crawl = crawl
        self._source = source
        self._poll_id = poll_id

    async def read_all(self, waiting: Sequence[Sighting], patience: Patience) -> ArticlesOutcome:
        """Read them in their order, for as long as host and patience last and the storage takes them."""
        new = unread = 0
        for number, sighting in enumerate(waiting):
            if patience.is_over:
                return ArticlesOutcome(new, unread, left=len(waiting) - number)
            began = monotonic()
            try:
                outcome = await self.read(sighting)
            except StorageError as error:
                return ArticlesOutcome(new, unread, refusal=error)
            new += outcome.is_new
            unread += outcome.trouble is not None
            patience.tried(began, in_vain=outcome.trouble is not None)
            if outcome.throttled:
                break
        return ArticlesOutcome(new, unread)

    async def read(self, sighting: Sighting) -> ArticleOutcome:
        """Fetch, read and store the article, or see to it that it is done later. Raises `StorageError`."""
        try:
            is_new = await self._store_as_found(sighting)
        except Unavailable as error:
            return await self._postpone(sighting, error)
        except StorageError:
            raise
        except Exception as error:  # what this one article breaks must not hold up the ones after it
            error.add_note(f"article {sighting.address}")
            self._crawl.mistake(f"an article of {self._source.key}", error)
            return await self._postpone(sighting, Unavailable(Reason.UNREADABLE, f"{type(error).__name__}: {error}"))
        if sighting.attempts:
            self._crawl.report(FaultEnded(f"{self._source.key} {sighting.address}", "unread"))
        return ArticleOutcome(is_new)

    async def _store_as_found(self, sighting: Sighting) -> bool:
        key = statement_key(sighting.address, sighting.part)
        if is_said_by_listing(key, browser=self._source.spec.browser):
            return await self._store(self._as_listed(sighting), sighting.address, sighting)
        response = await fetch(self._crawl, request_for(sighting.address, self._source, record=True))
        article = await self._article(response, sighting)
        if sighting.part.startswith("~") and not shows((article.title,), sighting.title, share=_HEADED):
            of_many = replace(sighting, part="=" + sighting.part[1:])
            return await self._store(self._as_listed(sighting), sighting.address, of_many)
        return await self._store(article, response.url, sighting, exchange_of(response))

    def _as_listed(self, sighting: Sighting) -> Article:
        """What the listing says of a statement."""
        languages = self._source.spec.languages
        return Article(
            sighting.address,
            sighting.title or shorten(sighting.summary, _LONGEST_TITLE, placeholder=" …"),
            sighting.summary,
            languages[0] if len(languages) == 1 else "",
            sighting.published,
        )

    def next_attempt(self, sighting: Sighting) -> datetime:
        """When an article that could not be had is fetched again."""
        return self._crawl.plan.next_attempt(self._source.spec.interval, sighting.attempts, now())

    def next_revisit(self, article: Article) -> datetime | None:
        """When a new item is read again."""
        return self._crawl.plan.next_revisit(self._source.spec.interval, 0, now())

    async def _postpone(self, sighting: Sighting, trouble: Unavailable) -> ArticleOutcome:
        """Note it for later; store what the listing says of it where it has been later often enough."""
        if sighting.attempts == 0:
            where = f"{self._source.key} {sighting.address}"
            self._crawl.report(FaultBegan(where, trouble.reason, trouble.detail, "it is tried again"))
        at = self.next_attempt(sighting)
        await self._crawl.database.write_async(sightings.postpone, sighting.id, trouble.reason, at)
        is_of_old = absolute("", sighting.address) is None  # written down before hosts that cannot be were refused
        if sighting.attempts < TITLE_ONLY_AFTER or is_of_old:
            return ArticleOutcome(trouble=trouble)
        return ArticleOutcome(await self._store(self._as_listed(sighting), sighting.address, sighting), trouble)

    async def _store(
        self, article: Article, fetched: str, sighting: Sighting, exchange: Exchange | None = None
    ) -> bool:
        """Store the article; return whether it is a new item."""
        key = statement_key(sighting.address, sighting.part)
        is_all = is_said_by_listing(key, browser=self._source.spec.browser)
        stored = await self._crawl.store(
            ArticleDraft(
                article,
                source_id=self._source.id,
                source_key=self._source.key,
                poll_id=self._poll_id,
                sighting_id=sighting.id,
                fetched_address=fetched,
                silent=sighting.silent,
                next_revisit_at=None if is_all else self.next_revisit(article),
                part=sighting.part,
                exchange=exchange,
            )
        )
        return stored.decision is Decision.NEW

    async def _article(self, response: Response, sighting: Sighting) -> Article:
        check_is_page(response)
        page = page_of(response)
        if sighting.part.startswith("#"):
            page = page_at(page, sighting.address)
        title = "" if sighting.part.startswith("~") else sighting.title  # else the page would be headed as is asked for
        try:
            return await self._crawl.reading.article(page, self._source.spec, title, sighting.published)
        except UnreadableError as error:
            raise Unavailable(error.reason, str(error)) from error
