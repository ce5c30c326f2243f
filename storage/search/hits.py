"""Which statements meet a query: the newest ones, all of them, how many.

    an index names versions, the newest first -> what it leaves open their texts are asked -> until there are enough

Versions come in the order of their ids, statements in that of theirs. First versions are in both, so that the newest
statements are among the versions down to the first version of the last of them; only what was edited since comes
earlier than its statement's turn.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, and_, func, not_, select

from storage.database import as_indexed, dialect_of
from storage.query.compile import in_one_index, sides
from storage.query.indexes import Index, IndexExpression
from storage.query.resolve import ResolvedQuery
from storage.search.corpus import StoredCorpus
from storage.search.selects import FIRST_VERSION, Met, Named, Selects, askable, gathered, named
from storage.search.verification import meeting, settled, verified, walk
from storage.tables import version_facts, versions

_SUPERSEDED = not_(as_indexed(versions.c.current))
_EDITED = and_(as_indexed(version_facts.c.current), version_facts.c.number > 1)

LOOKED_AT, READ = 10_000, 500
"""Versions that are looked at, or whose text is read, to say how many meet a query. All of them would take longer than
finding the newest ones, which is what was asked."""

_FREQUENT = 500
"""Matches from which on it costs less to walk back from the newest statement than to sort all that match."""


def newest(connection: Connection, query: ResolvedQuery, limit: int, before: int | None = None) -> list[int]:
    """The ids of the newest items whose current version meets the query; `before` is an item's id: only older ones."""
    # The newest of all sides are among the newest of each.
    found = {item_id for met in _sides(connection, query) for item_id in _newest(connection, met, limit, before)}
    return sorted(found, reverse=True)[:limit]


def _sides(connection: Connection, query: ResolvedQuery) -> list[Met]:
    """What meets the query; where no index names all of that, what meets each side of it."""
    dialect = dialect_of(connection)
    met = named(dialect, query)
    return [met] if met else [_matching(connection, side) for side in sides(askable(dialect, query))]


def _newest(connection: Connection, met: Met, limit: int, before: int | None) -> list[int]:
    found = _down_from(connection, met, limit, before)
    if before is not None:
        found += _edited_since(connection, met, before)
    return found


def newest_versions(connection: Connection, query: ResolvedQuery, limit: int, below: int) -> list[tuple[int, int]]:
    """The newest versions that meet the query of items below this one, each with its item, the newest version first."""
    found: set[tuple[int, int]] = set()
    for met in _sides(connection, query):
        rows = walk(connection, met, _in_order(connection, met).newest_below, {**met.parameters, "below": below}, limit)
        found.update((row.id, row.item_id) for row in islice(rows, limit))
    return sorted(found, reverse=True)[:limit]


def all_newest(connection: Connection, query: ResolvedQuery) -> list[int]:
    """The ids of all items whose current version meets the query, the newest first."""
    met = settled(connection, _matching(connection, query))
    items = connection.scalars(met.statements.select(version_facts.c.item_id), met.parameters)
    return sorted(items, reverse=True)


def count(connection: Connection, query: ResolvedQuery) -> int:
    """How many current versions meet the query."""
    dialect = dialect_of(connection)
    answerable = in_one_index(askable(dialect, query))
    if answerable is not None and dialect.full_text.unsure(query, version_facts.c.id) is None:
        return connection.scalar(_current(connection, *answerable).with_only_columns(func.count())) or 0
    met = settled(connection, any_met(connection, query))
    return connection.scalar(met.statements.select(func.count()), met.parameters) or 0


def _current(connection: Connection, index: Index, expression: IndexExpression) -> Select[Any]:
    """The ids of the current versions that an index names, without a look at any row."""
    ids = StoredCorpus(dialect_of(connection)).containing(index, expression).subquery()
    superseded = select(versions.c.id).where(_SUPERSEDED)
    return select(ids.c.id).where(ids.c.id.not_in(superseded))


def any_met(connection: Connection, query: ResolvedQuery) -> Met:
    """The candidates of a query, in any order."""
    dialect = dialect_of(connection)
    return named(dialect, query) or gathered(dialect, query)


@dataclass(frozen=True, slots=True)
class Total:
    """How many statements meet a query: `number`, or at least so many where not all were looked at."""

    number: int
    exact: bool = True


