"""The rows of any table as values that both databases have: read in order, written, and told apart by a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    delete,
    func,
    insert,
    null,
    select,
    tuple_,
)

from storage.tables import metadata

BATCH = 500
"""Rows that are read, and written in one transaction, at a time: some megabytes of text."""

Row = dict[str, Any]
Key = tuple[Any, ...]
"""The values of a row's primary key."""

_NULL_OF_JSON = "null of JSON"
"""What stands for the `null` of a JSON column, which both databases tell from an empty one and Python does not."""


def tables() -> Sequence[Table]:
    """All that are copied, those first that others refer to."""
    return metadata.sorted_tables


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    """The row's primary key."""
    return tuple(row[column.name] for column in table.primary_key)


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def batches(
    connection: Connection, table: Table, after: Key | None = None, until: Key | None = None
) -> Iterator[list[Row]]:
    """The rows by their primary key, in the order of this database: those behind one key, those up to another one."""
    bounds = [_keys(table) <= _bound(table, until)] if until is not None else []
    empty = [column.is_(null()).label(f"{column.name} is empty") for column in _of_json(table)]
    wanted = select(table, *empty).where(*bounds).order_by(*table.primary_key).limit(BATCH)
    while True:
        page = wanted.where(_keys(table) > _bound(table, after)) if after is not None else wanted
        found = [_row(table, row) for row in connection.execute(page).mappings()]
        if found:
            yield found
            after = key_of(table, found[-1])
        if len(found) < BATCH:
            return


def write(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows as `batches` gives them."""
    of_json = [column.name for column in _of_json(table)]
    connection.execute(insert(table), [{**row, **_as_json(row, of_json)} for row in rows])


def clear(connection: Connection) -> None:
    """Leave no row in any table."""
    for table in reversed(tables()):
        connection.execute(delete(table))


@dataclass(frozen=True, slots=True)
class Digest:
    """What tells two tables apart, whatever the order of their rows."""

    rows: int
    sum: int
    """Of the SHA-256 of each row, as numbers."""


def digest(
    connection: Connection, table: Table, done: Callable[[int], None] = lambda rows: None, *, until: Key | None = None
) -> Digest:
    """Of all rows, or of those up to a key; `done` is told of each batch how many rows it had."""
    rows = total = 0
    for batch in batches(connection, table, until=until):
        for row in batch:
            told = json.dumps(row, ensure_ascii=False, default=_plain).encode("utf-8", "surrogatepass")
            total += int.from_bytes(hashlib.sha256(told).digest())
        rows += len(batch)
        done(len(batch))
    return Digest(rows, total)


def _row(table: Table, row: RowMapping) -> Row:
    """A text has a blank for each NUL, which not every database can hold; presswatch has stored none for long."""
    values = {column.name: _storable(row[column.name]) for column in table.columns}
    for column in _of_json(table):
        if values[column.name] is None and not row[f"{column.name} is empty"]:
            values[column.name] = _NULL_OF_JSON
    return values


def _storable(value: Any) -> Any:
    return value.replace("\0", " ") if isinstance(value, str) else value


def _as_json(row: Row, names: Iterable[str]) -> Row:
    """Of the columns of JSON what writes an empty one as empty, and `null` as `null`."""
    return {name: _nothing(row[name]) for name in names if row[name] is None or row[name] == _NULL_OF_JSON}


def _nothing(value: Any) -> Any:
    return null() if value is None else JSON.NULL


def _of_json(table: Table) -> Iterator[Column[Any]]:
    return (column for column in table.columns if isinstance(column.type, JSON))


def _keys(table: Table) -> ColumnElement[Any]:
    return tuple_(*table.primary_key)


def _bound(table: Table, key: Key) -> ColumnElement[Any]:
    return tuple_(*key, types=[column.type for column in table.primary_key])


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a value of a kind that no table has: {value!r}")
