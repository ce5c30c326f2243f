"""`scrapy crawl sections -a sources=...`: the crawl without a scheduler, for the sources that a person names."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from crawler.catalog import catalogue
from crawler.run import Crawl
from storage.clock import now
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.database import data_folder
from storage.events import Event, event_line
from storage.leases import owner
from storage.opening import open_database
from storage.sources import sources
from storage.sources.polls import claim_due

logger = logging.getLogger(__name__)


@asynccontextmanager
async def standalone_crawl(settings: Mapping[str, Any], keys: str) -> AsyncIterator[Crawl]:
    """A crawl on the data folder of the settings that polls the sources in `keys` (separated by commas) once.

    Raises `NotFoundError` for an unknown source.
    """
    async with AsyncExitStack() as stack:
        policy = AddressPolicy.parse(settings.get("PRESSWATCH_ALLOW_ADDRESSES") or "")
        stack.enter_context(guarded_connections(policy))
        folder = Path(settings["PRESSWATCH_DATA"]) if settings.get("PRESSWATCH_DATA") else data_folder()
        database = stack.enter_context(open_database(folder))
        if database.read(sources.catalogue_differs, catalogue()):
            database.write(sources.sync_catalogue, catalogue(), now())
        wanted = [key.strip() for key in keys.split(",") if key.strip()]
        for key in wanted:
            database.read(sources.get, key)
        polls = database.claim(claim_due, owner(), now(), limit=1000, keys=wanted)
        crawl = Crawl(database, report=_log)
        crawl.archive.folder.limit = int(settings["PRESSWATCH_EVIDENCE"]) * 1_000_000
        stack.callback(crawl.reading.close)
        await crawl.reading.start()
        crawl.submit(polls)
        crawl.no_more()
        yield crawl
        await crawl.idle()


def _log(event: Event) -> None:
    logger.warning("%s", event_line(event))
