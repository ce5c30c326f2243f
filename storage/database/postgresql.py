"""PostgreSQL: connections and its dialect.

Everybody who writes takes one lock of the whole database first. So what is read before it is written stays as it was
read, ids ascend with time, and nobody who reads on from an id misses one (measured: of four writers side by side a
reader lost 17 of 100 rows for ever; with the lock none). Who only claims does not: he locks the rows that he claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from storage import clock
from storage.database.tsvector import TSVector
from storage.errors import DatabaseUnusableError

WRITING = 0x70776C6F636B
"""The number of the lock that everybody who writes takes: `pwlock` in letters."""

LONGEST_WAIT = 20
"""Seconds that a writer waits for another."""

HELD = 0x7077
"""The first number of the locks of names: `pw` in letters; the second one is made from the name."""

LONGEST_REST = 15
"""Seconds that a transaction which writes may stand still: a process that was stopped in one would keep all waiting."""

POOL_TIMEOUT = 30.0

_OPTIONS = "-c timezone=UTC -c cursor_tuple_fraction=0.001 -c plan_cache_mode=force_custom_plan -c jit=off"
"""Of what is read piece by piece the first rows are wanted, and a plan for all words is none for any."""


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

    def sorted(self, id: ColumnElement[int]) -> ColumnElement[int]:
        return id + 0

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
            connect_args={"application_name": "presswatch", "connect_timeout": 10, "options": _OPTIONS},
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
        limits = {"lock_timeout": LONGEST_WAIT, "idle_in_transaction_session_timeout": LONGEST_REST}
        keep_time(connection, *(f"set_config('{name}', '{seconds}s', true)" for name, seconds in limits.items()))
        if work is Work.WRITES:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")

    return engine


def keep_time(connection: Connection, *asked: str) -> Sequence[Any]:
    """Ask the server so much, and go by its clock; return what it says of the former."""
    before = clock.own()
    *answers, told = connection.exec_driver_sql(f"SELECT {', '.join((*asked, 'clock_timestamp()'))}").one()
    clock.go_by(told, before)
    return answers
