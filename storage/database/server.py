"""A database on a PostgreSQL server: `place.Place`, and its errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage import clock
from storage.database.postgresql import POOL_TIMEOUT, Work, keep_time, make_engine, url_of
from storage.errors import (
    DatabaseReadOnlyError,
    DatabaseUnusableError,
    StorageBusyError,
    StorageError,
    StorageFullError,
)

OLDEST = 15
"""The oldest major version that is known to answer as the others do."""

_PASSING = frozenset({"40001", "40P01", "57P01", "57P02", "57P03", "08000", "08003", "08006", "08001"})
"""What goes by: serialization, deadlock, a server that ends or begins, a connection that is lost.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

ZERO = timedelta()
_NEVER_WRITES = "pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool"
_MAY_NOT_WRITE = "coalesce(NOT has_table_privilege(to_regclass('versions'), 'INSERT'), false)"


class Server:
    """A database on a server: `engine.Place`."""

    def __init__(self, address: str, readers: int) -> None:
        self.address = address
        self._url = url_of(address)
        self.writer = make_engine(self._url, 1, Work.WRITES)
        self.claimer = make_engine(self._url, 1, Work.CLAIMS)
        self.reader = make_engine(self._url, readers, Work.READS)
        try:
            with self.translated(), self.reader.connect() as connection:
                self._examine_version(connection)
                self._never_writes, may_not = keep_time(connection, _NEVER_WRITES, _MAY_NOT_WRITE)
        except StorageError:
            self.close()
            raise
        self.is_read_only = bool(self._never_writes or may_not)

    def __str__(self) -> str:
        return self._url.set(drivername="postgresql", query={})._replace(password=None).render_as_string()

    def _examine_version(self, connection: Connection) -> None:
        major = int((connection.dialect.server_version_info or (0,))[0])
        if major < OLDEST:
            raise DatabaseUnusableError(f"{self} is PostgreSQL {major}", mend=f"use PostgreSQL {OLDEST} or a newer one")

    def cautions(self) -> Iterator[StorageError]:
        if self.is_read_only:
            yield self._read_only()
        if ahead := clock.ahead():
            by = f"{abs(ahead).total_seconds():.0f} seconds {'ahead of' if ahead > ZERO else 'behind'}"
            yield StorageError(
                f"this machine's clock is {by} that of {self}, by which presswatch goes here",
                mend="set the clock right on both machines: timedatectl set-ntp true",
            )

    def _read_only(self) -> DatabaseReadOnlyError:
        if self._never_writes:
            why, mend = "only answers, as a standby does", "name the server that writes, not one that follows it"
        else:
            why, mend = "gives its user no right to write", _MENDS["42501"]
        return DatabaseReadOnlyError(f"{self} {why}: nothing can be stored", mend=mend)

    def close(self) -> None:
        for engine in (self.reader, self.claimer, self.writer):
            engine.dispose()
        clock.go_by_own()

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
        if state == "25006":
            self._never_writes = True
            return self._read_only()
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
    "42501": "let the user own the database and what is in it: ALTER DATABASE ... OWNER TO, REASSIGN OWNED BY ... TO",
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
