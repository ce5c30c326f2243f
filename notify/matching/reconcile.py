"""Ask all topics about the latest versions once more, and make up for what was missed.

Nothing should be. A miss means a row that was lost or a mistake of ours: it is repaired as far as that still makes
sense, and told. A topic is asked only about what was seen after it was made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from notify.matching.matcher import Matcher
from notify.matching.new_versions import leaving
from storage.database import Database
from storage.errors import QueryError
from storage.events import MissesRepaired
from storage.outbox import matches
from storage.outbox.matches import AlreadyMatched, FoundMatch
from storage.people import topics as topics_store
from storage.query.aliases import Packs
from storage.types import Topic

WINDOW = timedelta(days=7)
"""How far back it is asked again."""

BATCH = 200
"""Versions that are repaired in one transaction."""


async def reconcile(database: Database, now: datetime, window: timedelta = WINDOW) -> MissesRepaired:
    """Compare the matches and alerts of the last days with what the topics meet; return what was made up for.

    Raises `StorageError`.
    """
    topics = {topic.id: topic for topic in await database.read_async(topics_store.in_force)}
    packs = await asyncio.to_thread(lambda: database.packs)
    matcher = await asyncio.to_thread(_matcher, list(topics.values()), packs)
    last = asked = made = told = 0
    while known := await database.read_async(matches.already_matched, last, now - window, now, BATCH):
        missed = await asyncio.to_thread(_missed, matcher, topics, known)
        ids = [version.text.version_id for version in known]
        new_matches, new_alerts = await database.write_async(matches.repair, ids, missed, now, leaving(now))
        last, asked, made, told = ids[-1], asked + len(ids), made + new_matches, told + new_alerts
    return MissesRepaired(asked, made, told)


def _matcher(topics: Sequence[Topic], packs: Packs) -> Matcher:
    matcher = Matcher(packs=packs)
    for topic in topics:
        try:
            matcher.add(topic)
        except QueryError:
            continue  # `MatchRun` has told of it
    return matcher


def _missed(matcher: Matcher, topics: dict[int, Topic], known: Sequence[AlreadyMatched]) -> list[FoundMatch]:
    missed: list[FoundMatch] = []
    for version in known:
        text = version.text.analysed
        lacking = matcher.meets(text) - version.topic_ids
        asked = {topic_id for topic_id in lacking if topics[topic_id].created_at <= version.seen_at}
        if asked:
            reasons = dict(matcher.matches(text))
            missed += [
                FoundMatch(version.text.version_id, topic_id, reasons[topic_id].hits) for topic_id in sorted(asked)
            ]
    return missed
