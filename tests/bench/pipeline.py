"""New articles from the listing to the matches, against a bare crawl that only runs the same extractor."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from notify.delivery.dispatch import Dispatch
from scheduler.timetable import TICK
from storage.clock import now
from storage.events import Event, StatementStored
from storage.outbox import matches
from storage.people import topics
from storage.types import SOLE_OWNER
from tests.bench.bare import bare_articles
from tests.bench.crawling import acquaint, crawl_of, poll_once
from tests.bench.measure import Figure, Run, in_child, in_turns, rates, say, watch
from tests.bench.server import Section, site
from tests.bench.texts import query

SECTIONS = 32
TOPICS = 1_000
WARM_UP = 16
"""Statements that are read before the time is taken."""

AIM = 0.75


def run(articles: int, rounds: int) -> list[Figure]:
    """Read, store and match about `articles` new statements of thirty-two sections.

    Some sections have three times as many as others, so that polls end, and topics are asked, while others go on.
    """
    each = articles // SECTIONS
    counts = [each // 2 + number % (each + 1) for number in range(SECTIONS)]
    say(f"pipeline: {SECTIONS} sections with {each // 2} to {each // 2 + each} statements, {TOPICS:,} topics")
    with site([WARM_UP, *counts], etags=True) as sections:
        ours, bare = in_turns(
            "pipeline", rounds, partial(in_child, our_articles, sections), partial(in_child, bare_articles, sections)
        )
    return [rates("pipeline, new statements", ours, bare, aim=AIM, note="of the main process")]


def our_articles(sections: Sequence[Section]) -> Run:
    """Poll each section once and ask the topics about what it shows. The first section warms up."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        return asyncio.run(_our_articles(Path(folder), sections))


async def _our_articles(folder: Path, sections: Sequence[Section]) -> Run:
    wanted = sum(len(section.articles) for section in sections[1:])
    stored = 0

    def note(event: Event) -> None:
        nonlocal stored
        stored += isinstance(event, StatementStored)

    async with crawl_of(folder, sections, note) as crawl:
        crawl.database.write(_add_topics)
        dispatch = Dispatch(crawl.database, owner="bench", console=io.StringIO())
        await acquaint(crawl, sections)
        await poll_once(crawl, 1)
        await dispatch.match_new()
        stored = 0
        with watch() as seconds:
            crawling = asyncio.ensure_future(poll_once(crawl, len(sections) - 1))
            while not crawling.done():
                await dispatch.match_new()
                await asyncio.wait({crawling}, timeout=TICK)
            await dispatch.match_new()
        waiting = crawl.database.read(matches.unmatched, now(), 1)
    assert stored == wanted and not waiting, f"{stored} of {wanted} stored, {len(waiting)} not matched"
    return Run(wanted, seconds.wall, seconds.cpu)


def _add_topics(connection: Connection) -> None:
    for number in range(TOPICS):
        topics.add(connection, SOLE_OWNER, {}, f"topic {number}", query(number), now())