def total(connection: Connection, query: ResolvedQuery) -> Total:
    """How many meet the query, by a look at no more than `LOOKED_AT` of those that an index names, the newest ones."""
    met = named(dialect_of(connection), query)
    if met is not None:
        return _total_named(connection, met)
    found: set[int] = set()
    whole = True
    for side in sides(askable(dialect_of(connection), query)):
        ids, is_whole = _look(connection, side)
        found.update(ids)
        whole = whole and is_whole
        if len(found) >= LOOKED_AT and not whole:
            break
    return Total(min(len(found), LOOKED_AT), whole and len(found) <= LOOKED_AT)


def _total_named(connection: Connection, met: Named) -> Total:
    sure = connection.scalar(met.statements.number_of_newest, _looking(met)) or 0
    right, whole = _read(connection, met)
    return Total(sure + len(right), whole and _is_whole(connection, met))


def _look(connection: Connection, side: ResolvedQuery) -> tuple[Collection[int], bool]:
    """The versions that meet the query among those looked at, and whether these are all."""
    met = any_met(connection, side)
    if isinstance(met, Named):
        sure = connection.scalars(met.statements.of_newest, _looking(met)).all()
        right, whole = _read(connection, met)
        return [*sure, *right], whole and _is_whole(connection, met)
    candidates = met.statements.to_verify(version_facts.c.id).limit(LOOKED_AT + 1)
    rows = connection.execute(candidates, met.parameters).all()
    return [row.id for row in verified(connection, met, rows)], len(rows) <= LOOKED_AT


def _read(connection: Connection, met: Named) -> tuple[Collection[int], bool]:
    """The versions in doubt that meet the query, of so many as are read, and whether these are all."""
    if met.open is None:
        return (), True
    doubted = connection.scalars(met.statements.doubted_of_newest, {**_looking(met), "doubted": READ + 1}).all()
    return meeting(connection, met.open, doubted[:READ]), len(doubted) <= READ


def _looking(met: Named) -> dict[str, Any]:
    return {**met.parameters, "most": READ if met.reads else LOOKED_AT}


def _is_whole(connection: Connection, met: Named) -> bool:
    """Whether the index names no more than are looked at."""
    return connection.scalar(met.statements.beyond, _looking(met)) is None


def _matching(connection: Connection, query: ResolvedQuery) -> Met:
    """The candidates of a query, so that the newest come fast."""
    dialect = dialect_of(connection)
    met = named(dialect, query)
    return met or gathered(dialect, query, many=_is_frequent(connection, query))


def _is_frequent(connection: Connection, query: ResolvedQuery) -> bool:
    """Whether a query that no index leads has many candidates."""
    met = gathered(dialect_of(connection), query)
    # Not counted in SQL: the deepest queries leave no room for a select around them.
    some = connection.execute(met.statements.select(version_facts.c.id).limit(_FREQUENT), met.parameters)
    return len(some.all()) == _FREQUENT


def _down_from(connection: Connection, met: Met, limit: int, before: int | None) -> list[int]:
    """Items with matching versions, below the first version of `before`, until `limit` of those are first versions."""
    statements = _in_order(connection, met)
    statement, parameters = statements.newest_first, met.parameters
    if before is not None:
        statement, parameters = statements.newest_before, {**parameters, "before": before}
    found, left = [], limit
    for row in walk(connection, met, statement, parameters, limit):
        found.append(row[0])
        left -= row[1] == 1
        if not left:
            break
    return found


def _in_order(connection: Connection, met: Met) -> Selects:
    """The statements of a query as they give the newest soonest."""
    if not isinstance(met, Named):
        return met.statements
    few = dialect_of(connection).full_text.are_few(connection, met.lead.index, met.lead.expression)
    return met.statements.few if few else met.statements


def _edited_since(connection: Connection, met: Met, before: int) -> Sequence[int]:
    """Items before this one that have been edited since its first version, with matching versions."""
    facts, parameters = version_facts.c, {**met.parameters, "before": before}
    edited = select(facts.id).where(_EDITED, facts.id > FIRST_VERSION, facts.item_id < before)
    first = connection.scalar(select(func.min(edited.subquery().c.id)), parameters)
    if first is None:
        return []
    id = met.statements.version_id
    walked = dialect_of(connection).walked(id)
    among = met.statements.to_verify(facts.item_id).where(id >= first, walked.in_(edited))
    return [row.item_id for row in verified(connection, met, connection.execute(among, parameters).all())]
