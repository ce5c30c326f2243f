"""The history: which statements meet a query. What a search finds is what an alert would have caught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, select, text

from storage import items, ranking
from storage.archive import Archive
from storage.packs import packs_of
from storage.query.compile import condition, in_one_index
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, resolve
from storage.tables import versions
from storage.types import Hit, Item


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    RANKED = "ranked"


@dataclass(frozen=True, slots=True)
class Found:
    """A statement that meets the query, and where."""

    item: Item
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The first statements that meet a query, from where one asked. `total` counts all of them.

    `next` is where the following page begins, empty after the last one; `ranked_among` is how many of the newest
    matches were compared where not all of them were, else 0.
    """

    found: tuple[Found, ...]
    total: int
    next: str = ""
    ranked_among: int = 0


# As the partial indexes have them: SQLAlchemy would write `current = 1` for SQLite, and neither index serves that.
_CURRENT = text("versions.current")
_SUPERSEDED = text("NOT versions.current")

_FREQUENT = 500
"""Matches from which on it costs less to walk back from the newest statement than to sort all that match."""


def search(
    connection: Connection, query: str, *, limit: int = 20, before: int | None = None, order: Order = Order.NEWEST,
    start: str = "",
) -> Page:  # fmt: skip
    """The statements whose current version meets the query, the last stored first, or the best first.

    `before` is an item's id: only those stored before it. `start` is a page's `next`: paging with it neither repeats
    nor leaves out a statement while others arrive. Raises `QueryError`, `InvalidInputError` for a `start` of no page.
    """
    resolved = resolve(parse(query), packs_of(connection))
    total = count(connection, resolved)
    if order is Order.RANKED:
        return _best(connection, resolved, total, limit, start)
    before = ranking.read_start(start)[0] if start else before
    ids = newest(connection, resolved, limit + 1, before, total)
    following = str(ids[limit - 1]) if len(ids) > limit else ""
    return Page(_shown(connection, resolved, ids[:limit]), total, following)


def every(connection: Connection, query: str, batch: int = 200) -> Iterator[Found]:
    """All statements that meet the query, the last stored first, read in batches. Raises `QueryError`."""
    resolved = resolve(parse(query), packs_of(connection))
    total, before = count(connection, resolved), None
    while ids := newest(connection, resolved, batch, before, total):
        yield from _shown(connection, resolved, ids)
        before = ids[-1]


def count(connection: Connection, query: ResolvedQuery) -> int:
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


def newest(connection: Connection, query: ResolvedQuery, limit: int, before: int | None, total: int) -> Sequence[int]:
    """The ids of the newest items that meet the query, of `total` that do."""
    # The sum keeps the planner from looking up every match by its id, so that it walks along the items.
    version_id = versions.c.id + 0 if total > _FREQUENT else versions.c.id
    meets = condition(query, version_id, Archive(connection))
    found = select(versions.c.item_id).where(meets, _CURRENT).order_by(versions.c.item_id.desc()).limit(limit)
    if before is not None:
        found = found.where(versions.c.item_id < before)
    return connection.scalars(found).all()


def _best(connection: Connection, query: ResolvedQuery, total: int, limit: int, start: str) -> Page:
    below, passed = ranking.read_start(start) if start else (None, 0)
    window = newest(connection, query, ranking.WINDOW, below, total)
    ranked = ranking.best_first(connection, query, window)
    following = passed + limit
    return Page(
        _shown(connection, query, ranked[passed:following]),
        total,
        ranking.start_of(window[0] + 1, following) if following < len(ranked) else "",
        len(window) if len(window) == ranking.WINDOW and total > ranking.WINDOW else 0,
    )


def _shown(connection: Connection, query: ResolvedQuery, ids: Sequence[int]) -> tuple[Found, ...]:
    shown = items.get_many(connection, ids)
    return tuple(Found(item, evaluate(query, items.analysed(item)).hits) for item in shown)
