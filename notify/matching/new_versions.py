"""Ask the standing topics about every version that waits for it; what meets one becomes matches and alerts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from notify import rhythm
from notify.matching.changes import topic_change
from notify.matching.frequencies import DocumentFrequencies
from notify.matching.matcher import Matcher
from storage.clock import now
from storage.database import Database
from storage.errors import QueryError
from storage.events import Event, FaultBegan, mistake
from storage.leases import owner
from storage.outbox import match_claims, matches, states
from storage.outbox.alert_creation import AlertTiming, DueTime
from storage.outbox.matches import FoundChange, FoundMatch, UnmatchedVersion
from storage.people import topics as topics_store
from storage.query.aliases import Packs
from storage.query.text import AnalysedText
from storage.types import Hit, Reason, Rhythm, Topic

BATCH = 200
"""Versions that are matched in one transaction."""

LEARNED_FROM = 200
"""Versions, the last ones, from which the matcher learns which words are rare, before the first topic stands."""

OUTAGE = timedelta(hours=3)
"""A source that was not read for so long shows the past with its news: all of it comes as one summary."""


class MatchRun:
    """The topics in force, and the way from versions to alerts."""

    def __init__(
        self, database: Database, report: Callable[[Event], None], clock: Callable[[], datetime] = now
    ) -> None:
        self._database = database
        self._report = report
        self._clock = clock
        self._packs: Packs | None = None
        self._matcher = Matcher()
        self._frequencies: DocumentFrequencies | None = None
        self._topics: dict[int, Topic] = {}
        self._broken: set[int] = set()
        self._unmatchable: set[int] = set()

    async def match_new(self) -> int:
        """Ask the topics about every version that waits for it; return how many alerts that made.

        Raises `StorageError`; what was not asked waits.
        """
        made = 0
        while waiting := await self._waiting():
            if self._frequencies is None:
                latest = await self._database.read_async(matches.latest, LEARNED_FROM)
                self._frequencies = await asyncio.to_thread(_learned, latest)
            topics = await self._database.read_async(topics_store.in_force)
            self._refresh(topics, await asyncio.to_thread(lambda: self._database.packs))
            found, changed = await asyncio.to_thread(self._match, waiting)
            at = self._clock()
            made += await self._database.write_async(
                matches.record_matches,
                [version.version_id for version in waiting if version.version_id not in self._unmatchable],
                found,
                at,
                leaving(at),
                changed,
            )
        return made + await self._tell_states()

    async def _tell_states(self) -> int:
        """Make the alerts of what was withdrawn or came back; return how many."""
        made = 0
        while waiting := await self._database.read_async(states.untold):
            at = self._clock()
            made += await self._database.write_async(states.tell, waiting, at, leaving(at))
        return made

    async def _waiting(self) -> Sequence[UnmatchedVersion]:
        """What this process is to ask the topics about: where others do so too, its part of it."""
        at, database = self._clock(), self._database
        found = await database.read_async(matches.unmatched, at, BATCH, self._unmatchable, owner=owner())
        if not found or not database.is_shared:
            return found
        mine = await database.claim_async(match_claims.claim, [version.version_id for version in found], owner(), at)
        return [version for version in found if version.version_id in mine]

    def _match(self, versions: Sequence[UnmatchedVersion]) -> tuple[list[FoundMatch], list[FoundChange]]:
        found: list[FoundMatch] = []
        changed: list[FoundChange] = []
        for version in versions:
            try:
                text = version.analysed
                met = {topic_id: evaluation.hits for topic_id, evaluation in self._matcher.matches(text)}
                edits = self._changes(version, text, met) if version.before is not None else []
                found += [FoundMatch(version.version_id, topic_id, hits) for topic_id, hits in met.items()]
                changed += edits
            except Exception as error:  # a mistake of ours: the others go on, this one waits for a mended program
                self._unmatchable.add(version.version_id)
                made = mistake("matching", error)
                where, mend = f"statement #{version.item_id}", "it is matched when presswatch starts again"
                self._report(made)
                self._report(FaultBegan(where, Reason.UNREADABLE, made.detail, mend))
        return found, changed

    def _changes(
        self, version: UnmatchedVersion, text: AnalysedText, met: Mapping[int, tuple[Hit, ...]]
    ) -> list[FoundChange]:
        """What an edit did to the topics that it meets, or that what it was before met."""
        assert version.before is not None
        before = version.before.analysed
        met_before = {topic_id: evaluation.hits for topic_id, evaluation in self._matcher.matches(before)}
        found = []
        for topic_id in sorted(met.keys() | met_before.keys()):
            change = topic_change(before, text, met_before.get(topic_id), met.get(topic_id))
            if change is not None:
                found.append(FoundChange(version.version_id, topic_id, change))
        return found

    def _refresh(self, topics: Sequence[Topic], packs: Packs) -> None:
        """Bring the matcher up to the topics and the aliases in force.

        A topic that cannot be used any more is told, not dropped.
        """
        if packs is not self._packs:
            self._packs, self._matcher, self._topics = packs, Matcher(packs=packs, frequencies=self._frequencies), {}
        current = {topic.id: topic for topic in topics}
        for gone in self._topics.keys() - current.keys():
            self._matcher.remove(gone)
        for topic in current.values():
            if self._topics.get(topic.id) == topic and topic.id not in self._broken:
                continue
            try:
                self._matcher.add(topic)
                self._broken.discard(topic.id)
            except QueryError as error:
                if topic.id not in self._broken:
                    self._report(FaultBegan(f"topic {topic.name}", Reason.UNREADABLE, str(error), error.mend))
                self._broken.add(topic.id)
        self._topics = current


def leaving(at: datetime) -> DueTime:
    """When the alerts that are made at this instant may leave."""

    def leaves(told: Rhythm, found: AlertTiming) -> datetime:
        flood = found.new > matches.FLOOD or found.silence > OUTAGE
        by_flood = flood and timedelta(minutes=told.minutes) < rhythm.FLOOD_WINDOW
        opened = found.channel_leaves if by_flood else found.group_leaves
        return rhythm.leaves_at(told, at, opened, flood=flood)

    return leaves


def _learned(versions: Sequence[UnmatchedVersion]) -> DocumentFrequencies:
    frequencies = DocumentFrequencies()
    for version in versions:
        text = version.analysed
        frequencies.learn({*text.title.terms, *text.body.terms})
    return frequencies
