"""Whether a process watches with this database now: a lock that ends with whoever holds it, however that ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database.files import make_file

LOCK = "watching.lock"


@contextmanager
def watching(folder: Path) -> Iterator[int | None]:
    """Be known as the process that watches; gives None, or the id of one that watches already.

    Nothing is locked where the system has no such lock, or the folder is not ours to write.
    """
    file = folder / LOCK
    if sys.platform == "win32" or not _can_write(file):
        yield None
        return
    import fcntl

    with file.open("r+", encoding="ascii") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield int(opened.read().strip() or 0)
            return
        opened.truncate()
        opened.write(f"{os.getpid()}\n")
        opened.flush()
        yield None


def is_watched(folder: Path) -> bool:
    """Whether a process watches with the database in a folder."""
    if not (folder / LOCK).exists():
        return False
    with watching(folder) as other:
        return other is not None


def _can_write(file: Path) -> bool:
    try:
        make_file(file)
    except OSError:
        return False
    return os.access(file, os.W_OK)
