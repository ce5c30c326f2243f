"""What a person sees of all his topics at once: who is told, how often, and when each was met last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from presswatch.actions.topics import ListedTopic
from storage.database import Database
from storage.outbox import activity, canaries
from storage.people import subscriptions, topics
from storage.query.aliases import Packs

DAYS = 30
"""That are shown, the present one too."""


@dataclass(frozen=True, slots=True)
class Active:
    """A topic, who is told of it, and what came of it, also while it had another query."""

    listed: ListedTopic
    days: tuple[int, ...]
    """Stories that met it on each of the last days, in the reader's zone, the present one last."""
    met_at: datetime | None
    unusable: str = ""
    """Why it cannot be asked any more."""

    @property
    def per_week(self) -> float:
        return sum(self.days) / len(self.days) * 7


async def overview(database: Database, owner: int, zone: str, at: datetime) -> tuple[Active, ...]:
    """The owner's topics, the oldest name first. That of the canaries is not among them: it is the operator's proof."""
    return await database.read_async(_overview, database.packs, owner, zone, at)


def _overview(connection: Connection, packs: Packs, owner: int, zone: str, at: datetime) -> tuple[Active, ...]:
    today = at.astimezone(ZoneInfo(zone)).date()
    lines = topics.predecessors(connection, owner)
    every = [number for line in lines.values() for number in line]
    since = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), ZoneInfo(zone))
    met, last = activity.stories_met(connection, every, since), activity.last_met(connection, every)
    told = subscriptions.every(connection, owner)
    shown = []
    for topic in topics.every(connection, owner):
        if topic.query == canaries.WORD:
            continue
        line = lines[topic.id]
        first: dict[int, datetime] = {}
        for story, when in (each for number in line for each in met.get(number, ())):
            first[story] = min(when, first.get(story, when))
        channels = tuple(each.channel_name for each in told if each.topic_id == topic.id)
        shown.append(
            Active(
                ListedTopic(topic, channels),
                _by_day([when.astimezone(ZoneInfo(zone)).date() for when in first.values()], today),
                max((last[number] for number in line if number in last), default=None),
                topics.why_unusable(packs, topic.query),
            )
        )
    return tuple(sorted(shown, key=lambda each: lines[each.listed.topic.id][-1]))


def _by_day(days: list[date], today: date) -> tuple[int, ...]:
    return tuple(days.count(today - timedelta(days=before)) for before in range(DAYS - 1, -1, -1))
