"""The history: which statements meet a query. What a search finds is what an alert would have caught."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage import items
from storage.database import full_text
from storage.query.compile import condition
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.query.text import analyse
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


def search(connection: Connection, query: str, *, limit: int = 20, before: int | None = None) -> Page:
    """The statements whose current version meets the query, the last stored first.

    `before` is an item's id: only those stored before it, so that paging is stable while statements arrive.
    Raises `QueryError`.
    """
    resolved = resolve(parse(query))
    meets = condition(resolved, versions.c.id, full_text(connection)) & versions.c.current
    total = connection.scalar(select(func.count()).select_from(versions).where(meets)) or 0
    newest = select(versions.c.item_id).where(meets).order_by(versions.c.item_id.desc()).limit(limit)
    if before is not None:
        newest = newest.where(versions.c.item_id < before)
    shown = items.get_many(connection, connection.scalars(newest).all())
    return Page(
        tuple(
            Found(item, evaluate(resolved, analyse(item.version.title, item.version.body, item.version.language)).hits)
            for item in shown
        ),
        total,
    )
