"""How far a copy has come. It stands in the new database itself, in tables that are gone when the copy is whole.

Until then the new database has no schema of ours: every presswatch refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    column,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy import table as named

from storage.copying.rows import Key, clear, tables
from storage.database import dialect_of
from storage.errors import DatabaseInUseError, InvalidInputError
from storage.migrations import upgrade
from storage.opening import SCHEMA_VERSION, UNFINISHED, schema_version

_metadata = MetaData()

_copies = Table(
    "copies",
    _metadata,
    # the copy that is being made; one row
    Column("source", Text, nullable=False),  # of which database
    Column("schema", Text, nullable=False),  # at which revision
)

_copied = Table(
    "copied",
    _metadata,
    Column("name", Text, primary_key=True),  # of a table
    Column("rows", Integer, nullable=False),  # so many of it are here
    Column("last", JSON),  # the primary key of the last one; null: none is
)

_version = named("alembic_version", column("version_num"))


@dataclass(frozen=True, slots=True)
class Copied:
    """What is here of a table."""

    rows: int
    last: Key | None


def begin_or_go_on(connection: Connection, place: str, source: str) -> bool:
    """Make an empty database ready for a copy of `source`; whether one of that source was begun before.

    Raises `InvalidInputError` where there is anything else.
    """
    if schema_version(connection) == UNFINISHED:
        if connection.execute(select(_copies)).one() == (source, SCHEMA_VERSION):
            return True
        raise InvalidInputError(f"{place} has a part of another copy", mend="name an empty database, or empty this one")
    if inspect(connection).get_table_names():
        raise InvalidInputError(f"{place} is not empty", mend="name a database without any table, or a new folder")
    upgrade(connection)
    _metadata.create_all(connection)
    connection.execute(insert(_copies).values(source=source, schema=SCHEMA_VERSION))
    begin_anew(connection)
    connection.execute(update(_version).values(version_num=UNFINISHED))
    return False


def begin_anew(connection: Connection) -> None:
    """Forget all that was copied."""
    clear(connection)
    dialect_of(connection).full_text.empty(connection)
    connection.execute(delete(_copied))
    connection.execute(insert(_copied), [{"name": table.name, "rows": 0, "last": None} for table in tables()])


def copied(connection: Connection) -> dict[str, Copied]:
    """How much is here of each table, by its name."""
    found = connection.execute(select(_copied))
    return {row.name: Copied(row.rows, None if row.last is None else tuple(row.last)) for row in found}


def go_on(connection: Connection, name: str, before: Copied, now: Copied) -> None:
    """Remember that more of a table is here. Raises `DatabaseInUseError` where another process copies into it too."""
    here = update(_copied).where(_copied.c.name == name, _copied.c.rows == before.rows)
    if connection.execute(here.values(rows=now.rows, last=now.last)).rowcount != 1:
        raise DatabaseInUseError("another process copies into it", mend="wait until that one is done")


def end(connection: Connection) -> None:
    """From now on it is a database like any other."""
    dialect_of(connection).number_on(connection, tables())
    _metadata.drop_all(connection)
    connection.execute(update(_version).values(version_num=SCHEMA_VERSION))
