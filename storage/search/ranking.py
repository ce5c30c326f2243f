"""The best statements first: BM25 over the index of stems, among the newest matches alone.

To rank every match of a common word costs seconds with a million statements, and what is old is seldom what is looked
for. So the newest `WINDOW` matches are ranked, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, literal, select

from storage.database import dialect_of
from storage.query.indexes import Index, index_of, lowered
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.tree import And, Expression, Not, Or, any_of
from storage.search.hits import newest_versions
from storage.search.selects import Named, askable, named
from storage.tables import items

WINDOW = 2_000
"""Matches that are ranked: the newest ones."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Items, the best first. `among` is how many matches were compared where there are more, else 0; None: not seen."""

    items: list[int]
    among: int | None = None


def best_first(
    connection: Connection, query: ResolvedQuery, limit: int, below: int, shown: Collection[int] = ()
) -> Ranked:
    """So many of the newest `WINDOW` items below this one that meet the query, without those that were shown before.

    The best for the query come first; of equal ones the newest. What the index of stems cannot weigh, such as an exact
    form, does not count; without anything to weigh the newest come first.
    """
    dialect = dialect_of(connection)
    met, query = named(dialect, query), askable(dialect, query)
    weighed = [part for part in _wanted(lowered(query.root)) if index_of(part) is Index.STEMS]
    if met and _weighs(met, weighed):
        of_window = {"below": below, "window": WINDOW, "limit": limit + len(shown)}
        best = connection.scalars(met.statements.best_first, {**met.parameters, **of_window})
        return Ranked([item_id for item_id in best if item_id not in shown][:limit])
    found = newest_versions(connection, query, WINDOW + 1, below)
    window = found[:WINDOW]
    ranks = _ranks(connection, weighed, [version_id for version_id, _ in window]) if weighed and window else {}
    ranked = sorted(window, key=lambda pair: (ranks.get(pair[0], 0.0), -pair[1]))
    return Ranked([item_id for _, item_id in ranked if item_id not in shown][:limit], _among(found))


def among(connection: Connection, query: ResolvedQuery, below: int) -> int:
    """How many matches are compared where those below this item are more, else 0."""
    return _among(newest_versions(connection, query, WINDOW + 1, below))


def _among(found: Sequence[tuple[int, int]]) -> int:
    return WINDOW if len(found) > WINDOW else 0


def _weighs(met: Named, weighed: Sequence[Clause | Nearness]) -> bool:
    """Whether the index weighs just these clauses as it names the versions, and no text has to be asked."""
    return met.lead.index is Index.STEMS and met.open is None and set(weighed) == set(_wanted(met.lead.expression))


def next_item(connection: Connection) -> int:
    """The id that no stored item reaches: what is below it stays the same while others arrive."""
    return (connection.scalar(select(func.max(items.c.id))) or 0) + 1


def _ranks(
    connection: Connection, weighed: Sequence[Clause | Nearness], version_ids: Sequence[int]
) -> dict[int, float]:
    """The ranks of those of these versions that have any of the clauses."""
    dialect = dialect_of(connection)
    ranked = dialect.full_text.ranked(Index.STEMS, literal(dialect.full_text.match(any_of(weighed))))
    id, among = ranked.selected_columns.id, dialect.listed(bindparam("among"))
    wanted = ranked.where(id >= min(version_ids), dialect.walked(id).in_(among))
    rows = connection.execute(wanted, {"among": dialect.list_of(version_ids)})
    return {row.id: row.rank for row in rows}


def _wanted(node: Expression[Resolved]) -> Iterator[Clause | Nearness]:
    """The clauses by which a text may meet the query."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _wanted(part)
    elif isinstance(node, Clause | Nearness):
        yield node
    elif isinstance(node, Not):
        return
