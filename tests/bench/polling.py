"""Unchanged polls of 1,000 sources, against a bare crawl that makes the same requests.

Ours is what `presswatch poll` does: the sources are claimed, asked, looked at, and each poll's end is written. Both
sides have the same number of requests under way, and neither waits between two requests to a host. A server that
answers at once leaves nothing but their CPU time, which is the worst case; one that answers as late as a site on the
network does shows what is left of the difference in practice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.jobs import poll_now
from storage.events import Event, PollEnded
from storage.types import Reason
from tests.bench.bare import bare_polls
from tests.bench.crawling import crawl_of, poll_once
from tests.bench.measure import Figure, Run, calm, in_child, in_turns, rates, say, watch
from tests.bench.server import Section, site

HOSTS = 250
"""As many as sections of ministries lie on in practice: a few of one host. So no host is asked twice at a time."""

DISTANCE = 0.05
"""Seconds between a request and its answer, to a site in the next country."""

MOST = 1.3
"""Times the baseline's wall time that ours may take."""


def run(sources: int, rounds: int) -> list[Figure]:
    """Poll so many sources once each: sections that answer 304, at once and later, then such as show the same page."""
    figures = []
    for name, etags, delay in (
        ("unchanged polls, 304 at once", True, 0.0),
        (f"unchanged polls, 304 after {DISTANCE * 1000:.0f} ms", True, DISTANCE),
        ("unchanged polls, same body at once", False, 0.0),
    ):
        say(f"{name}: {sources:,} sources on {HOSTS} hosts")
        with site([1] * HOSTS, sections=-(-sources // HOSTS), etags=etags, delay=delay) as sections:
            ours, bare = in_turns(
                name,
                rounds,
                partial(in_child, our_polls, sections[:sources]),
                partial(in_child, bare_polls, sections[:sources], conditional=etags),
            )
        note = f"{sources:,} in {ours.wall:.2f} : {bare.wall:.2f} s, {ours.wall / bare.wall:.2f} times, at most {MOST}"
        figures.append(rates(name, ours, bare, aim=1 / MOST, note=note))
    return figures


def our_polls(sections: Sequence[Section]) -> Run:
    """Poll each section once, after a first round to warm up."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        return asyncio.run(_our_polls(Path(folder), sections))


async def _our_polls(folder: Path, sections: Sequence[Section]) -> Run:
    reasons: list[Reason] = []

    def note(event: Event) -> None:
        if isinstance(event, PollEnded):
            reasons.append(event.reason)

    async with crawl_of(folder, sections, note) as crawl:
        for count in (HOSTS, len(sections) - HOSTS):  # the statements that a host's sections share are read once
            await poll_once(crawl, count)
        reasons.clear()
        calm()
        with watch() as seconds:
            await poll_now(crawl, [section.spec().key for section in sections])
            await crawl.idle()
    assert reasons == [Reason.UNCHANGED] * len(sections), f"unexpected: {reasons[:5]}"
    return Run(len(sections), seconds.wall, seconds.cpu)
