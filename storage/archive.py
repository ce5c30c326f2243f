"""The stored versions, as a compiled query asks them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from storage.database import full_text
from storage.query.compile import Index, IndexExpression
from storage.query.resolve import Clause, Nearness
from storage.query.tree import Dated, Fact, Filter
from storage.tables import items, sources, versions


class Archive:
    """What `storage.query.compile` needs, over the tables `versions`, `items` and `sources`."""

    def __init__(self, connection: Connection) -> None:
        self._full_text = full_text(connection)
        self._candidates = versions.alias("candidates")

    def containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        return self._full_text.containing(index, expression)

    def asked(self, clause: Clause | Nearness, candidates: ColumnElement[bool]) -> Select[Any]:
        texts = self._candidates
        return select(texts.c.id).where(candidates, self._full_text.meets(clause, texts))

    @property
    def candidate_id(self) -> ColumnElement[int]:
        return self._candidates.c.id

    def holding(self, leaf: Filter, version_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Where the outer query is about `versions` itself, its columns are asked; else they are looked up."""
        if version_id is versions.c.id:
            return _holding(leaf)
        return version_id.in_(select(versions.c.id).where(_holding(leaf)))


def _holding(leaf: Filter) -> ColumnElement[bool]:
    if isinstance(leaf, Dated):
        day = versions.c.published_day
        bounds = [day >= leaf.first] if leaf.first else []
        bounds += [day <= leaf.last] if leaf.last else []
        return and_(day.is_not(None), *bounds)  # so that without a day it is false, not NULL
    if leaf.field == "lang":
        return func.lower(versions.c.language) == leaf.value
    of_sources = select(items.c.id).join(sources, sources.c.id == items.c.source_id).where(_of_source(leaf))
    return versions.c.item_id.in_(of_sources)


def _of_source(leaf: Fact) -> ColumnElement[bool]:
    if leaf.field == "country":
        return func.lower(sources.c.country) == leaf.value
    key = func.lower(sources.c.key)
    return or_(key == leaf.value, key.startswith(f"{leaf.value}/", autoescape=True))
