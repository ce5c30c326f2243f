"""Engines, transactions, retries: the only file that knows which database it is.

Two rules come from measurements of SQLite. Writers start with `BEGIN IMMEDIATE` and a long busy timeout, because a
transaction that turns from reading to writing fails at once when another process writes (8 writers: 3,463 failures of
4,000 with plain `BEGIN`, none with this). And one connection per process writes and checkpoints, because SQLite before
3.51.3 can lose a write when two of them reset the log at the same time.

Nothing goes over the network while a transaction is open.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import platformdirs
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Float,
    FromClause,
    Integer,
    Select,
    Table,
    column,
    create_engine,
    event,
    func,
    inspect,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from storage.errors import (
    DatabaseTooNewError,
    DatabaseUnusableError,
    KeyUnusableError,
    StorageBusyError,
    StorageError,
    StorageFullError,
)
from storage.keys import Keyring
from storage.query.compile import Index, IndexExpression
from storage.query.evaluate import occurs
from storage.query.fts5 import fts5_match
from storage.query.resolve import Clause, Nearness
from storage.query.text import AnalysedText, analyse

P = ParamSpec("P")
R = TypeVar("R")

SCHEMA_VERSION = "0008"
"""The newest revision in `migrations/`; a test holds the two together."""

BUSY_TIMEOUT = 20.0
"""Seconds that a writer waits for another process."""

READERS = 4

READ_MEMORY = 16_000
"""Kilobytes that a reader may use, as far as it needs them: a chart of half a million matches is sorted in less."""

Progress = Callable[[int, int], None]
"""Told how much of a long work is done, of how much."""

_TO_BE_SCRUBBED = 1
"""SQLite's `user_version` of a file whose free pages may still hold secrets."""

LEAST_SPACE = 1024 * 1024
"""Bytes without which the database's log cannot grow."""


def data_folder() -> Path:
    """Where the data lie unless a person says otherwise: `PRESSWATCH_DATA`, or the user's data folder."""
    return Path(os.environ.get("PRESSWATCH_DATA") or platformdirs.user_data_dir("presswatch", appauthor=False))


