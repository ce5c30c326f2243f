"""What a person can see of one statement: its text and versions, why it is theirs, its editions, who was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Connection

from presswatch.actions.alerts import ListedAlert
from presswatch.actions.items import Which, named
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.items import days, items, provenance
from storage.items.diff import Diff, compare
from storage.items.evidence import rows
from storage.items.provenance import Provenance
from storage.outbox import alerts, met, told
from storage.outbox.trace import outcome
from storage.people import topics
from storage.query.aliases import Packs
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.explain import Explanation, explain
from storage.types import Hit, Item, Version


class Step(NamedTuple):
    """A version, and what it changed of the one before; nothing for the first."""

    version: Version
    diff: Diff | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, and what differs."""

    before: Version
    after: Version
    diff: Diff

    @property
    def claims_differ(self) -> bool:
        """Whether the ministry dates the statement otherwise now."""
        return str(self.before.published) != str(self.after.published)


@dataclass(frozen=True, slots=True)
class Why:
    """What a topic said of the statement, clause by clause, and what became of that."""

    topic: str
    query: str
    explanation: Explanation
    outcome: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen of it; nothing named is the newest version alone."""

    version: int = 0
    compared: tuple[int, int] | None = None
    beside: int = 0
    """The edition to stand beside it; by itself the first in another language."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """All that is known of a statement, as its reader may see it."""

    item: Item
    version: Version
    steps: tuple[Step, ...]
    """Its versions, the newest first."""
    met: Mapping[str, tuple[Hit, ...]]
    """The reader's topics that the version met."""
    queries: Mapping[str, str]
    """Of all topics of the reader's."""
    why: Why | None
    comparison: Comparison | None
    editions: tuple[Item, ...]
    beside: Item | None
    beside_hits: tuple[Hit, ...]
    """Where the edition beside it met the reader's topics."""
    provenance: Provenance
    records: int
    """Of its evidence."""
    alerts: tuple[ListedAlert, ...]
    neighbours: tuple[int | None, int | None]


async def statement(database: Database, owner: int, item_id: int, wanted: Wanted = Wanted()) -> Statement:
    """A statement. Raises `NotFoundError`, and `QueryError` for a topic that cannot be asked."""
    return await database.read_async(_statement, database.packs, owner, item_id, wanted)


def _statement(connection: Connection, packs: Packs, owner: int, item_id: int, wanted: Wanted) -> Statement:
    item = items.get(connection, item_id)
    history = items.history(connection, item_id)
    version = _numbered(history, wanted.version or item.version.number)
    editions = tuple(each for each in days.stories(connection, [item.story_id])[item.story_id] if each.id != item.id)
    beside = _beside(item, editions, wanted.beside)
    theirs = met.met_by(connection, owner, beside.version.id) if beside else {}
    queries = {topic.name: topic.query for topic in topics.every(connection, owner)}
    return Statement(
        item,
        version,
        tuple(reversed(_steps(history))),
        {name: hits for name, hits in met.met_by(connection, owner, version.id).items() if name in queries},
        queries,
        _why(connection, packs, owner, item, wanted.why) if wanted.why else None,
        _comparison(history, wanted.compared) if wanted.compared else None,
        editions,
        beside,
        tuple(hit for name, hits in theirs.items() if name in queries for hit in hits),
        provenance.provenance(connection, item_id, version.id),
        len(rows.of_item(connection, item_id)),
        _alerts(connection, owner, item.story_id),
        provenance.neighbours(connection, item_id),
    )


def _numbered(history: tuple[Version, ...], number: int) -> Version:
    found = next((each for each in history if each.number == number), None)
    if found is None:
        raise NotFoundError(
            f"statement {history[0].item_id} has no version {number}", mend=f"it has versions 1 to {history[-1].number}"
        )
    return found


STEPS = 20
"""The newest versions are compared, each with the one before."""


def _steps(history: tuple[Version, ...]) -> list[Step]:
    newest = history[-STEPS - 1 :]
    compared = [Step(after, compare(before, after)) for before, after in pairwise(newest)]
    return [*(Step(version, None) for version in history[: len(history) - len(compared)]), *compared]


def _comparison(history: tuple[Version, ...], numbers: tuple[int, int]) -> Comparison:
    before, after = (_numbered(history, number) for number in numbers)
    if before.number >= after.number:
        raise InvalidInputError("these versions cannot be compared", mend="name the earlier one first: 1..2")
    return Comparison(before, after, compare(before, after))


async def difference(database: Database, which: Which, before: int = 0, after: int = 0) -> Comparison:
    """What the later of two versions of a statement says otherwise: where none is named, what its last edit did.

    Raises `NotFoundError`, `InvalidInputError`.
    """
    return await database.read_async(_difference, which, before, after)


def _difference(connection: Connection, which: Which, before: int, after: int) -> Comparison:
    history = items.history(connection, named(connection, which).id)
    later = after or history[-1].number
    if not before and later == 1:
        has = f"it has versions 1 to {history[-1].number}"
        raise NotFoundError(f"statement {history[0].item_id} has no version before the first", mend=has)
    return _comparison(history, (before or later - 1, later))


def _why(connection: Connection, packs: Packs, owner: int, item: Item, name: str) -> Why:
    topic = topics.get(connection, owner, name)
    explanation = explain(resolve(parse(topic.query), packs), items.analysed(item))
    return Why(topic.name, topic.query, explanation, outcome(connection, item, topic))


def _beside(item: Item, editions: tuple[Item, ...], wanted: int) -> Item | None:
    if wanted:
        found = next((each for each in editions if each.id == wanted), None)
        if found is None:
            raise NotFoundError(
                f"statement {wanted} is no edition of statement {item.id}", mend="choose one of its own"
            )
        return found
    return next((each for each in editions if each.version.language != item.version.language), None)


def _alerts(connection: Connection, owner: int, story_id: int) -> tuple[ListedAlert, ...]:
    found = told.of_story(connection, owner, story_id)
    answers = alerts.last_answers(connection, [alert.id for alert in found])
    return tuple(ListedAlert(alert, answers.get(alert.id)) for alert in found)
