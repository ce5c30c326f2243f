"""What a person sees of a query before it becomes a topic: what it finds, and why it gains and loses what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from presswatch.actions.topics import remarks
from storage.clock import now
from storage.database import Database
from storage.items import items
from storage.people import topics
from storage.query.aliases import Packs
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, resolve
from storage.query.tree import Alias, And, Dated, Fact, Node, Not, Or
from storage.types import Hit, Item

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.search.explain import Explanation
    from storage.search.preview import Preview

SHOWN = 5
"""Statements that are gained, and that are lost, with the reason."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that only one of two queries finds. `hits` are why the one does, `clause` is why the other does not:
    it is excluded by it where `excluded`, else that clause does not hold, and `why` says more."""

    item: Item
    hits: tuple[Hit, ...] = ()
    clause: str = ""
    why: str = ""
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query would have found, beside what a saved one finds."""

    preview: Preview
    clauses: tuple[tuple[str, int], ...]
    """Each clause that asks for words, and how many statements met it, of those looked at."""
    unmet: dict[str, int]
    """By alias, how many of its names none of them met."""
    gained: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    remarks: tuple[str, ...]


async def trial(database: Database, owner: int, query: str, number: int = 0) -> Trial:
    """Try a query on the last months; `number` is that of the topic whose query it would become.

    Raises `QueryError` for a query that cannot be a topic, `NotFoundError`.
    """
    said = await remarks(database, query)
    return await database.read_async(_trial, owner, database.packs, query, number, said)


def _trial(connection: Connection, owner: int, packs: Packs, query: str, number: int, said: tuple[str, ...]) -> Trial:
    from storage.search.preview import preview

    topics.check(packs, query)
    saved = topics.by_id(connection, owner, number).query if number else None
    if saved is not None and (saved == query or topics.why_unusable(packs, saved)):
        saved = None
    tried = preview(connection, packs, query, now(), saved=saved)
    asked, tree = resolve(parse(query), packs), parse(query)
    named = {each.name.casefold(): each for each in _aliases(tree)}
    gained, lost = (tried.change.gained, tried.change.lost) if tried.change else ((), ())
    return Trial(
        tried,
        tuple((clause, tried.by_clause.get(clause, 0)) for clause in dict.fromkeys(_worded(tree))),
        {
            pack.name: len({name.text for name in pack.names}) - len(tried.by_name.get(pack.name, ()))
            for title in named
            if (pack := packs.get(title)) is not None
        },
        tuple(Difference(item, evaluate(asked, items.analysed(item)).hits) for item in _some(connection, gained)),
        tuple(_lost(asked, item) for item in _some(connection, lost)),
        said,
    )


def _some(connection: Connection, item_ids: Sequence[int]) -> tuple[Item, ...]:
    return items.get_many(connection, item_ids[:SHOWN])


def _worded(node: Node) -> Iterator[str]:
    """The clauses that ask for words, but those that are excluded."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _worded(part)
        case Not() | Fact() | Dated():
            return
        case _:
            yield node.clause


def _aliases(node: Node) -> Iterator[Alias]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _aliases(part)
        case Alias():
            yield node
        case _:
            return


def _lost(asked: ResolvedQuery, item: Item) -> Difference:
    from storage.search.explain import explain

    reason, excluded = _lacking(explain(asked, items.analysed(item)))
    return Difference(item, (), reason.what, reason.why, excluded)


def _lacking(explained: Explanation) -> tuple[Explanation, bool]:
    """The first part that keeps the whole from holding, and whether it excludes."""
    if explained.what == "NOT" and explained.parts:
        return explained.parts[0], True
    for part in explained.parts:
        if not part.holds:
            return _lacking(part)
    return explained, False
