"""The stored versions, as a compiled query asks them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal, not_, or_, select

from storage.database import Dialect
from storage.query.indexes import Index, IndexExpression
from storage.query.text import PUBLISHED
from storage.query.tree import Dated, Fact, Filter
from storage.tables import items, sources, version_facts


class StoredCorpus:
    """What `storage.query.compile` needs, over the tables `version_facts` and `sources`."""

    def __init__(self, dialect: Dialect) -> None:
        self._full_text = dialect.full_text

    def containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        found = self._full_text.ranked(index, literal(self._full_text.match(expression)))
        return found.with_only_columns(found.selected_columns.id)

    def surely_containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        return self._full_text.surely(index, literal(self._full_text.match(expression)))

    def holding(self, leaf: Filter, version_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Where the outer query is about `version_facts` itself, its columns are asked; else they are looked up."""
        if version_id is version_facts.c.id:
            return _holding(leaf, version_facts)
        facts = version_facts.alias("facts")
        return select(facts.c.id).where(facts.c.id == version_id, _holding(leaf, facts)).exists()


def _holding(leaf: Filter, facts: FromClause) -> ColumnElement[bool]:
    if isinstance(leaf, Dated):
        day = facts.c.published
        bounds = [day >= leaf.first.toordinal()] if leaf.first else []
        bounds += [day <= leaf.last.toordinal()] if leaf.last else []
        return and_(day.is_not(None), *bounds)  # so that without a day it is false, not NULL
    if leaf.field == "lang":
        return func.lower(facts.c.language) == leaf.value
    if leaf.field == "state":
        return _in_state(leaf.value, facts)
    return facts.c.source_id.in_(select(sources.c.id).where(_of_source(leaf)))


def _in_state(state: str, facts: FromClause) -> ColumnElement[bool]:
    """Few statements are gone, and an index has these: the others are all but them."""
    if state == PUBLISHED:
        return not_(or_(_in_state("withdrawn", facts), _in_state("suspected", facts)))
    since = items.c.withdrawn_at if state == "withdrawn" else items.c.suspected_at
    return facts.c.item_id.in_(select(items.c.id).where(since.is_not(None)))


def _of_source(leaf: Fact) -> ColumnElement[bool]:
    if leaf.field == "country":
        return func.lower(sources.c.country) == leaf.value
    key = func.lower(sources.c.key)
    return or_(key == leaf.value, key.startswith(f"{leaf.value}/", autoescape=True))
