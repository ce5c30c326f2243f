"""The spider of all sources: it starts the crawl's jobs, and yields what they store.

What the jobs do stands in `crawler.jobs`; here is where their articles enter Scrapy's item pipelines.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

import scrapy
from scrapy import signals
from twisted.python.failure import Failure

from crawler.items import ArticleItem
from crawler.jobs.runs import run_all
from crawler.run import Crawl
from crawler.standalone import standalone_crawl
from storage.errors import PresswatchError


class SectionsSpider(scrapy.Spider):
    """`scrapy crawl sections -a sources=KEY,KEY` polls these sources once; `Crawl` feeds it for as long as it runs."""

    name = "sections"

    def __init__(self, crawl: Crawl | None = None, sources: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._given = crawl
        self._sources = sources

    async def start(self) -> AsyncIterator[ArticleItem]:
        """The articles that the jobs store, which pass the pipelines."""
        self.crawler.signals.connect(self.item_failed, signals.item_error)
        self.crawler.signals.connect(self.item_dropped, signals.item_dropped)
        own = standalone_crawl(self.settings, self._sources)
        try:
            async with nullcontext(self._given) if self._given is not None else own as crawl:
                self.crawl, crawl.engine = crawl, self.crawler.engine
                async for item in self._items_of(crawl):
                    yield item
        except PresswatchError as error:
            self.logger.error("%s; %s", error, error.mend)

    async def _items_of(self, crawl: Crawl) -> AsyncIterator[ArticleItem]:
        running = asyncio.create_task(run_all(crawl, self.settings.getint("CONCURRENT_REQUESTS")))
        running.add_done_callback(lambda _: crawl.no_more_items())
        try:
            async for item in crawl.items():
                yield item
            await running
        finally:
            running.cancel()

    def item_failed(self, item: ArticleItem, failure: Failure) -> None:
        """A mistake in a pipeline: the job that waits for the item learns of it."""
        assert failure.value is not None
        item.refuse(failure.value)

    def item_dropped(self, item: ArticleItem, exception: Exception) -> None:
        """A pipeline that lets an item fall: the job that waits for it learns of that."""
        item.refuse(exception)
