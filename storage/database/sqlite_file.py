"""A database in one file: `place.Place` of SQLite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from storage.database.files import OpenFiles, make_file
from storage.database.snapshots import examine
from storage.database.sqlite import make_engine, scrub, translated, unusable
from storage.errors import DatabaseReadOnlyError, StorageError


class SQLiteFile:
    """The file at `path`, made where there is none. Raises `DatabaseUnusableError`."""

    def __init__(self, path: Path, readers: int) -> None:
        self._path = path
        try:
            make_file(path)
        except OSError as error:
            raise unusable(path, str(error.strerror)) from error
        self._files = OpenFiles(path)
        self.address = ""
        self.writer = make_engine(path, 1, writes=True)
        self.claimer = self.writer
        self.reader = make_engine(path, readers, writes=False)

    def __str__(self) -> str:
        return str(self._path)

    @property
    def is_read_only(self) -> bool:
        return self._path.exists() and not os.access(self._path, os.W_OK)

    def cautions(self) -> Iterator[StorageError]:
        if self.is_read_only:
            yield DatabaseReadOnlyError(
                f"you may only read {self}: nothing can be stored",
                mend="let its owner do this, or give yourself the right to write it",
            )

    @property
    def size(self) -> int:
        return self._files.size()

    def check(self) -> None:
        self._files.check()

    def examine(self) -> None:
        examine(self._path, quickly=True)

    def scrub(self) -> None:
        scrub(self.writer)

    def close(self) -> None:
        for engine in (self.reader, self.writer):
            engine.dispose()

    def is_passing(self, error: BaseException) -> bool:
        """Writers of a file wait for each other; nothing breaks them off."""
        return False

    def translated(self) -> AbstractContextManager[None]:
        return translated(self._path)
