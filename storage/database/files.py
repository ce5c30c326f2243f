"""The file of a database: made for its owner's eyes alone, and known again while it is open."""

from __future__ import annotations

from pathlib import Path

from storage.errors import DatabaseGoneError

NAME = "presswatch.db"
LOG = "-wal"
"""What SQLite calls the log that lies beside a database while it is open."""

OF_THE_OWNER = 0o700
OF_THE_OWNER_FILE = 0o600

Identity = tuple[int, int]
"""Device and inode: what a file keeps when it is written, and what another one of its name does not have."""


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, whatever the umask says; one that is there stays as it is.

    Raises `OSError`.
    """
    try:
        folder.mkdir(parents=True, mode=OF_THE_OWNER)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    folder.chmod(OF_THE_OWNER)


def make_file(path: Path) -> None:
    """Make an empty file that only its owner may read, whatever the umask says; one that is there stays as it is.

    SQLite gives its log the same rights. Raises `OSError`.
    """
    try:
        path.touch(mode=OF_THE_OWNER_FILE, exist_ok=False)
    except FileExistsError:
        return
    path.chmod(OF_THE_OWNER_FILE)


class OpenFiles:
    """The files of an open database, as they were when it was first used.

    Who deletes or replaces them under a running process does not stop it: SQLite goes on writing into a file that has
    no name any more, and says that all is stored.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[Path, Identity] = {}

    def check(self) -> None:
        """Raise `DatabaseGoneError` where a file is not the one that is open."""
        for file in (self._path, self._path.with_name(self._path.name + LOG)):
            found = _identity(file)
            if found is not None and file not in self._known:
                self._known[file] = found
            elif found != self._known.get(file):
                raise _gone(file, is_there=found is not None)

    def size(self) -> int:
        """Bytes that they have on the disk."""
        there = [file for file in (self._path, self._path.with_name(self._path.name + LOG)) if file.exists()]
        return sum(file.stat().st_size for file in there)


def _gone(file: Path, *, is_there: bool) -> DatabaseGoneError:
    what, without = ("is gone", "without one a new start begins with an empty history")
    if is_there:
        what, without = "has been replaced", "a new start goes on with what lies there now"
    return DatabaseGoneError(
        f"{file} {what} while it was open: nothing more is stored",
        mend=f"stop every presswatch on {file.parent}, bring back a backup with: presswatch restore FILE; {without}",
    )


def _identity(file: Path) -> Identity | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
