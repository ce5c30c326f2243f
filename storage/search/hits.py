"""Which statements meet a query: the newest ones, all of them, how many.

    an index names versions, the newest first -> what it cannot tell is asked of each -> until there are enough

Versions come in the order of their ids, statements in that of theirs. First versions are in both, so that the newest
statements are among the versions down to the first version of the last of them; only what was edited since comes
earlier than its statement's turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from storage.database import full_text
from storage.query.compile import in_one_index, sides
from storage.query.resolve import ResolvedQuery
from storage.search.selects import FIRST_VERSION, Met, Named, gathered, named
from storage.tables import version_facts, versions

# As the partial indexes have them: SQLAlchemy would write `current = 1` for SQLite, and no index serves that.
_SUPERSEDED = text("NOT versions.current")
_EDITED = text("version_facts.current AND version_facts.number > 1")

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
    met = named(full_text(connection), query)
    return [met] if met else [matching(connection, side) for side in sides(query)]


def _newest(connection: Connection, met: Met, limit: int, before: int | None) -> list[int]:
    found = _down_from(connection, met, limit, before)
    if before is not None:
        found += _edited_since(connection, met, before)
    return found


def newest_versions(connection: Connection, query: ResolvedQuery, limit: int, below: int) -> list[tuple[int, int]]:
    """The newest versions that meet the query of items below this one, each with its item, the newest version first."""
    found: set[tuple[int, int]] = set()
    for met in _sides(connection, query):
        rows = connection.execute(met.statements.window, {**met.parameters, "below": below, "window": limit})
        found.update((version_id, item_id) for version_id, item_id in rows)
    return sorted(found, reverse=True)[:limit]


def all_newest(connection: Connection, query: ResolvedQuery) -> list[int]:
    """The ids of all items whose current version meets the query, the newest first."""
    met = matching(connection, query)
    items = connection.scalars(met.statements.select(version_facts.c.item_id), met.parameters)
    return sorted(items, reverse=True)


def count(connection: Connection, query: ResolvedQuery, most: int | None = None) -> int:
    """How many current versions meet the query; of more than `most` only so many are counted."""
    texts, answerable = full_text(connection), in_one_index(query)
    parameters: Mapping[str, Any] = {}
    if answerable is None:
        met = named(texts, query) or gathered(texts, query)
        found, parameters = met.statements.select(version_facts.c.id), met.parameters
    else:  # without a look at any row
        ids = texts.containing(*answerable).subquery()
        superseded = select(versions.c.id).where(_SUPERSEDED)
        found = select(ids.c.id).where(ids.c.id.not_in(superseded))
    if most is not None:  # not counted in SQL: the deepest queries leave no room for a select around them
        return len(connection.execute(found.limit(most), parameters).all())
    counted = found.with_only_columns(func.count(), maintain_column_froms=True)
    return connection.scalar(counted, parameters) or 0


@dataclass(frozen=True, slots=True)
class Total:
    """How many statements meet a query: `number`, or at least so many where not all were looked at."""

    number: int
    exact: bool = True


def total(connection: Connection, query: ResolvedQuery) -> Total:
    """How many meet the query, by a look at no more than `LOOKED_AT` of those that an index names, the newest ones."""
    met = named(full_text(connection), query)
    if met is not None:
        return Total(connection.scalar(met.statements.number_of_newest, _looking(met)) or 0, _is_whole(connection, met))
    found: set[int] = set()
    whole = True
    for side in sides(query):
        ids, is_whole = _look(connection, side)
        found.update(ids)
        whole = whole and is_whole
        if len(found) >= LOOKED_AT and not whole:
            break
    return Total(min(len(found), LOOKED_AT), whole and len(found) <= LOOKED_AT)


def _look(connection: Connection, side: ResolvedQuery) -> tuple[Sequence[int], bool]:
    """The versions that meet the query among those looked at, and whether these are all."""
    met = named(full_text(connection), side)
    if met is not None:
        return connection.scalars(met.statements.of_newest, _looking(met)).all(), _is_whole(connection, met)
    all_met = gathered(full_text(connection), side).statements.select(version_facts.c.id)
    found = connection.scalars(all_met.limit(LOOKED_AT + 1)).all()
    return found, len(found) <= LOOKED_AT


def _looking(met: Named) -> dict[str, Any]:
    return {**met.parameters, "most": READ if met.lead.reads else LOOKED_AT}


def _is_whole(connection: Connection, met: Named) -> bool:
    """Whether the index names no more than are looked at."""
    return connection.scalar(met.statements.beyond, _looking(met)) is None


def matching(connection: Connection, query: ResolvedQuery) -> Met:
    """The current versions that meet the query, so that the newest come fast."""
    texts = full_text(connection)
    met = named(texts, query)
    return met or gathered(texts, query, many=count(connection, query, _FREQUENT) == _FREQUENT)


def _down_from(connection: Connection, met: Met, limit: int, before: int | None) -> list[int]:
    """Items with matching versions, below the first version of `before`, until `limit` of those are first versions."""
    statement, parameters = met.statements.newest_first, met.parameters
    if before is not None:
        statement, parameters = met.statements.newest_before, {**parameters, "before": before}
    found, left = [], limit
    with closing(connection.execute(statement, parameters)) as rows:
        while left and (some := rows.fetchmany(left)):
            found += [item_id for item_id, _ in some]
            left -= sum(number == 1 for _, number in some)
    return found


def _edited_since(connection: Connection, met: Met, before: int) -> Sequence[int]:
    """Items before this one that have been edited since its first version, with matching versions."""
    facts, parameters = version_facts.c, {**met.parameters, "before": before}
    edited = select(facts.id).where(_EDITED, facts.id > FIRST_VERSION, facts.item_id < before)
    first = connection.scalar(select(func.min(edited.subquery().c.id)), parameters)
    if first is None:
        return []
    id = met.statements.version_id
    # The sum keeps SQLite from asking the index once for each of them.
    among = met.statements.select(facts.item_id).where(id >= first, (id + 0).in_(edited))
    return connection.scalars(among, parameters).all()
