"""Where a database lies and how it is connected to: a file, or a server."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Engine

from storage.errors import StorageError


class Place(Protocol):
    """What a `Database` needs of where it lies. As text it is what a person is told, without any password."""

    address: str
    """By which a server's database is opened again, with its password; empty for a file."""
    writer: Engine
    """One connection; a transaction on it keeps all other writers waiting."""
    claimer: Engine
    """One connection for claims, which keep nobody waiting; the writer's where a database has one writer at a time."""
    reader: Engine
    """Connections whose transactions see one unchanging view, and write nothing."""

    @property
    def is_read_only(self) -> bool:
        """Whether this user may only read."""

    def cautions(self) -> Iterable[StorageError]:
        """What is wrong with it though it can be used."""

    @property
    def size(self) -> int:
        """Bytes that are taken."""

    def check(self) -> None:
        """Raise `DatabaseGoneError` where what is open is not what it was."""

    def examine(self) -> None:
        """Raise `DatabaseUnusableError` where it is damaged; it takes seconds for each gigabyte."""

    def scrub(self) -> None:
        """Leave no trace of what was overwritten."""

    def is_passing(self, error: BaseException) -> bool:
        """Whether the transaction that raised it may succeed when it is begun again."""

    def close(self) -> None:
        """Let go of all connections."""

    def translated(self) -> AbstractContextManager[None]:
        """Errors of the database as ours, each with its mend."""
