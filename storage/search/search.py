"""The history: which statements meet a query. What a search finds is what an alert would have caught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from storage.items import items
from storage.query.aliases import Packs
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, resolve
from storage.search import paging, ranking
from storage.search.hits import all_newest, newest, total
from storage.types import Hit, Item


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    RANKED = "ranked"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A statement that meets the query, and where."""

    item: Item
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The first statements that meet a query, from where one asked.

    `total` counts them all, or where `exact` is false at least so many. `next` is where the following page begins,
    empty after the last one; `ranked_among` is how many of the newest matches were compared where not all of them were,
    else 0.
    """

    found: tuple[SearchHit, ...]
    total: int
    next: str = ""
    ranked_among: int = 0
    exact: bool = True


def search(
    connection: Connection,
    packs: Packs,
    query: str,
    *,
    limit: int = 20,
    before: int | None = None,
    order: Order = Order.NEWEST,
    start: str = "",
) -> SearchPage:
    """The statements whose current version meets the query, the last stored first, or the best first.

    `before` is an item's id: only those stored before it. `start` is a page's `next`: paging with it neither repeats
    nor leaves out a statement while others arrive. Raises `QueryError`, `InvalidInputError` for a `start` of no page.
    """
    resolved = resolve(parse(query), packs)
    if order is Order.RANKED:
        return _best(connection, resolved, limit, start)
    before = paging.read_start(start)[0] if start else before
    ids = newest(connection, resolved, limit + 1, before)
    return _page(connection, resolved, ids[:limit], next=str(ids[limit - 1]) if len(ids) > limit else "")


def every(connection: Connection, packs: Packs, query: str, batch: int = 200) -> Iterator[SearchHit]:
    """All statements that meet the query, the last stored first, read in batches. Raises `QueryError`."""
    resolved = resolve(parse(query), packs)
    ids = all_newest(connection, resolved)
    for start in range(0, len(ids), batch):
        yield from _shown(connection, resolved, ids[start : start + batch])


def _best(connection: Connection, query: ResolvedQuery, limit: int, start: str) -> SearchPage:
    below, shown = paging.read_start(start) if start else (ranking.next_item(connection), frozenset())
    ranked = ranking.best_first(connection, query, limit + 1, below, shown)
    return _page(
        connection,
        query,
        ranked.items[:limit],
        next=paging.start_of(below, shown.union(ranked.items[:limit])) if len(ranked.items) > limit else "",
        among=ranking.among(connection, query, below) if ranked.among is None else ranked.among,
    )


def _page(connection: Connection, query: ResolvedQuery, ids: Sequence[int], *, next: str, among: int = 0) -> SearchPage:
    counted = total(connection, query)
    number = max(counted.number, len(ids), among)  # what was looked at to count may be none of it
    return SearchPage(_shown(connection, query, ids), number, next, among, counted.exact)


def _shown(connection: Connection, query: ResolvedQuery, ids: Sequence[int]) -> tuple[SearchHit, ...]:
    shown = items.get_many(connection, ids)
    return tuple(SearchHit(item, evaluate(query, items.analysed(item)).hits) for item in shown)
