"""Questions about topics: standing queries with a name.

What a person does is done as an owner, who sees and changes nobody else's. `in_force` is the matcher's: everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, true, update

from storage.errors import InvalidInputError, NotFoundError, QueryError, did_you_mean
from storage.query.aliases import Packs
from storage.query.check import check_topic
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.tables import subscriptions, topics
from storage.types import Topic


def add(connection: Connection, owner: int, packs: Packs, name: str, query: str, now: datetime) -> Topic:
    """Save an owner's topic, whose query may name an alias of `packs`.

    Raises `InvalidInputError` for a taken or blank name, `QueryError` for a query that is no topic.
    """
    check_name(name)
    check(packs, query)
    if find(connection, owner, name) is not None:
        mend = "choose another name, or give it another query with: presswatch topics change"
        raise InvalidInputError(f"there is already a topic {name!r}", mend=mend)
    connection.execute(insert(topics).values(owner_id=owner, name=name, query=query, created_at=now))
    return get(connection, owner, name)


def change(connection: Connection, packs: Packs, topic: Topic, query: str, now: datetime, *, name: str = "") -> Topic:
    """Give a topic another query, and its name other capitals. What it matched stays the old query's.

    The new one is asked about what comes from now on, and its subscriptions go on: nobody is told again of what was
    announced. Raises as `add` does.
    """
    connection.execute(update(topics).where(topics.c.id == topic.id).values(removed_at=now))
    changed = add(connection, topic.owner_id, packs, name or topic.name, query, now)
    kept = update(topics).where(topics.c.id == changed.id)
    connection.execute(kept.values(replaces=topic.id, paused_until=topic.paused_until))
    still_open = (subscriptions.c.topic_id == topic.id) & subscriptions.c.ended_at.is_(None)
    connection.execute(update(subscriptions).where(still_open).values(topic_id=changed.id))
    return replace(changed, paused_until=topic.paused_until)


def pause(connection: Connection, topic_id: int, until: datetime) -> None:
    """Tell nobody of what the topic meets and was seen before `until`; what waits already leaves all the same.

    It is asked meanwhile, and what it meets stands in the history.
    """
    connection.execute(update(topics).where(topics.c.id == topic_id).values(paused_until=until))


def check_name(name: str) -> None:
    """Raise `InvalidInputError` where a topic cannot be called that."""
    if not name.strip():
        raise InvalidInputError("a topic needs a name", mend="give it one, such as sanctions")


def check(packs: Packs, query: str) -> None:
    """Refuse a query that cannot be a topic. Raises `QueryError` with the place and the mend. Pure."""
    tree = parse(query)
    check_topic(tree)
    resolve(tree, packs)


def why_unusable(packs: Packs, query: str) -> str:
    """Why a saved query cannot be asked any more, for an alias of it is gone or is another, or nothing. Pure."""
    try:
        resolve(parse(query), packs)
    except QueryError as error:
        return str(error)
    return ""


def parted(packs: Packs, every: Iterable[Topic]) -> tuple[tuple[Topic, ...], dict[str, str]]:
    """The topics that can be asked, and the names of the others with the reason. Pure."""
    troubles = [(topic, why_unusable(packs, topic.query)) for topic in every]
    return tuple(topic for topic, why in troubles if not why), {topic.name: why for topic, why in troubles if why}


def find(connection: Connection, owner: int, name: str) -> Topic | None:
    """The owner's topic of that name, whatever its case, or None."""
    names = select(topics.c.id, topics.c.name).where(topics.c.removed_at.is_(None), topics.c.owner_id == owner)
    wanted = name.casefold()
    found = next((row.id for row in connection.execute(names) if row.name.casefold() == wanted), None)
    row = connection.execute(select(topics).where(topics.c.id == found)).first() if found is not None else None
    return _topic(row) if row is not None else None


def get(connection: Connection, owner: int, name: str) -> Topic:
    """The owner's topic of that name. Raises `NotFoundError`."""
    topic = find(connection, owner, name)
    if topic is None:
        raise unknown(name, (each.name for each in every(connection, owner)))
    return topic


def unknown(name: str, known: Iterable[str] = ()) -> NotFoundError:
    """The error that says that the owner has no such topic, with the nearest of those that are known."""
    mend = f"{did_you_mean(name, known)}see all of them with: presswatch topics list"
    return NotFoundError(f"there is no topic {name!r}", mend=mend)


def by_id(connection: Connection, owner: int, topic_id: int) -> Topic:
    """The owner's topic of that id, or the one that has its place now. Raises `NotFoundError`."""
    known, present = {each.id: each for each in every(connection, owner)}, topic_id
    while present not in known:
        following = select(topics.c.id).where(topics.c.replaces == present, topics.c.owner_id == owner)
        later = connection.scalar(following)
        if later is None:
            raise NotFoundError("there is no such topic any more", mend="see all of them on the page of topics")
        present = later
    return known[present]


def predecessors(connection: Connection, owner: int) -> dict[int, tuple[int, ...]]:
    """For each of the owner's topics its own id and those of what it took the place of, the newest first."""
    mine = select(topics.c.id, topics.c.replaces).where(topics.c.owner_id == owner)
    replaced = {row.id: row.replaces for row in connection.execute(mine)}
    return {each.id: tuple(_line(each.id, replaced)) for each in every(connection, owner)}


def _line(topic_id: int | None, replaced: Mapping[int, int | None]) -> Iterator[int]:
    while topic_id is not None:
        yield topic_id
        topic_id = replaced.get(topic_id)


def every(connection: Connection, owner: int) -> tuple[Topic, ...]:
    """The owner's topics that are not removed, the oldest first."""
    return _those(connection, topics.c.owner_id == owner)


def in_force(connection: Connection) -> tuple[Topic, ...]:
    """The topics of all owners that are not removed, the oldest first."""
    return _those(connection, true())


def newest_change(connection: Connection) -> tuple[int, int]:
    """A value that differs whenever the topics in force do: how many there are, and the newest one's id."""
    row = connection.execute(
        select(func.count(), func.coalesce(func.max(topics.c.id), 0)).where(topics.c.removed_at.is_(None))
    ).one()
    return row[0], row[1]


def remove(connection: Connection, owner: int, name: str, now: datetime) -> None:
    """End the owner's topic and its subscriptions; what it matched and announced stays. Raises `NotFoundError`."""
    topic = get(connection, owner, name)
    still_open = (subscriptions.c.topic_id == topic.id) & subscriptions.c.ended_at.is_(None)
    connection.execute(update(subscriptions).where(still_open).values(ended_at=now))
    connection.execute(update(topics).where(topics.c.id == topic.id).values(removed_at=now))


def _those(connection: Connection, which: ColumnElement[bool]) -> tuple[Topic, ...]:
    rows = connection.execute(select(topics).where(topics.c.removed_at.is_(None), which).order_by(topics.c.id))
    return tuple(map(_topic, rows))


def _topic(row: Row[Any]) -> Topic:
    return Topic(row.id, row.owner_id, row.name, row.query, row.created_at, row.paused_until)
