"""The current versions that meet a query, as statements to ask the database.

To put a statement together takes longer than to find the newest twenty with it: with a word 0.2 ms, with an alias of
many names 7. So where one index can answer, the statement is the same for all queries, and what the index is asked is
a parameter of it; and the statements of the last `KEPT` queries are kept, as desks ask the same ones again and again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from storage.database import FullText
from storage.query.compile import Index, Lead, condition, lead
from storage.query.resolve import ResolvedQuery
from storage.search.corpus import StoredCorpus
from storage.tables import version_facts, versions

KEPT = 200
"""Queries whose statements are kept: one takes 3 KB, with an alias of many names 100."""

_facts = version_facts.c
_later = select(versions.c.id).where(versions.c.item_id >= bindparam("before"), versions.c.number == 1)
FIRST_VERSION = func.coalesce(_later.order_by(versions.c.item_id).limit(1).scalar_subquery(), 1 << 62)
"""The id of the first version of the item `before`; of an item that is not there, that of the next one."""


@dataclass(frozen=True)  # not slotted: each statement is put together when it is first needed
class Selects:
    """Selects from the rows of `version_facts` that meet a query."""

    rows: Select[Any]
    version_id: ColumnElement[int]
    """By which they can be had in order without being sorted."""

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """These columns of them, in any order."""
        return self.rows.with_only_columns(*columns, maintain_column_froms=True)

    @cached_property
    def newest_first(self) -> Select[Any]:
        """Item and number of each."""
        return self.select(_facts.item_id, _facts.number).order_by(self.version_id.desc())

    @cached_property
    def newest_before(self) -> Select[Any]:
        """The same of those below the first version of the item `before`."""
        return self.newest_first.where(self.version_id < FIRST_VERSION)

    @cached_property
    def window(self) -> Select[Any]:
        """Id and item of the newest `window` of those whose item is below `below`."""
        of_items = self.select(_facts.id, _facts.item_id).where(_facts.item_id < bindparam("below"))
        return of_items.order_by(self.version_id.desc()).limit(bindparam("window"))


@dataclass(frozen=True)
class IndexSelects(Selects):
    """The same where an index, asked `match`, names the versions, and each is asked the `rest` of the query."""

    names: Select[Any]
    """`id` and `rank` of what the index names."""
    rank: ColumnElement[float]
    rest: tuple[ColumnElement[bool], ...] = ()

    @cached_property
    def best_first(self) -> Select[Any]:
        """`limit` items of the window after the first `passed`, by their ranks; of equal ones the newest first."""
        ranked = self.window.add_columns(self.rank).subquery("ranked")
        best = select(ranked.c.item_id).order_by(ranked.c.rank, ranked.c.item_id.desc())
        return best.limit(bindparam("limit")).offset(bindparam("passed"))

    @cached_property
    def of_newest(self) -> Select[Any]:
        """The ids of those among the newest `most` that the index names, whether those meet the rest or not."""
        newest = self._newest_named.limit(bindparam("most")).subquery("newest")
        joined = newest.join(version_facts, _facts.id == newest.c.id)
        return select(_facts.id).select_from(joined).where(_facts.current, *self.rest)

    @cached_property
    def number_of_newest(self) -> Select[Any]:
        """How many these are."""
        return self.of_newest.with_only_columns(func.count(), maintain_column_froms=True)

    @cached_property
    def beyond(self) -> Select[Any]:
        """The id that the index names after the newest `most`, if there is one."""
        return self._newest_named.limit(1).offset(bindparam("most"))

    @property
    def _newest_named(self) -> Select[Any]:
        id = self.names.selected_columns.id
        return self.names.with_only_columns(id).order_by(id.desc())


@dataclass(frozen=True, slots=True)
class Met:
    """The current versions that meet a query: statements, and the parameters with which they tell them."""

    statements: Selects
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named(Met):
    """Those that an index names."""

    statements: IndexSelects
    lead: Lead


@lru_cache(KEPT)
def named(texts: FullText, query: ResolvedQuery) -> Named | None:
    """Those that an index names; None where no index names all that meet the query."""
    led = lead(query, _facts.id, StoredCorpus(texts))
    if led is None:
        return None
    statements = _index_statements(texts, led.index)
    if led.rest:
        statements = replace(statements, rows=statements.rows.where(*led.rest), rest=led.rest)
    return Named(statements, {"match": texts.match(led.expression)}, led)


@cache
def _index_statements(texts: FullText, index: Index) -> IndexSelects:
    """Those of all queries that the index answers alone."""
    names = texts.ranked(index, bindparam("match"))
    found = names.subquery("found")
    joined = found.join(version_facts, _facts.id == found.c.id)
    current = select(_facts.id).select_from(joined).where(_facts.current)
    return IndexSelects(current, found.c.id, names, found.c.rank)


@lru_cache(KEPT)
def gathered(texts: FullText, query: ResolvedQuery, many: bool = False) -> Met:
    """Those that no index names: all of them are found first. Where they are `many`, from the newest version back."""
    # The sum keeps the planner from looking up every match by its id.
    meets = condition(query, _facts.id + 0 if many else _facts.id, StoredCorpus(texts))
    return Met(Selects(select(_facts.id).where(_facts.current, meets), _facts.id), {})
