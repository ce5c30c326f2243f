"""A database as the house uses it: transactions, in threads so that the loop stays free.

One connection of a process writes, in one thread; others read. Nothing goes over the network while a transaction is
open.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import platformdirs
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.database.files import NAME, make_folder
from storage.database.place import Place
from storage.database.server import Server
from storage.database.sqlite import unusable
from storage.database.sqlite_file import SQLiteFile
from storage.errors import StorageError
from storage.people.keyring import Keyring
from storage.query.aliases import Packs
from storage.query.packs import AliasFolder

P = ParamSpec("P")
R = TypeVar("R")


READERS = 4

TRIES = 3
"""How often a transaction is begun that others break off."""

Progress = Callable[[int, int], None]
"""Told how much of a long work is done, of how much."""


def data_folder() -> Path:
    """Where the data lie unless a person says otherwise: `PRESSWATCH_DATA`, or the user's data folder."""
    return Path(os.environ.get("PRESSWATCH_DATA") or platformdirs.user_data_dir("presswatch", appauthor=False))


def is_there(folder: Path) -> bool:
    """Whether there is a database in a folder, or what nobody may look into."""
    try:
        return (folder / NAME).exists()
    except PermissionError:
        return True


class Database:
    """The statements, topics and alerts in one file.

    The questions of `storage` are functions that take a connection first; `write` and `read` run them
    in one transaction each. The `_async` forms do so in a thread of their own, so that the loop stays free.
    """

    def __init__(
        self,
        folder: Path,
        *,
        address: str = "",
        keyring: Keyring | None = None,
        aliases: AliasFolder | None = None,
    ) -> None:
        """Connect to `folder`/presswatch.db as it is; `storage.opening.open_database` brings it up to date.

        `address` names a server's database instead: `postgresql://...`. `keyring` has the keys of the channels'
        addresses, those in the folder unless others are given; `aliases` is where the user's alias packs lie,
        `folder`/aliases unless said otherwise.
        Folder and file are made where there are none, for their owner alone. Raises `DatabaseUnusableError`.
        """
        self.path = folder / NAME
        try:
            make_folder(folder)  # the keys lie there, whatever lies elsewhere
        except OSError as error:
            raise unusable(self.path, str(error.strerror)) from error
        self.place: Place = Server(address, READERS) if address else SQLiteFile(self.path, READERS)
        self.keyring = keyring or Keyring(folder)
        self.aliases = aliases or AliasFolder(folder / "aliases")
        self.fence: Callable[[Connection], None] = _no_fence
        """Asked first in each transaction that writes: it raises where this process may write no more."""
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="presswatch-write")
        self._claim_thread = self._write_thread
        if self.is_shared:
            self._claim_thread = ThreadPoolExecutor(1, thread_name_prefix="presswatch-claim")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="presswatch-read")

    def write(self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function in one transaction: all of it is stored, or nothing. Raises `StorageError`.

        What was written into a file that is not there any more is not called stored: `DatabaseGoneError`. What another
        transaction or a lost connection broke off is begun again, `TRIES` times in all: every row has a unique key, so
        that what was stored nevertheless is not stored twice.
        """
        return self._stored(self.place.writer, function, *args, **kwargs)

    def claim(self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`write` for a function that only claims: it waits for nobody who writes, and nobody for it.

        Others change rows beside it. So it changes only what it has locked by `passing_by`, asks anew after that what
        it has to know of these rows, and what it counts together with others it holds by `Dialect.hold`.
        """
        return self._stored(self.place.claimer, function, *args, **kwargs)

    def _stored(
        self, engine: Engine, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        with self._told():
            for again in reversed(range(TRIES)):
                try:
                    with _begun(engine) as connection:
                        self.fence(connection)
                        result = function(connection, *args, **kwargs)
                    break
                except Exception as error:
                    if not (again and self.place.is_passing(error)):
                        raise
            self.place.check()
            return result

    def read(self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function on one unchanging view of the data. Raises `StorageError`."""
        with self._told(), _begun(self.place.reader) as connection:
            return function(connection, *args, **kwargs)

    def examine(self) -> None:
        """Raise `DatabaseUnusableError` where the file is damaged; it takes seconds for each gigabyte."""
        self.place.examine()

    def check_files(self) -> None:
        """Raise `DatabaseGoneError` where the file was deleted or replaced since it was opened."""
        self.place.check()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the database as ours. A file that is gone explains all others."""
        try:
            with self.place.translated():
                yield
        except StorageError:
            self.place.check()
            raise

    async def write_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`write` in the one writing thread, in the order of the calls."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_thread, lambda: self.write(function, *args, **kwargs))

    async def claim_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`claim` in a thread of its own, or the writing one where a database has one writer at a time."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._claim_thread, lambda: self.claim(function, *args, **kwargs))

    async def read_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`read` in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, lambda: self.read(function, *args, **kwargs))

    def cautions(self) -> tuple[StorageError, ...]:
        """What is wrong with the database though it can be used, each with its mend."""
        return tuple(self.place.cautions())

    @property
    def is_shared(self) -> bool:
        """Whether several processes write side by side, so that each claims its part of the work."""
        return self.place.claimer is not self.place.writer

    @property
    def is_read_only(self) -> bool:
        """Whether this user may only read the file: then nothing is written, what is asked is answered."""
        return self.place.is_read_only

    @property
    def size(self) -> int:
        """Bytes on the disk, with what is not yet in its place."""
        return self.place.size

    @property
    def packs(self) -> Packs:
        """The alias packs that queries mean now: they are read again when a file of the user's has changed."""
        return self.aliases.packs

    def scrub(self) -> None:
        """Leave no trace of what was overwritten in the file or its log; where others are busy, at the next opening."""
        self.place.scrub()

    def close(self) -> None:
        """Finish what is being written, then let go of the file."""
        self._claim_thread.shutdown()
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self.place.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _no_fence(connection: Connection) -> None:
    """Whoever works alone may write."""


@contextmanager
def _begun(engine: Engine) -> Iterator[Connection]:
    """A transaction on one of the engine's connections.

    Who waited for a connection while this process stood still waits once more: that time was none.
    """
    try:
        connection = engine.connect()
    except PoolTimeoutError:
        connection = engine.connect()
    with connection, connection.begin():
        yield connection