class Database:
    """The statements, topics and alerts in one SQLite file.

    Functions of `sources.py`, `items.py` and their neighbours take a connection first; `write` and `read` run them
    in one transaction each. The `_async` forms do so in a thread of their own, so that the loop stays free.
    """

    def __init__(self, folder: Path, progress: Progress = lambda done, total: None) -> None:
        """Open `folder`/presswatch.db; make it, or bring its schema and its full text up to date, where necessary.

        That takes minutes where a new version of ours reads texts differently: `progress` is told of it.
        Raises `DatabaseTooNewError`, `DatabaseUnusableError`, `StorageFullError`.
        """
        self.path = folder / "presswatch.db"
        self._progress = progress
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(self.path, str(error.strerror)) from error
        self.keyring = Keyring(folder)
        self._writer = _engine(self.path, "BEGIN IMMEDIATE", 1, self.keyring)
        self._reader = _engine(self.path, "BEGIN", READERS, self.keyring)
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="presswatch-write")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="presswatch-read")
        try:
            with _translated(self.path):
                self._migrate()
                self._seal()
        except BaseException:
            self.close()
            raise

    def write(self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function in one transaction: all of it is stored, or nothing. Raises `StorageError`."""
        with _translated(self.path), self._writer.begin() as connection:
            return function(connection, *args, **kwargs)

    def read(self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function on one unchanging view of the data. Raises `StorageError`."""
        with _translated(self.path), self._reader.begin() as connection:
            return function(connection, *args, **kwargs)

    async def write_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`write` in the one writing thread, in the order of the calls."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_thread, lambda: self.write(function, *args, **kwargs))

    async def read_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`read` in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, lambda: self.read(function, *args, **kwargs))

    def close(self) -> None:
        """Finish what is being written, then let go of the file."""
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._reader.dispose()
        self._writer.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _migrate(self) -> None:
        with self._writer.begin() as connection:
            current = _schema_version(connection)
            if current != SCHEMA_VERSION:
                self._upgrade(connection, current)
            from storage.reindex import is_stale, rebuild  # it asks us for the indexes

            if is_stale(connection):
                rebuild(connection, self._progress)

    def _upgrade(self, connection: Connection, current: str | None) -> None:
        from storage.migrations import known_versions, upgrade  # Alembic takes a tenth of a second to import

        if current is not None and current not in known_versions():
            raise DatabaseTooNewError(
                f"{self.path} was written by a newer presswatch (its schema is {current}, ours {SCHEMA_VERSION})",
                mend="update presswatch, or name another folder with --data",
            )
        upgrade(connection)

    def _seal(self) -> None:
        """Seal addresses that stand there as they were entered, and leave no trace of them in the file or its log.

        What was overwritten stays in free pages until the file is written anew. `user_version` remembers that, so that
        whoever is killed in between makes up for it when opening next. Without the key nothing is sealed, and nothing
        stops.
        """
        from storage import seals

        with self._writer.begin() as connection:
            try:
                if seals.plain(connection) and seals.seal_plain(connection):
                    connection.exec_driver_sql(f"PRAGMA user_version = {_TO_BE_SCRUBBED}")
            except KeyUnusableError:
                return
            scrub = connection.exec_driver_sql("PRAGMA user_version").scalar() == _TO_BE_SCRUBBED
        if scrub:
            self._scrub()

    def _scrub(self) -> None:
        with (
            closing(self._writer.raw_connection()) as connection,
            suppress(sqlite3.OperationalError),
        ):  # busy: next time
            cursor = connection.cursor()
            for statement in ("VACUUM", "PRAGMA user_version = 0", "PRAGMA wal_checkpoint(TRUNCATE)"):
                cursor.execute(statement)
                cursor.fetchall()


def insert_new(connection: Connection, into: Table, rows: list[dict[str, Any]], *, unique: Iterable[str]) -> int:
    """Insert the rows that do not break the uniqueness of the named columns; return how many were inserted."""
    if not rows:
        return 0
    statement = sqlite.insert(into).on_conflict_do_nothing(index_elements=list(unique))
    return connection.execute(statement, rows).rowcount


def insert_or_replace(
    connection: Connection, into: Table, rows: list[dict[str, Any]], *, unique: Iterable[str]
) -> None:
    """Insert the rows; where one has the same named columns already, its other columns are replaced."""
    if not rows:
        return
    names = list(unique)
    statement = sqlite.insert(into)
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in names}
    connection.execute(statement.on_conflict_do_update(index_elements=names, set_=replaced), rows)


# -- full text -------------------------------------------------------------------------------------------------------

# The text comes analysed, so the tokenizer only has to split at blanks: `ascii` takes every character beyond ASCII as
# part of a word. Both are contentless, one row a version, in the order of its ids. Of the forms no places are kept:
# what stands beside what is looked up in the texts that have the forms, and the index is half the size.
_FULL_TEXTS = {
    Index.STEMS: "fts5(title, body, content='', tokenize='ascii')",
    Index.FORMS: "fts5(title, body, content='', tokenize='ascii', detail=column)",
}


