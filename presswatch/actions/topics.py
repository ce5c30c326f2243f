"""What a person can do with topics: see them, save one, change its query, try a query before, remove one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from presswatch.actions import pauses
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, did_you_mean
from storage.people import subscriptions, topics
from storage.query.aliases import Packs
from storage.query.parser import parse
from storage.query.tree import Fact, Or, Word, leaves
from storage.sources import sources
from storage.types import Topic

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.search.preview import Preview


@dataclass(frozen=True, slots=True)
class ListedTopic:
    """A topic, and the names of the channels that are told of it."""

    topic: Topic
    channels: tuple[str, ...]


async def listing(database: Database, owner: int) -> tuple[ListedTopic, ...]:
    """The owner's topics, the oldest first, and who is told of them."""
    return await database.read_async(_listing, owner)


def _listing(connection: Connection, owner: int) -> tuple[ListedTopic, ...]:
    told = subscriptions.every(connection, owner)
    return tuple(
        ListedTopic(topic, tuple(each.channel_name for each in told if each.topic_id == topic.id))
        for topic in topics.every(connection, owner)
    )


async def show(database: Database, owner: int, name: str) -> ListedTopic:
    """The owner's topic of that name. Raises `NotFoundError`."""
    return await database.read_async(_show, owner, name)


def _show(connection: Connection, owner: int, name: str) -> ListedTopic:
    topic = topics.get(connection, owner, name)
    return next(each for each in _listing(connection, owner) if each.topic.id == topic.id)


async def add(database: Database, owner: int, name: str, query: str) -> Topic:
    """Save a topic. Raises `InvalidInputError` for a taken or blank name, `QueryError` for a query that is no topic."""
    return await database.write_async(topics.add, owner, database.packs, name, query, now())


async def remarks(database: Database, query: str) -> tuple[str, ...]:
    """What a person may have meant otherwise in a query that is well formed."""
    return await database.read_async(_remarks, query)


def _remarks(connection: Connection, query: str) -> tuple[str, ...]:
    asked = tuple(leaves(parse(query)))
    words = [each.text for each in asked if isinstance(each, Word) and each.text.upper() in ("AND", "OR", "NOT")]
    known = [source.key for source in sources.every(connection)]
    keys = [each.value for each in asked if isinstance(each, Fact) and each.field == "source"]
    unknown = [key for key in keys if not any(one == key or one.startswith(f"{key}/") for one in known)]
    return (
        *(f"{word} is a word here; {word.upper()} joins" for word in dict.fromkeys(words)),
        *(f"there is no source {key} yet. {did_you_mean(key, known)}".strip() for key in dict.fromkeys(unknown)),
    )


async def change(database: Database, owner: int, name: str, query: str) -> Topic:
    """Give a topic another query; whoever is told of it stays so. Raises `NotFoundError`, `QueryError`."""
    return await database.write_async(_change, owner, database.packs, name, query, now())


def _change(connection: Connection, owner: int, packs: Packs, name: str, query: str, when: datetime) -> Topic:
    return topics.change(connection, packs, topics.get(connection, owner, name), query, when)


class ChangedMeanwhileError(InvalidInputError):
    """Somebody else changed the topic that was to be changed; `topic` is what it is now."""

    def __init__(self, topic: Topic) -> None:
        super().__init__(
            f"{topic.name} was changed meanwhile: it asks {topic.query}", mend="save again to put yours in its place"
        )
        self.topic = topic


async def numbered(database: Database, owner: int, number: int) -> Topic:
    """The owner's topic of that number, or the one that took its place. Raises `NotFoundError`."""
    return await database.read_async(topics.by_id, owner, number)


async def save(database: Database, owner: int, number: int, name: str, query: str) -> Topic:
    """Give the topic of that number this name and query; whoever is told of it stays so, and is told nothing twice.

    Each change gives a topic another number, so that two who change one at the same time are told: raises
    `ChangedMeanwhileError` where it is not the topic's any more, `NotFoundError` where there is none, and as `add`
    does.
    """
    return await database.write_async(_save, owner, database.packs, number, name.strip(), query, now())


def _save(
    connection: Connection, owner: int, packs: Packs, number: int, name: str, query: str, when: datetime
) -> Topic:
    topic = topics.by_id(connection, owner, number)
    if topic.id != number:
        raise ChangedMeanwhileError(topic)
    if (topic.name, topic.query) == (name, query):
        return topic
    topics.check_name(name)
    return topics.change(connection, packs, topic, query, when, name=name)


async def pause(database: Database, owner: int, number: int, until: datetime) -> Topic:
    """Tell nobody of what the topic meets until then. It is asked meanwhile; what it meets stands in the history.

    Raises `NotFoundError`, `InvalidInputError` for a time that is past or too far away.
    """
    pauses.check(until)
    return await database.write_async(_pause, owner, number, until)


async def go_on(database: Database, owner: int, number: int) -> Topic:
    """End a topic's pause: it tells of what is seen from now on. Raises `NotFoundError`."""
    return await database.write_async(_pause, owner, number, now())


def _pause(connection: Connection, owner: int, number: int, until: datetime) -> Topic:
    topic = topics.by_id(connection, owner, number)
    topics.pause(connection, topic.id, until)
    return topics.by_id(connection, owner, topic.id)


def without_source(query: str, key: str) -> str:
    """The query, less what a source says. Raises `QueryError` for one that cannot be read. Pure."""
    tree = parse(query)
    asked = f"({query})" if isinstance(tree, Or) else query
    return f"{asked} -source:{key}"


async def remove(database: Database, owner: int, name: str) -> None:
    """End a topic and its subscriptions; what it found stays in the history. Raises `NotFoundError`."""
    await database.write_async(topics.remove, owner, name, now())


async def preview(database: Database, owner: int, query: str, against: str = "", samples: int = 5) -> Preview:
    """What a query, or the topic of that name, would have found in the last months, and how often it would alert.

    `against` names a topic: then it is said what the query gains and loses against it. Raises `QueryError` for a query
    that cannot be a topic, `NotFoundError`.
    """
    return await database.read_async(_preview, owner, database.packs, query, against, samples)


def _preview(connection: Connection, owner: int, packs: Packs, query: str, against: str, samples: int) -> Preview:
    from storage.search.preview import preview as try_query

    topic = topics.find(connection, owner, query)
    wanted = topic.query if topic else query
    topics.check(packs, wanted)
    saved = topics.get(connection, owner, against).query if against else None
    return try_query(connection, packs, wanted, now(), saved=saved, samples=samples)
