"""Which statements meet a query: the newest ones, all of them, how many.

    an index names versions, the newest first -> what it cannot tell is asked of each -> until there are enough

Versions come in the order of their ids, statements in that of theirs. First versions are in both, so that the newest
statements are among the versions down to the first version of the last of them; only what was edited since comes
earlier than its statement's turn.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, text

from storage.archive import Archive
from storage.query.compile import condition, in_one_index, lead
from storage.query.resolve import ResolvedQuery
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
    return [item_id for item_id, _ in newest_versions(connection, query, limit, before)]


def newest_versions(
    connection: Connection, query: ResolvedQuery, limit: int, before: int | None = None
) -> list[tuple[int, int]]:
    """The same with the ids of their current versions."""
    met = _met(connection, query)
    found = _down_from(connection, met, limit, before)
    if before is not None:
        found += _edited_since(connection, met, before)
    return sorted(found, reverse=True)[:limit]


def all_newest(connection: Connection, query: ResolvedQuery) -> list[int]:
    """The ids of all items whose current version meets the query, the newest first."""
    return sorted(connection.scalars(_met(connection, query).select(version_facts.c.item_id)), reverse=True)


def count(connection: Connection, query: ResolvedQuery, most: int | None = None) -> int:
    """How many current versions meet the query; of more than `most` only so many are counted."""
    answerable = in_one_index(query)
    if answerable is None:
        matching = _met(connection, query, walking=False).select(version_facts.c.id)
    else:  # without a look at any row
        found = Archive(connection).containing(*answerable).subquery()
        superseded = select(versions.c.id).where(_SUPERSEDED)
        matching = select(found.c.rowid).where(found.c.rowid.not_in(superseded))
    if most is not None:  # not counted in SQL: the deepest queries leave no room for a select around them
        return len(connection.execute(matching.limit(most)).all())
    return connection.scalar(matching.with_only_columns(func.count(), maintain_column_froms=True)) or 0


@dataclass(frozen=True, slots=True)
class Total:
    """How many statements meet a query: `number`, or at least so many where not all were looked at."""

    number: int
    exact: bool = True


def total(connection: Connection, query: ResolvedQuery) -> Total:
    """How many meet the query, by a look at no more than `LOOKED_AT` of those that an index names, the newest ones."""
    archive, id = Archive(connection), version_facts.c.id
    led = lead(query, id, archive)
    if led is None:
        number = count(connection, query, LOOKED_AT + 1)
        return Total(min(number, LOOKED_AT), number <= LOOKED_AT)
    most = READ if led.reads else LOOKED_AT
    newest_first: ColumnElement[int] = literal_column("rowid")
    found = archive.containing(led.index, led.expression).order_by(newest_first.desc())
    named = found.limit(most).subquery("named")
    met = select(func.count()).select_from(named.join(version_facts, id == named.c.rowid))
    number = connection.scalar(met.where(version_facts.c.current, *led.rest)) or 0
    return Total(number, len(connection.execute(found.limit(most + 1)).all()) <= most)


@dataclass(frozen=True, slots=True)
class _Met:
    """The current versions that meet a query, as rows of `version_facts`."""

    rows: Select[Any]
    version_id: ColumnElement[int]
    """By which they can be had in order without being sorted."""

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        return self.rows.with_only_columns(*columns, maintain_column_froms=True)


def _met(connection: Connection, query: ResolvedQuery, walking: bool = True) -> _Met:
    """`walking`: where no index names all that meet it, and they are many, walk back from the newest version."""
    archive, id = Archive(connection), version_facts.c.id
    led = lead(query, id, archive)
    if led is not None:
        found = archive.containing(led.index, led.expression).subquery("found")
        joined = found.join(version_facts, id == found.c.rowid)
        rowid: ColumnElement[int] = literal_column("found.rowid")
        return _Met(select(id).select_from(joined).where(version_facts.c.current, *led.rest), rowid)
    # The sum keeps the planner from looking up every match by its id.
    many = walking and count(connection, query, _FREQUENT) == _FREQUENT
    meets = condition(query, id + 0 if many else id, archive)
    return _Met(select(id).select_from(version_facts).where(version_facts.c.current, meets), id)


def _down_from(connection: Connection, met: _Met, limit: int, before: int | None) -> list[tuple[int, int]]:
    """Items with matching versions, below the first version of `before`, until `limit` of those are first versions."""
    matching = met.select(version_facts.c.item_id, version_facts.c.id, version_facts.c.number)
    if before is not None:
        matching = matching.where(met.version_id < _first_version(before))
    found, left = [], limit
    with closing(connection.execute(matching.order_by(met.version_id.desc()))) as rows:
        while left and (some := rows.fetchmany(left)):
            found += [(item_id, version_id) for item_id, version_id, _ in some]
            left -= sum(number == 1 for _, _, number in some)
    return found


def _edited_since(connection: Connection, met: _Met, before: int) -> list[tuple[int, int]]:
    """Items before this one that have been edited since its first version, with matching versions."""
    facts = version_facts.c
    edited = select(facts.id).where(_EDITED, facts.id > _first_version(before), facts.item_id < before)
    first = connection.scalar(select(func.min(edited.subquery().c.id)))
    if first is None:
        return []
    # The sum keeps SQLite from asking the index once for each of them.
    among = met.version_id >= first, (met.version_id + 0).in_(edited)
    return [(item_id, id) for item_id, id in connection.execute(met.select(facts.item_id, facts.id).where(*among))]


def _first_version(item_id: int) -> Any:
    """The id of the item's first version; of an item that is not there, that of the next one."""
    later = select(versions.c.id).where(versions.c.item_id >= item_id, versions.c.number == 1)
    return func.coalesce(later.order_by(versions.c.item_id).limit(1).scalar_subquery(), 1 << 62)
