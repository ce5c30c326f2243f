"""The lines of a day: statements with what they met and what became of their story, of all groups of a page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from storage.items import days, items, reads
from storage.items.days import Period, Seen
from storage.outbox import told
from storage.outbox.met import Met
from storage.outbox.told import Told
from storage.types import Hit, Item


@dataclass(frozen=True, slots=True)
class Line:
    """A story, by the first of its statements that is of the day, and where that met the topic."""

    item: Item
    hits: tuple[Hit, ...] = ()
    also: tuple[Item, ...] = ()
    told: Told | None = None
    topics: tuple[str, ...] = ()
    """The further topics that it met."""
    short: bool = False
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The stories of a topic, of a country, or of none."""

    name: str
    stories: int
    statements: int
    query: str = ""
    """What finds all of a topic."""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedDay:
    """What the lines are made of."""

    connection: Connection
    owner: int
    period: Period
    seen: tuple[Seen, ...]
    met: tuple[Met, ...]
    queries: Mapping[str, str] = field(default_factory=dict)
    """Of the owner's topics, by name, the oldest first."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A group, and of what its lines will be: those of a topic show first where they met that, `short` ones nothing."""

    group: Group
    item_ids: Sequence[int]
    topic: str = ""
    short: bool = False


def written(asked: AskedDay, plan: Sequence[Planned]) -> tuple[Group, ...]:
    """The groups with their lines. The database is asked as often for twenty groups as for one."""
    ids = [item_id for each in plan for item_id in each.item_ids]
    shown = {item.id: item for item in items.get_many(asked.connection, ids)}
    story_ids = [item.story_id for item in shown.values()]
    stories, announced = days.stories(asked.connection, story_ids), told.told(asked.connection, asked.owner, story_ids)
    read = reads.read(asked.connection, asked.owner, ids)
    of_item: dict[int, dict[str, tuple[Hit, ...]]] = defaultdict(dict)
    of_story: dict[int, list[str]] = defaultdict(list)
    for each in asked.met:
        of_item[each.item_id][each.topic] = each.hits
        of_story[each.story_id] += [each.topic] if each.topic not in of_story[each.story_id] else []

    def line(item: Item, group: Planned) -> Line:
        return Line(
            item,
            of_item[item.id].get(group.topic) or tuple(hit for hits in of_item[item.id].values() for hit in hits),
            tuple(other for other in stories.get(item.story_id, ()) if other.id != item.id),
            announced.get(item.story_id),
            tuple(name for name in of_story[item.story_id] if name != group.topic),
            group.short or not of_story[item.story_id],
            item.id in read,
        )

    return tuple(
        replace(each.group, lines=tuple(line(shown[item_id], each) for item_id in each.item_ids if item_id in shown))
        for each in plan
    )
