"""New articles from the listing to the matches, against a bare crawl that only runs the same extractor."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from notify.dispatch import Dispatch
from scheduler.local import TICK
from storage import alerts, topics
from storage.clock import now
from storage.types import Event, StatementStored
from tests.bench.bare import bare_articles
from tests.bench.crawling import acquaint, crawl_of, first_round
from tests.bench.measure import Figure, Run, in_child, in_turns, rates, say, watch
from tests.bench.server import Section, site
from tests.bench.texts import query

SECTIONS = 64
TOPICS = 1_000

AIM = 0.75


def run(articles: int) -> list[Figure]:
    """Read, store and match `articles` new statements of sixty-four sections."""
    each = max(articles // SECTIONS, 1)
    say(f"pipeline: {SECTIONS} sections with {each} new statements, {TOPICS:,} topics")
    with site(SECTIONS, each, etags=True) as sections:
        ours, bare = in_turns(
            "pipeline", partial(in_child, our_articles, sections), partial(in_child, bare_articles, sections)
        )
    return [rates("pipeline, new statements", ours, bare, aim=AIM, note="of the main process")]


def our_articles(sections: Sequence[Section]) -> Run:
    """Poll each section once and ask the topics about what it shows."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder:
        return asyncio.run(_our_articles(Path(folder), sections))


async def _our_articles(folder: Path, sections: Sequence[Section]) -> Run:
    wanted = sum(len(section.articles) for section in sections)
    stored = 0

    def note(event: Event) -> None:
        nonlocal stored
        stored += isinstance(event, StatementStored)

    async with crawl_of(folder, sections, note) as crawl:
        for number in range(TOPICS):
            crawl.database.write(topics.add, f"topic {number}", query(number), now())
        dispatch = Dispatch(crawl.database, owner="bench", console=io.StringIO())
        await acquaint(crawl, sections)
        with watch() as seconds:
            crawling = asyncio.ensure_future(first_round(crawl, sections))
            while not crawling.done():
                await dispatch.match_new()
                await asyncio.wait({crawling}, timeout=TICK)
            await dispatch.match_new()
        waiting = crawl.database.read(alerts.unmatched, now(), 1)
    assert stored == wanted and not waiting, f"{stored} of {wanted} stored, {len(waiting)} not matched"
    return Run(wanted, seconds.wall, seconds.cpu)
