"""Clean, then store: what every statement passes on its way from a page into the archive."""

from __future__ import annotations

from dataclasses import replace

from scrapy.crawler import Crawler

from crawler.article.cleaning import clean
from crawler.items import ArticleItem
from crawler.run import Crawl
from storage.errors import StorageError


class CleanPipeline:
    """Takes out what databases refuse and no reader sees, before anything is stored."""

    def process_item(self, item: ArticleItem) -> ArticleItem:
        item.draft = replace(item.draft, article=clean(item.draft.article))
        return item


class StorePipeline:
    """Stores the article; whoever yielded it learns what came of it from `item.stored`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    async def process_item(self, item: ArticleItem) -> ArticleItem:
        crawl: Crawl = self._crawler.spider.crawl  # type: ignore[union-attr]
        try:
            item.settle(await crawl.write(item.draft))
        except StorageError as error:  # it is known to those who asked, and no mistake that Scrapy should log
            item.refuse(error)
        return item
