"""Clean, then store: what every statement passes on its way from a page into the archive."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from scrapy.crawler import Crawler

from crawler.items import ArticleItem
from crawler.run import Crawl
from storage.errors import StorageError
from storage.types import Article

TITLE_LIMIT = 1_000
"""Characters. Longer than any headline; a page without a title element would make its body one."""

BODY_LIMIT = 1_000_000
"""Characters. Longer than the longest briefing by an order of magnitude."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs, less tab and line feed
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")


class CleanPipeline:
    """Takes out what databases refuse and no reader sees, before anything is stored."""

    def process_item(self, item: ArticleItem) -> ArticleItem:
        item.draft = replace(item.draft, article=clean(item.draft.article))
        return item


def clean(article: Article) -> Article:
    """The article without NUL, control characters, lone surrogates and stray blanks; composed as NFC.

    PostgreSQL refuses NUL and surrogates, and one bad row poisons its whole batch.
    """
    return replace(
        article,
        title=" ".join(_plain(article.title).split())[:TITLE_LIMIT],
        body=_EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", _plain(article.body))).strip()[:BODY_LIMIT],
        cut=tuple(one for paragraph in article.cut if (one := " ".join(_plain(paragraph).split())[:BODY_LIMIT])),
        published=replace(article.published, text=" ".join(_plain(article.published.text).split())[:200]),
    )


def _plain(text: str) -> str:
    return _CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


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
