"""SQLite: connections, its dialect, errors as ours, scrubbing.

Two rules come from measurements. Writers start with `BEGIN IMMEDIATE` and a long busy timeout, because a transaction
that turns from reading to writing fails at once when another process writes (8 writers: 3,463 failures of 4,000 with
plain `BEGIN`, none with this). And one connection per process writes and checkpoints, because SQLite before 3.51.3 can
lose a write when two of them reset the log at the same time.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from storage.database.files import LOG
from storage.database.fts5 import FTS5
from storage.errors import (
    DatabaseUnusableError,
    StorageBusyError,
    StorageError,
    StorageFullError,
)

BUSY_TIMEOUT = 20.0
"""Seconds that a writer waits for another process."""

POOL_TIMEOUT = 30.0
"""Seconds that a thread waits for a connection that another one of this process uses."""

READ_MEMORY = 16_000
"""Kilobytes that a reader may use, as far as it needs them: a chart of half a million matches is sorted in less."""

LEAST_SPACE = 1024 * 1024
"""Bytes without which the database's log cannot grow."""

_TO_BE_SCRUBBED = 1
"""SQLite's `user_version` of a file whose free pages may still hold secrets."""


class SQLite:
    """`dialect.Dialect` of SQLite."""

    full_text = FTS5()

    def insert(self, into: Table) -> sqlite.Insert:
        return sqlite.insert(into)

    def listed(self, ids: BindParameter[Any]) -> Select[Any]:
        return select(func.json_each(ids).table_valued("value").c.value)

    def list_of(self, ids: Iterable[int]) -> str:
        return json.dumps(list(ids))

    def walked(self, id: ColumnElement[int]) -> ColumnElement[int]:
        return id + 0  # no index has the sum

    def sorted(self, id: ColumnElement[int]) -> ColumnElement[int]:
        return id  # the index gives them in their order

    def hold(self, connection: Connection, names: Iterable[str]) -> None:
        """Who writes is alone."""

    def number_on(self, connection: Connection, of: Iterable[Table]) -> None:
        """It counts from the largest there is."""

    # What was overwritten stays in free pages until the file is written anew (`scrub`).

    def scrub_later(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA user_version = {_TO_BE_SCRUBBED}")

    def must_scrub(self, connection: Connection) -> bool:
        return connection.exec_driver_sql("PRAGMA user_version").scalar() == _TO_BE_SCRUBBED


SQLITE = SQLite()


def make_engine(path: Path, connections: int, *, writes: bool) -> Engine:
    """So many connections to a file; those that do not write cannot."""

    def connect() -> sqlite3.Connection:
        address = address_of(path)
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT, check_same_thread=False)

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # NORMAL: a killed process loses nothing; a power cut can lose the last transactions whole, and what they
        # stored is then fetched again, because the listing's validators are lost with them.
        # Not trusted: a file that comes from somebody else runs nothing of ours by a trigger or a view of its own.
        for pragma in (
            "trusted_schema = OFF",
            "page_size = 8192",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{READ_MEMORY}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # Not by way of SQLAlchemy, which takes as long for it as SQLite for the newest twenty of a common word.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def address_of(path: Path) -> str:
    """By which SQLite opens a file that is there, for who may only read it too.

    It makes none: a connection that is opened later must not put an empty file into the place of a lost one. Where
    nobody has the file open and no log can be made beside it, it is read as what does not change.
    Source: https://www.sqlite.org/uri.html
    """
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    if mode == "ro" and not os.access(path.parent, os.W_OK) and not path.with_name(path.name + LOG).exists():
        mode += "&immutable=1"
    return f"{path.absolute().as_uri()}?mode={mode}"


_DAMAGED = ("not a database", "malformed", "disk I/O")
_CLOSED = ("unable to open", "readonly")


def unusable(path: Path, why: str) -> DatabaseUnusableError:
    """The error of a file that cannot be opened, or not be read any more."""
    mend = "check that the folder exists and belongs to you, or name another one with --data"
    if any(sign in why for sign in _DAMAGED):
        mend = (
            "bring back a backup: presswatch restore FILE --force, which keeps what lies there now; "
            "without one name another folder with --data"
        )
    return DatabaseUnusableError(f"the database {path} cannot be used: {why}", mend=mend)


def _is_full(path: Path) -> bool:
    """Whether the disk is: then SQLite cannot make its log either, and calls that an I/O error."""
    try:
        return shutil.disk_usage(path.parent).free < LEAST_SPACE
    except OSError:
        return False


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of the database as ours, each with its mend."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageBusyError(
            f"this process has been busy with {path} for more than {POOL_TIMEOUT:.0f} seconds", mend="it is tried again"
        ) from error
    except (DatabaseError, sqlite3.Error) as error:
        why = str(error.orig if isinstance(error, DatabaseError) else error)
        if "is full" in why or ("disk I/O" in why and _is_full(path)):
            raise StorageFullError(
                f"the disk of {path} is full; nothing stored is lost, the rest waits",
                mend="free some space; presswatch goes on by itself",
            ) from error
        if "locked" in why or "busy" in why:
            raise StorageBusyError(
                f"another process has been writing to {path} for more than {BUSY_TIMEOUT:.0f} seconds",
                mend="look for a second presswatch or a tool that holds the file open",
            ) from error
        if any(sign in why for sign in (*_DAMAGED, *_CLOSED)):
            raise unusable(path, why) from error
        raise StorageError(f"the database {path} refused: {why}") from error


def scrub(engine: Engine) -> None:
    """Write the file anew and empty its log. Does nothing while others are busy."""
    with closing(engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
        cursor = connection.cursor()
        for statement in ("VACUUM", "PRAGMA user_version = 0", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
            cursor.fetchall()
