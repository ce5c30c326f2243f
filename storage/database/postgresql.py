"""PostgreSQL: connections, its dialect, errors as ours.

Everybody who writes takes one lock of the whole database first. So what is read before it is written stays as it was
read, ids ascend with time, and nobody who reads on from an id misses one (measured: of four writers side by side a
reader lost 17 of 100 rows for ever; with the lock none). Who only claims does not: he locks the rows that he claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    create_engine,
    event,
    false,
    func,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.database.tsvector import TSVector
from storage.errors import DatabaseUnusableError, StorageBusyError, StorageError, StorageFullError

OLDEST = 15
"""The oldest major version that is known to answer as the others do."""

WRITING = 0x70776C6F636B
"""The number of the lock that everybody who writes takes: `pwlock` in letters."""

LONGEST_WAIT = 20
"""Seconds that a writer waits for another."""

HELD = 0x7077
"""The first number of the locks of names: `pw` in letters; the second one is made from the name."""

POOL_TIMEOUT = 30.0

_PASSING = frozenset({"40001", "40P01", "57P01", "57P02", "57P03", "08000", "08003", "08006", "08001", "25006"})
"""What goes by: serialization, deadlock, a server that ends or begins, a connection that is lost.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


class PostgreSQL:
    """`dialect.Dialect` of PostgreSQL."""

    full_text = TSVector()

    def insert(self, into: Table) -> postgresql.Insert:
        return postgresql.insert(into)

    def listed(self, ids: BindParameter[Any]) -> Select[Any]:
        typed = bindparam(ids.key, type_=postgresql.ARRAY(BigInteger))
        return select(func.unnest(typed).column_valued("value"))

    def list_of(self, ids: Iterable[int]) -> list[int]:
        return list(ids)

    def walked(self, id: ColumnElement[int]) -> ColumnElement[int]:
        return id + 0  # no index has the sum

    def hold(self, connection: Connection, names: Iterable[str]) -> None:
        for name in sorted(names):  # in one order, so that no two wait for each other
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (HELD, name))

    def number_on(self, connection: Connection, of: Iterable[Table]) -> None:
        numbered = (table.autoincrement_column for table in of)
        for id in (column for column in numbered if column is not None):
            sequence = func.pg_get_serial_sequence(id.table.name, id.name)
            following = func.coalesce(func.max(id), 0) + 1
            connection.execute(select(func.setval(sequence, following, false())).select_from(id.table))

    # A row that was overwritten is cleared away by the server; its pages are not ours to write anew.

    def scrub_later(self, connection: Connection) -> None:
        """Nothing is to be done."""

    def must_scrub(self, connection: Connection) -> bool:
        return False


POSTGRESQL = PostgreSQL()


def url_of(address: str) -> URL:
    """The address by the one driver that is ours. Raises `DatabaseUnusableError`."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnusableError(
            "the address of the database cannot be read", mend="write it as postgresql://USER:PASSWORD@HOST/NAME"
        ) from error
    return url.set(drivername="postgresql+psycopg")


class Work(Enum):
    """What connections are for."""

    READS = auto()
    CLAIMS = auto()
    WRITES = auto()


def make_engine(url: URL, connections: int, work: Work) -> Engine:
    """So many connections to a database; those that read cannot write."""
    try:
        engine = create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ" if work is Work.READS else "READ COMMITTED",
            connect_args={"application_name": "presswatch", "connect_timeout": 10, "options": "-c timezone=UTC"},
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise DatabaseUnusableError(
            "PostgreSQL cannot be used here: what speaks to it is not installed",
            mend="install psycopg[binary], 3.3 or newer, into presswatch's environment",
        ) from error

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if work is Work.READS:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            return
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}s'")
        if work is Work.WRITES:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")

    return engine


class Server:
    """A database on a server: `engine.Place`."""

    is_read_only = False

    def __init__(self, address: str, readers: int) -> None:
        self.address = address
        self._url = url_of(address)
        self.writer = make_engine(self._url, 1, Work.WRITES)
        self.claimer = make_engine(self._url, 1, Work.CLAIMS)
        self.reader = make_engine(self._url, readers, Work.READS)
        with self.translated(), self.reader.connect() as connection:
            self._examine_version(connection)

    def __str__(self) -> str:
        return self._url._replace(drivername="postgresql", password=None).render_as_string()

    def _examine_version(self, connection: Connection) -> None:
        major = int((connection.dialect.server_version_info or (0,))[0])
        if major < OLDEST:
            raise DatabaseUnusableError(f"{self} is PostgreSQL {major}", mend=f"use PostgreSQL {OLDEST} or a newer one")

    def check(self) -> None:
        """A server that is gone says so itself."""

    def examine(self) -> None:
        """Damage is found by the server itself."""

    def scrub(self) -> None:
        """What was overwritten is cleared away by the server."""

    @property
    def size(self) -> int:
        with self.translated(), self.reader.connect() as connection:
            return int(connection.scalar(select(func.pg_database_size(func.current_database()))) or 0)

    def is_passing(self, error: BaseException) -> bool:
        """Whether the same transaction may succeed when it is tried again from its beginning."""
        if not isinstance(error, DBAPIError):
            return False
        return error.connection_invalidated or _state(error) in _PASSING

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the database as ours, each with its mend."""
        try:
            yield
        except PoolTimeoutError as error:
            raise StorageBusyError(
                f"this process has been busy with {self} for more than {POOL_TIMEOUT:.0f} seconds",
                mend="it is tried again",
            ) from error
        except DataError as error:
            raise StorageError(f"the database {self} refused a value: {_first_line(error)}") from error
        except DBAPIError as error:
            raise self._as_ours(error) from error

    def _as_ours(self, error: DBAPIError) -> StorageError:
        state, why = _state(error), _first_line(error)
        if state == "53100":
            return StorageFullError(f"the disk of {self} is full; nothing stored is lost", mend="free some space there")
        if state in ("55P03", "53300"):
            return StorageBusyError(f"{self} is busy: {why}", mend="it is tried again")
        if mend := next((mend for sign, mend in _MENDS.items() if sign in (state, *_signs(why))), ""):
            return DatabaseUnusableError(f"the database {self} cannot be used: {why}", mend=mend)
        if isinstance(error, OperationalError) or error.connection_invalidated:
            return StorageBusyError(
                f"{self} does not answer: {why}", mend="see that the server runs; it is tried again"
            )
        return StorageError(f"the database {self} refused: {why}")


_MENDS = {
    "42501": "give the user the right to make tables: GRANT ALL ON SCHEMA public TO ...",
    "3D000": "make it with createdb, or name another one",
    "28000": "check the user in its address",
    "28P01": "check the password in its address",
    "08001": "check the host in its address: postgresql://USER:PASSWORD@HOST/NAME",
}

_SIGNS = {
    'FATAL:  database "': "3D000",
    'FATAL:  role "': "28000",
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "failed to resolve host": "08001",
}
"""A connection that is refused has words and no state."""


def _signs(why: str) -> Iterator[str]:
    return (state for sign, state in _SIGNS.items() if sign in why)


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]
