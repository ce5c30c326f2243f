"""What every way needs: the border, a site within it, a database, a reader, and all spellings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, update

from crawler.reading.process import ReadingProcess
from crawler.run import Crawl
from scheduler import jobs
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.sources import sources
from storage.tables import items, sightings
from storage.types import Shape, SourceSpec
from tests.crawler.website import Website
from tests.patience import PATIENCE
from tests.ssrf.border import Border
from tests.ssrf.spellings import addresses

WELL = "/news/the-minister-opened-the-bridge-2024"
"""The path of the good address."""
ARTICLE = (
    "<html><head><title>The minister opened the bridge</title>{head}</head><body><article>"
    "<h1>The minister opened the bridge</h1><p>"
    + "The minister said that the bridge, which took three years to build, will be open to all from Monday on. " * 4
    + "</p>{body}</article></body></html>"
)


class Kept(ReadingProcess):
    """A reading process for all ways: starting one takes longer than most of them."""

    def close(self) -> None:
        """Go on."""


@dataclass
class World:
    """The border, a site of the tests' own within it, and what a process of ours works with."""

    border: Border
    site: Website
    database: Database
    reading: Kept
    reached: list[str] = field(default_factory=list)
    """Good addresses that were reached otherwise than by asking the site for `WELL`."""

    @property
    def addresses(self) -> list[str]:
        return addresses(self.border.sentinel.port)

    @property
    def policy(self) -> AddressPolicy:
        return AddressPolicy.parse(self.border.allowed)

    @property
    def settings(self) -> dict[str, Any]:
        return {"PRESSWATCH_ALLOW_ADDRESSES": self.border.allowed, "DOWNLOAD_DELAY": 0, "DNS_TIMEOUT": 60}

    @property
    def well(self) -> str:
        return self.site.address(WELL)

    def crawl(self) -> Crawl:
        return Crawl(self.database, reading=self.reading)

    def watch(self, key: str, address: str, shape: Shape = Shape.AUTO) -> SourceSpec:
        """Watch a section, as whoever wrote the database may have done."""
        spec = SourceSpec(key, key, address, delay=0.0, shape=shape)
        self.database.write(sources.add, spec, alert_first=True, now=now())
        return spec

    def answer(self, path: str, body: str, kind: str = "text/html") -> None:
        """From now on the site answers so."""
        self.site.answer(path, body, Content_Type=f"{kind}; charset=utf-8")


Way = Callable[[World], Awaitable[None]]


def make_due(connection: Connection) -> None:
    """All that waits for later is due now."""
    waits = sightings.c.next_attempt_at.is_not(None)
    connection.execute(update(sightings).where(waits).values(next_attempt_at=now()))
    connection.execute(update(items).values(next_revisit_at=now()))


async def revisited(crawl: Crawl) -> None:
    """Read again what is due to be."""
    while await jobs.revisit_due(crawl):
        async with asyncio.timeout(PATIENCE):
            await crawl.idle()
