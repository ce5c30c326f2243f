"""What hostile and broken sites do to a crawl: nothing but a reason code for each of them."""

from __future__ import annotations

import asyncio
import os

import psutil
import pytest

from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.events import PollEnded
from storage.leases import owner
from storage.sources import polls, sources
from storage.types import Reason, SourceSpec
from tests.crawler import faulty
from tests.crawler.faulty import Fault
from tests.patience import PATIENCE

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),  # Twisted has one reactor, and it has one loop
    pytest.mark.slow,
]

TIMEOUT = 20.0
"""Seconds until a download is given up; thirty in earnest."""

EXPECTED: dict[Fault, set[Reason]] = {
    faulty.healthy: {Reason.OK},
    faulty.silence: {Reason.TIMEOUT},
    faulty.slow_head: {Reason.TIMEOUT},
    faulty.slow_body: {Reason.TIMEOUT},
    faulty.reset: {Reason.UNREACHABLE},
    faulty.short_body: {Reason.UNREACHABLE},
    faulty.bad_chunk: {Reason.UNREACHABLE},
    faulty.gzip_bomb: {Reason.TOO_LARGE},
    faulty.endless: {Reason.TOO_LARGE},
    faulty.redirect_loop: {Reason.REDIRECTS},
    faulty.to_a_forbidden_host: {Reason.REFUSED},
    faulty.to_another_scheme: {Reason.REDIRECTS, Reason.REFUSED},
    faulty.cookie_redirect: {Reason.REDIRECTS},
    faulty.challenge: {Reason.CHALLENGE},
    faulty.login: {Reason.LOGIN},
    faulty.soft_404: {Reason.SOFT_404},
    faulty.bogus_charset: {Reason.OK},
    faulty.full_of_nul: {Reason.OK},
    faulty.nested: {Reason.EMPTY},
    faulty.binary: {Reason.EMPTY, Reason.UNREADABLE},
    faulty.garbage: {Reason.UNREACHABLE},
    faulty.broken_gzip: {Reason.UNREACHABLE, Reason.UNREADABLE, Reason.EMPTY},
    faulty.huge_head: {Reason.TOO_LARGE},
}


def memory() -> int:
    """Bytes that this process and its children hold."""
    this = psutil.Process(os.getpid())
    return sum(one.memory_info().rss for one in (this, *this.children(recursive=True)))


async def measure(most: list[int]) -> None:
    """Note the most memory that is held, ten times a second."""
    while True:
        most[0] = max(most[0], memory())
        await asyncio.sleep(0.1)


async def test_each_fault_gives_its_reason_code_and_the_neighbours_are_polled(database: Database) -> None:
    ended: dict[str, PollEnded] = {}

    def note(event: object) -> None:
        if isinstance(event, PollEnded):
            ended[event.source] = event

    names = {f"test/{fault.__name__.replace('_', '-')}": fault for fault in EXPECTED}
    crawl = Crawl(database, report=note)
    await crawl.start({"PRESSWATCH_ALLOW_ADDRESSES": "127.0.0.0/8", "DOWNLOAD_TIMEOUT": TIMEOUT})
    try:
        with faulty.sites(*names.values()) as sites:
            for key, site in zip(names, sites, strict=True):
                spec = SourceSpec(key, key, site.address, delay=0.0)
                database.write(sources.add, spec, alert_first=False, now=now())
            await crawl.reading.start()
            before = memory()
            most = [before]
            measuring = asyncio.create_task(measure(most))
            crawl.submit(database.write(polls.claim_due, owner(), now(), limit=100, keys=list(names)))
            async with asyncio.timeout(PATIENCE):
                await crawl.idle()
            measuring.cancel()
    finally:
        await crawl.stop()

    reasons = {key: event.reason for key, event in ended.items()}
    assert reasons.keys() == names.keys()
    assert {key: str(reason) for key, reason in reasons.items() if reason not in EXPECTED[names[key]]} == {}
    assert all(event.detail for event in ended.values() if not event.reason.healthy), "it is said what happened"
    asked = {key: site.asked for key, site in zip(names, sites, strict=True)}
    slow = [key for key, reason in reasons.items() if reason is Reason.TIMEOUT]
    assert {asked[key] for key in slow} == {1}, "nobody is given the time of a download twice"
    assert most[0] - before < 200 * 1024 * 1024, "less than one bomb would take"
