"""How an action fetches pages: through a crawl that it is handed, so under the rules of every crawl."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storage.types import Page, SourceSpec

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.discovery.discover import Fetcher
    from crawler.run import Crawl


def fetcher(crawl: Crawl, in_browser: Collection[str] = ()) -> Fetcher:
    """The crawl's `fetch`; pages of the hosts `in_browser` are read after their scripts have run."""

    async def fetch(address: str) -> Page:
        return await crawl.fetch(address, browser=urlsplit(address).hostname in in_browser)

    return fetch


def host_of(spec: SourceSpec) -> str:
    """The host of a source's section."""
    return urlsplit(spec.address).hostname or ""
