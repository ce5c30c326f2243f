"""Sources whose articles are made to cost, beside healthy ones: these have all their articles while those are read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from crawler.reading.process import ReadingProcess
from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.events import PollEnded
from storage.leases import owner
from storage.sources import polls, sources
from storage.tables import items
from storage.tables import sources as sources_table
from storage.types import SourceSpec
from tests.crawler import faulty
from tests.crawler.faulty import Talk
from tests.crawler.hostile import HOSTILE_PAGES, Made
from tests.patience import PATIENCE

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),  # Twisted has one reactor, and it has one loop
    pytest.mark.slow,
]

SIZE = 5_000_000
KINDS = ("paragraphs", "links", "lines", "words", "nested elements", "empty menus")
COSTLIEST = ("paragraphs", "words", "nested elements")
"""At full size these alone but for `--full`: twelve pages of 5 MB, one after the other, cost a minute of a core."""
ARTICLES = 2
"""Of each source."""
LISTING = "".join(
    f'<p>{day} November 2024 <a href="/news/{day}">The minister opened the bridge number {day}</a></p>'
    for day in range(10, 10 + ARTICLES)
).encode()
STATEMENT = (
    "<html><head><title>The minister opened a bridge</title></head><body><article><h1>The minister opened a bridge</h1>"
    + "<p>The minister said that the bridge, which took three years to build, will be open to all from Monday on.</p>"
    * 4
    + "</article></body></html>"
).encode()


def of_size(made: Made, size: int) -> bytes:
    each = (len(made(1_100)) - len(made(100))) // 1_000
    return made(size // each).encode()


def site(article: bytes) -> Callable[[Talk], None]:
    def answer(talk: Talk) -> None:
        talk.answer(LISTING if talk.path == "/news" else article)

    return answer


@pytest.mark.parametrize("size", [SIZE, SIZE // 10], ids=["5 MB", "500 kB"])
async def test_sources_of_hostile_pages_keep_no_healthy_one_waiting(
    database: Database, size: int, request: pytest.FixtureRequest
) -> None:
    kinds = KINDS if size < SIZE or request.config.getoption("--full") else COSTLIEST
    hostile = {f"test/hog-{number}": site(of_size(HOSTILE_PAGES[kind], size)) for number, kind in enumerate(kinds)}
    healthy = {f"test/well-{number}": site(STATEMENT) for number in range(4)}
    ended: list[str] = []

    def note(event: object) -> None:
        if isinstance(event, PollEnded):
            ended.append(event.source)

    crawl = Crawl(database, report=note, reading=ReadingProcess(readers=1))
    await crawl.start({"PRESSWATCH_ALLOW_ADDRESSES": "127.0.0.0/8", "DOWNLOAD_DELAY": 0})
    try:
        with faulty.sites(*hostile.values(), *healthy.values()) as sites:
            for key, one in zip((*hostile, *healthy), sites, strict=True):
                spec = SourceSpec(key, key, one.address, delay=0.0)
                database.write(sources.add, spec, alert_first=False, now=now())
            await crawl.reading.start()
            crawl.submit(database.write(polls.claim_due, owner(), now(), limit=100, keys=[*hostile, *healthy]))
            async with asyncio.timeout(PATIENCE):
                await crawl.idle()
    finally:
        await crawl.stop()
    assert set(ended) == {*hostile, *healthy}
    assert max(map(ended.index, healthy)) < max(map(ended.index, hostile)), "nobody waits for the last of the others"
    stored = dict(database.read(partial(_stored)))
    assert {key: stored[key] for key in healthy} == dict.fromkeys(healthy, ARTICLES)


def _stored(connection: Connection) -> list[tuple[str, int]]:
    known = select(sources_table.c.key, func.count()).join(items, items.c.source_id == sources_table.c.id)
    return [(row[0], row[1]) for row in connection.execute(known.group_by(sources_table.c.key))]
