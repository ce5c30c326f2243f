"""Polls of sources that have nothing new, against a bare crawl that makes the same requests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.jobs import POLLS_AT_ONCE
from storage.clock import now
from storage.sources import Poll, claim_due
from storage.types import Event, PollEnded, Reason
from tests.bench.bare import bare_polls
from tests.bench.crawling import crawl_of, poll_once
from tests.bench.measure import Figure, Run, in_child, in_turns, rates, say, watch
from tests.bench.server import Section, site

SECTIONS = 64

TICK = 0.01
"""Seconds between two looks at the free places."""

AIM = 0.90


def run(polls: int, rounds: int) -> list[Figure]:
    """Poll sixty-four sections that answer 304, then as many that show the same page again."""
    times = max(polls // SECTIONS, 1)
    figures = []
    for name, etags in (("unchanged poll, 304", True), ("unchanged poll, same body", False)):
        say(f"{name}: {times} times {SECTIONS} sections")
        with site([1] * SECTIONS, etags=etags) as sections:
            ours, bare = in_turns(
                name,
                rounds,
                partial(in_child, our_polls, sections, times),
                partial(in_child, bare_polls, sections, times, conditional=etags),
            )
        figures.append(rates(name, ours, bare, aim=AIM))
    return figures


def our_polls(sections: Sequence[Section], times: int) -> Run:
    """Poll each section `times` times, as often as places are free, after a first round to warm up."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        return asyncio.run(_our_polls(Path(folder), sections, times * len(sections)))


async def _our_polls(folder: Path, sections: Sequence[Section], wanted: int) -> Run:
    reasons: list[Reason] = []

    def note(event: Event) -> None:
        if isinstance(event, PollEnded):
            reasons.append(event.reason)

    async with crawl_of(folder, sections, note) as crawl:
        await poll_once(crawl, len(sections))
        reasons.clear()
        left = wanted
        with watch() as seconds:
            while left or crawl.busy:
                places = min(POLLS_AT_ONCE - crawl.busy, left)
                polls: tuple[Poll, ...] = ()
                if places >= min(POLLS_AT_ONCE // 4, left) and left:
                    polls = await crawl.database.write_async(claim_due, "bench", now(), limit=places)
                    crawl.submit(polls)
                    left -= len(polls)
                if not polls:
                    await asyncio.sleep(TICK)
    assert set(reasons) == {Reason.UNCHANGED} and len(reasons) == wanted, f"unexpected: {reasons[:5]}"
    return Run(wanted, seconds.wall, seconds.cpu)
