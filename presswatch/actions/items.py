"""What a person can do with one statement: read it in any of its versions, and see why it meets a topic or why not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.database import Database
from storage.errors import NotFoundError
from storage.items import items
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


async def show(database: Database, item_id: int, version: int | None = None) -> ShownItem:
    """What a statement says, in the newest version if none is named. Raises `NotFoundError`."""
    return await database.read_async(_show, item_id, version)


def _show(connection: Connection, item_id: int, version: int | None) -> ShownItem:
    found = items.get(connection, item_id)
    versions = items.history(connection, item_id)
    chosen = next((each for each in versions if each.number == (version or found.version.number)), None)
    if chosen is None:
        raise NotFoundError(
            f"statement {item_id} has no version {version}", mend=f"it has versions 1 to {found.version.number}"
        )
    return ShownItem(found, chosen, versions, items.sections(connection, item_id))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a statement meets a query, or why not; `outcome` is what became of it, where the query is a topic's."""

    item: Item
    query: str
    explanation: Explanation
    outcome: str = ""


async def why(database: Database, owner: int, item_id: int, topic: str) -> Verdict:
    """Why a statement meets a topic, or a query, or why not: clause by clause. Raises `NotFoundError`, `QueryError`."""
    return await database.read_async(_why, owner, database.packs, item_id, topic)


def _why(connection: Connection, owner: int, packs: Packs, item_id: int, topic: str) -> Verdict:
    found = items.get(connection, item_id)
    saved = topics.find(connection, owner, topic)
    query = saved.query if saved else topic
    explanation = explain(resolve(parse(query), packs), items.analysed(found))
    return Verdict(found, query, explanation, outcome(connection, found, saved) if saved else "")
