"""The history: which statements meet a query. What a search finds is what an alert would have caught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from storage import items
from storage.archive import Archive
from storage.packs import packs_of
from storage.query.compile import condition, in_one_index
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, resolve
from storage.tables import versions
from storage.types import Hit, Item


@dataclass(frozen=True, slots=True)
class Found:
    """A statement that meets the query, and where."""

    item: Item
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The newest statements that meet a query. `total` counts all of them."""

    found: tuple[Found, ...]
    total: int


# As the partial indexes have them: SQLAlchemy would write `current = 1` for SQLite, and neither index serves that.
_CURRENT = text("versions.current")
_SUPERSEDED = text("NOT versions.current")

_FREQUENT = 500
"""Matches from which on it costs less to walk back from the newest statement than to sort all that match."""


def search(connection: Connection, query: str, *, limit: int = 20, before: int | None = None) -> Page:
    """The statements whose current version meets the query, the last stored first.

    `before` is an item's id: only those stored before it, so that paging is stable while statements arrive.
    Raises `QueryError`.
    """
    resolved = resolve(parse(query), packs_of(connection))
    total = _total(connection, resolved)
    shown = items.get_many(connection, _newest(connection, resolved, limit, before, frequent=total > _FREQUENT))
    return Page(
        tuple(Found(item, evaluate(resolved, items.analysed(item)).hits) for item in shown),
        total,
    )


def _total(connection: Connection, query: ResolvedQuery) -> int:
    """How many current versions meet the query: counted in the indexes alone, without a look at any row."""
    answerable = in_one_index(query)
    if answerable is not None:
        found = Archive(connection).containing(*answerable).subquery()
        (version_id,) = found.c
        superseded = select(versions.c.id).where(_SUPERSEDED)
        counted = select(func.count()).select_from(found).where(version_id.not_in(superseded))
    else:
        meets = condition(query, versions.c.id, Archive(connection))
        counted = select(func.count()).select_from(versions).where(meets, _CURRENT)
    return connection.scalar(counted) or 0


def _newest(
    connection: Connection, query: ResolvedQuery, limit: int, before: int | None, *, frequent: bool
) -> Sequence[int]:
    """The ids of the newest items that meet the query."""
    # The sum keeps the planner from looking up every match by its id, so that it walks along the items.
    version_id = versions.c.id + 0 if frequent else versions.c.id
    meets = condition(query, version_id, Archive(connection))
    newest = select(versions.c.item_id).where(meets, _CURRENT).order_by(versions.c.item_id.desc()).limit(limit)
    if before is not None:
        newest = newest.where(versions.c.item_id < before)
    return connection.scalars(newest).all()