def create_full_text(connection: Connection, index: Index) -> None:
    """Make a full-text index of versions, without any."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {index} USING {_FULL_TEXTS[index]}")


def empty_full_text(connection: Connection) -> None:
    """Forget all that the full-text indexes hold."""
    for index in Index:
        connection.exec_driver_sql(f"DROP TABLE {index}")
        create_full_text(connection, index)


def index_text(connection: Connection, texts: Mapping[int, AnalysedText]) -> None:
    """Add analysed versions, by version id, to the full-text indexes."""
    if not texts:
        return
    stems = [(version_id, text.title.indexed, text.body.indexed) for version_id, text in texts.items()]
    forms = [(version_id, text.title.indexed_forms, text.body.indexed_forms) for version_id, text in texts.items()]
    for index, rows in ((Index.STEMS, stems), (Index.FORMS, forms)):
        connection.exec_driver_sql(f"INSERT INTO {index} (rowid, title, body) VALUES (?, ?, ?)", rows)


def merge_full_text(connection: Connection, index: Index, pages: int = 500) -> bool:
    """Bring an index closer to its fastest form, by so many pages of work; whether there may be more to do.

    Source: https://www.sqlite.org/fts5.html#the_merge_command
    """
    before = _changes(connection)
    connection.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return _changes(connection) - before >= 2


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


class FullText:
    """Full text search by SQLite's FTS5, with Python's help."""

    def match(self, expression: IndexExpression) -> str:
        """What an index is asked by."""
        return fts5_match(expression)

    def containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        """The ids of the versions that an index names."""
        found = self.ranked(index, literal(self.match(expression)))
        return found.with_only_columns(found.selected_columns.id)

    def ranked(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        """`id` and `rank` (BM25, the best is the smallest) of the versions that an index names when asked `match`."""
        id, rank = column("rowid", Integer).label("id"), literal_column(f"bm25({index})", Float).label("rank")
        return select(id, rank).select_from(table(index)).where(literal_column(index).op("MATCH")(match))

    def among(self, version_ids: Collection[int]) -> ColumnElement[bool]:
        """The condition that a row of `ranked` is of one of these versions."""
        # The sum keeps SQLite from asking the index once for each of them. One parameter, not thousands.
        listed = func.json_each(json.dumps(list(version_ids))).table_valued("value")
        return (column("rowid", Integer) + 0).in_(select(listed.c.value))

    def meets(self, clause: Clause | Nearness, text: FromClause) -> ColumnElement[bool]:
        """The condition that a row with the columns `title`, `body` and `language` meets the clause."""
        return func.presswatch_meets(pickle.dumps(clause), text.c.title, text.c.body, text.c.language) == 1


_FTS5 = FullText()


def full_text(connection: Connection) -> FullText:
    """The full text search of this connection's database."""
    return _FTS5


@lru_cache(100)
def _clause(pickled: bytes) -> Clause | Nearness:
    clause: Clause | Nearness = pickle.loads(pickled)  # what `FullText.meets` wrote a moment ago, and nobody else
    return clause


def _meets(pickled: bytes, title: str, body: str, language: str) -> bool:
    return occurs(_clause(pickled), analyse(title, body, language))


# -- SQLite ----------------------------------------------------------------------------------------------------------


def _engine(path: Path, begin: str, connections: int, keyring: Keyring) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        execution_options={"keyring": keyring},
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # NORMAL: a killed process loses nothing; a power cut can lose the last transactions whole, and what they
        # stored is then fetched again, because the listing's validators are lost with them.
        for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{READ_MEMORY}")
        lend_functions(connection)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # Not by way of SQLAlchemy, which takes as long for it as SQLite for the newest twenty of a common word.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(begin)

    return engine


def lend_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that `FullText` needs."""
    connection.create_function("presswatch_meets", 4, _meets, deterministic=True)


def _schema_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(literal_column("version_num")).select_from(table("alembic_version")))


def _unusable(path: Path, why: str) -> DatabaseUnusableError:
    return DatabaseUnusableError(
        f"the database {path} cannot be used: {why}",
        mend="check that the folder exists and belongs to you, or name another one with --data",
    )


def _is_full(path: Path) -> bool:
    """Whether the disk is: then SQLite cannot make its log either, and calls that an I/O error."""
    try:
        return shutil.disk_usage(path.parent).free < LEAST_SPACE
    except OSError:
        return False


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Errors of the database as ours, each with its mend."""
    try:
        yield
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
        if any(sign in why for sign in ("unable to open", "not a database", "malformed", "readonly", "disk I/O")):
            raise _unusable(path, why) from error
        raise StorageError(f"the database {path} refused: {why}") from error
