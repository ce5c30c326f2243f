"""The current versions that may meet a query, as statements to ask the database.

Where the indexes leave something open, the statements give candidates, and tell of each whether its text has to be
asked too: `storage.search.verification` does that.

To put a statement together takes longer than to find the newest twenty with it: with a word 0.2 ms, with an alias of
many names 7. So where one index can answer, the statement is the same for all queries, and what the index is asked is
a parameter of it; and the statements of the last `KEPT` queries are kept, as desks ask the same ones again and again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, True_, bindparam, func, or_, select

from storage.database import Dialect
from storage.query.bounds import left_open
from storage.query.compile import Lead, candidates, doubt, lead
from storage.query.indexes import Index, without_nearness
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
    """Selects from the rows of `version_facts` that are candidates of a query."""

    rows: Select[Any]
    version_id: ColumnElement[int]
    """By which they can be had in order without being sorted."""
    doubt: ColumnElement[bool] | None = None
    """Whether the text of a row has to be asked; None where all rows meet the query."""

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """These columns of them, in any order."""
        return self.rows.with_only_columns(*columns, maintain_column_froms=True)

    def to_verify(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """The same, and where there is doubt, its `version_id`, and as `doubt` whether its text has to be asked."""
        doubted = () if self.doubt is None else (_facts.id.label("version_id"), self.doubt.label("doubt"))
        return self.select(*columns, *doubted)

    @cached_property
    def doubted(self) -> Select[Any]:
        """The ids of those whose text has to be asked."""
        return self.rows if self.doubt is None else self.rows.where(self.doubt)

    @cached_property
    def newest_first(self) -> Select[Any]:
        """Item and number of each."""
        return self.to_verify(_facts.item_id, _facts.number).order_by(self.version_id.desc())

    @cached_property
    def newest_before(self) -> Select[Any]:
        """The same of those below the first version of the item `before`."""
        return self.newest_first.where(self.version_id < FIRST_VERSION)

    @cached_property
    def newest_below(self) -> Select[Any]:
        """Id and item of each whose item is below `below`."""
        of_items = self.to_verify(_facts.id, _facts.item_id).where(_facts.item_id < bindparam("below"))
        return of_items.order_by(self.version_id.desc())


@dataclass(frozen=True)
class IndexSelects(Selects):
    """The same where an index, asked `match`, names the versions, and each is asked the `rest` of the query."""

    rest: tuple[ColumnElement[bool], ...] = ()
    newest_named: Select[Any] = field(kw_only=True)
    """The ids of what the index names, the newest first."""
    rank: ColumnElement[float] = field(kw_only=True)
    sorted_id: ColumnElement[int] = field(kw_only=True)
    """`version_id`, where all that the index names are found first, and then put in order."""

    @cached_property
    def few(self) -> IndexSelects:
        """The same, where the index names so few that the newest are had sooner by sorting them."""
        return replace(self, version_id=self.sorted_id)

    @cached_property
    def best_first(self) -> Select[Any]:
        """`limit` items of the newest `window`, where there is no doubt.

        By their ranks; of equal ones the newest first.
        """
        ranked = self.newest_below.limit(bindparam("window")).add_columns(self.rank).subquery("ranked")
        best = select(ranked.c.item_id).order_by(ranked.c.rank, ranked.c.item_id.desc())
        return best.limit(bindparam("limit"))

    @cached_property
    def of_newest(self) -> Select[Any]:
        """The ids of those among the newest `most` that the index names, without those in doubt."""
        return self._looked_at if self.doubt is None else self._looked_at.where(~self.doubt)

    @cached_property
    def number_of_newest(self) -> Select[Any]:
        """How many these are."""
        return self.of_newest.with_only_columns(func.count(), maintain_column_froms=True)

    @cached_property
    def doubted_of_newest(self) -> Select[Any]:
        """The ids of `doubted` of those in doubt."""
        in_doubt = self._looked_at if self.doubt is None else self._looked_at.where(self.doubt)
        return in_doubt.limit(bindparam("doubted"))

    @property
    def _looked_at(self) -> Select[Any]:
        newest = self.newest_named.limit(bindparam("most")).subquery("newest")
        joined = newest.join(version_facts, _facts.id == newest.c.id)
        return select(_facts.id).select_from(joined).where(_facts.current, *self.rest)

    @cached_property
    def beyond(self) -> Select[Any]:
        """The id that the index names after the newest `most`, if there is one."""
        return self.newest_named.limit(1).offset(bindparam("most"))


@dataclass(frozen=True, slots=True)
class Met:
    """The candidates of a query among the current versions: statements, and the parameters of these."""

    statements: Selects
    parameters: Mapping[str, Any]
    open: ResolvedQuery | None
    """What the text of a doubted candidate has to be asked; None where all candidates meet the query."""

    @property
    def reads(self) -> bool:
        """Whether the text of every candidate has to be read, which costs a thousand times as much."""
        return isinstance(self.statements.doubt, True_)

    def where(self, *conditions: ColumnElement[bool]) -> Met:
        """Those of them whose facts meet these conditions too."""
        statements = replace(self.statements, rows=self.statements.rows.where(*conditions))
        return replace(self, statements=statements)


@dataclass(frozen=True, slots=True)
class Named(Met):
    """Those that an index names."""

    statements: IndexSelects
    lead: Lead


def askable(dialect: Dialect, query: ResolvedQuery) -> ResolvedQuery:
    """The same query as the indexes of this database can be asked it."""
    if dialect.full_text.tells_nearness:
        return query
    return ResolvedQuery(without_nearness(query.root))


@lru_cache(KEPT)
def named(dialect: Dialect, query: ResolvedQuery) -> Named | None:
    """Those that an index names; None where no index names all candidates of the query."""
    corpus, query = StoredCorpus(dialect), askable(dialect, query)
    led = lead(query, _facts.id, corpus)
    if led is None:
        return None
    statements, (doubted, left) = _index_statements(dialect, led.index), _doubt(dialect, query)
    if led.rest or doubted is not None:
        statements = replace(statements, rows=statements.rows.where(*led.rest), rest=led.rest, doubt=doubted)
    return Named(statements, {"match": dialect.full_text.match(led.expression)}, left, led)


@cache
def _index_statements(dialect: Dialect, index: Index) -> IndexSelects:
    """Those of all queries that the index answers alone."""
    names = dialect.full_text.ranked(index, bindparam("match"))
    found = names.subquery("found")
    joined = found.join(version_facts, _facts.id == found.c.id)
    current = select(_facts.id).select_from(joined).where(_facts.current)
    id = names.selected_columns.id
    newest = names.with_only_columns(id).order_by(dialect.sorted(id).desc())
    in_order = dialect.sorted(found.c.id)
    return IndexSelects(current, found.c.id, newest_named=newest, rank=found.c.rank, sorted_id=in_order)


@lru_cache(KEPT)
def gathered(dialect: Dialect, query: ResolvedQuery, many: bool = False) -> Met:
    """Those that no index names: all of them are found first. Where they are `many`, from the newest version back."""
    corpus, query = StoredCorpus(dialect), askable(dialect, query)
    may_meet = candidates(query, dialect.walked(_facts.id) if many else _facts.id, corpus)
    doubted, left = _doubt(dialect, query)
    rows = select(_facts.id).where(_facts.current, may_meet)
    return Met(Selects(rows, _facts.id, doubted), {}, left)


def _doubt(dialect: Dialect, query: ResolvedQuery) -> tuple[ColumnElement[bool] | None, ResolvedQuery | None]:
    """Which candidates have to be asked in their texts, and what; nothing where none has to."""
    doubted = doubt(query, _facts.id, StoredCorpus(dialect))
    unsure = dialect.full_text.unsure(query, _facts.id)
    if unsure is not None:
        return unsure if doubted is None else or_(doubted, unsure), query
    return doubted, None if doubted is None else left_open(query)
