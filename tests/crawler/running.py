"""A crawl that runs for the length of a test, and polls of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from crawler.run import Crawl
from storage.clock import now
from storage.leases import owner
from storage.sources import polls
from tests.crawler.website import LOOPBACK
from tests.patience import PATIENCE


@asynccontextmanager
async def running(crawl: Crawl, settings: Mapping[str, Any] = LOOPBACK) -> AsyncIterator[Crawl]:
    """Start the crawl, and stop it."""
    await crawl.start(settings)
    try:
        yield crawl
    finally:
        await crawl.stop()


async def poll(crawl: Crawl, *keys: str) -> None:
    """Poll these sources, until all that this makes necessary is done."""
    crawl.submit(crawl.database.write(polls.claim_due, owner(), now(), limit=len(keys), keys=keys))
    async with asyncio.timeout(PATIENCE):
        await crawl.idle()
