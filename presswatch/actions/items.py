"""What a person can do with one statement: read it in any of its versions, and see why it meets a topic or why not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.items import items, withdrawals
from storage.items.withdrawals import StateChange
from storage.outbox.trace import outcome
from storage.people import topics
from storage.query.aliases import Packs
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.search.explain import Explanation, explain
from storage.types import Item, Version


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A statement, what it says in one version, all of its versions, and the sections that it stands in."""

    item: Item
    version: Version
    versions: tuple[Version, ...]
    sections: tuple[str, ...]
    states: tuple[StateChange, ...]


Which = int | str
"""A statement's number, or its address."""


def named(connection: Connection, which: Which) -> Item:
    """The statement. Raises `NotFoundError`, `InvalidInputError`."""
    if isinstance(which, int):
        return items.get(connection, which)
    try:
        found = items.find(connection, which)
    except ValueError as error:
        mend = "give its number, or the address that search shows"
        raise InvalidInputError(f"{which!r} is no address of a statement", mend=mend) from error
    if found is None:
        raise NotFoundError(f"there is no statement at {which}", mend="find it with: presswatch search")
    return found


async def show(database: Database, which: Which, version: int | None = None) -> ShownItem:
    """What a statement says, in the newest version if none is named. Raises `NotFoundError`, `InvalidInputError`."""
    return await database.read_async(_show, which, version)


def _show(connection: Connection, which: Which, version: int | None) -> ShownItem:
    found = named(connection, which)
    versions = items.history(connection, found.id)
    chosen = next((each for each in versions if each.number == (version or found.version.number)), None)
    if chosen is None:
        raise NotFoundError(
            f"statement {found.id} has no version {version}", mend=f"it has versions 1 to {found.version.number}"
        )
    return ShownItem(
        found, chosen, versions, items.sections(connection, found.id), withdrawals.history(connection, found.id)
    )


async def newest(database: Database, limit: int = 50, before: int | None = None) -> tuple[Item, ...]:
    """The statements that were stored last; `before` is the number of one: only those stored before it."""
    return await database.read_async(items.newest, limit, before)


async def of_story(database: Database, number: int) -> tuple[Item, ...]:
    """The statements that say the same thing, the first one first. Raises `NotFoundError`."""
    return await database.read_async(items.of_story, number)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a statement meets a query, or why not; `outcome` is what became of it, where the query is a topic's."""

    item: Item
    query: str
    explanation: Explanation
    outcome: str = ""


async def why(database: Database, owner: int, which: Which, topic: str) -> Verdict:
    """Why a statement meets a topic, or a query, or why not: clause by clause.

    Raises `NotFoundError`, `InvalidInputError`, `QueryError`.
    """
    return await database.read_async(_why, owner, database.packs, which, topic)


def _why(connection: Connection, owner: int, packs: Packs, which: Which, topic: str) -> Verdict:
    found = named(connection, which)
    saved = topics.find(connection, owner, topic)
    query = saved.query if saved else topic
    explanation = explain(resolve(parse(query), packs), items.analysed(found))
    return Verdict(found, query, explanation, outcome(connection, found, saved) if saved else "")
