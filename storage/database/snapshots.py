"""Copies of a whole database: taken while others write, examined, and put into the place of another one."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.database.files import LOG, make_file
from storage.database.sqlite import BUSY_TIMEOUT, address_of, translated, unusable
from storage.errors import DatabaseInUseError

_LOCK_START, _LOCK_LENGTH = 0x40000002, 510
"""The bytes that everybody who has a database open holds a shared lock on; no page ever stands there.

Source: https://www.sqlite.org/fileformat2.html#the_lock_byte_page and `SHARED_FIRST` in SQLite's `os.h`.
"""

_AS_OURS = (
    "SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('trigger', 'view')",
    "SELECT DISTINCT 'a broken reference in ' || \"table\" FROM pragma_foreign_key_check",
)
"""What our databases never have."""

_SHOWN = 3
"""So many faults of a file are named."""


def snapshot(path: Path, into: Path) -> None:
    """Write what a database holds at this moment to a new file, whole and packed; others may write meanwhile.

    Nothing that was deleted goes along. Raises `StorageError`, `OSError`.
    """
    make_file(into)
    with translated(path), closing(_opened(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(into),))
    with into.open("rb") as file:
        os.fsync(file.fileno())


def examine(path: Path, *, quickly: bool = False) -> None:
    """Raise `DatabaseUnusableError` where a database is damaged, or has what none of ours has.

    `quickly`, in a fraction of the time, it is not looked whether the indexes say what the tables say.
    """
    check = "quick_check" if quickly else "integrity_check"
    with translated(path), closing(_opened(path)) as connection:
        found = [row[0] for row in connection.execute(f"PRAGMA {check}({_SHOWN})") if row[0] != "ok"]
        for question in () if found else _AS_OURS:
            found += [row[0] for row in connection.execute(question).fetchmany(_SHOWN)]
    if found:
        raise unusable(path, f"malformed: {'; '.join(map(str, found))}")


def settle(path: Path) -> None:
    """Bring what stands in the log into the file, so that the file is whole without it; without effect on others.

    Raises `StorageError`.
    """
    with translated(path), closing(_opened(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Keep everybody out of a database; raises `DatabaseInUseError` where a process has it open, of ours or not.

    It works on a damaged file too. This process must neither have it open nor open it meanwhile: its lock would end.
    """
    if sys.platform == "win32" or not path.exists():  # there no file is replaced that is open
        yield
        return
    import fcntl

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_LENGTH, _LOCK_START)
        except OSError as error:
            raise DatabaseInUseError(
                f"another process has {path} open", mend="stop every presswatch on this folder, then try again"
            ) from error
        yield


def put_in_place(new: Path, path: Path, aside: Path) -> None:
    """Put a database that nobody has open into the place of another; the old one goes into the folder `aside`.

    There is a whole one at any moment: who is killed in between has the old one or the new one. Raises `OSError`.
    """
    if path.exists():
        os.link(path, aside / path.name)
    for log in (path.with_name(path.name + LOG), path.with_name(f"{path.name}-shm")):
        if log.exists():
            log.rename(aside / log.name)
    new.rename(path)
    if sys.platform != "win32":
        descriptor = os.open(path.parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(address_of(path), uri=True, isolation_level=None, timeout=BUSY_TIMEOUT)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection
