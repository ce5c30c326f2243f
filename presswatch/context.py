"""What every command needs: the settings, the database with the catalogue in it, and the guard on connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storage.connection_guard import guarded_connections

if TYPE_CHECKING:
    from presswatch.settings import Settings
    from storage.database import Database

_data: Path | None = None


def set_data(folder: Path | None) -> None:
    """Remember the folder that `--data` named."""
    global _data
    _data = folder


def settings() -> Settings:
    from presswatch.settings import load

    return load(_data)


@contextmanager
def opened(current: Settings | None = None) -> Iterator[tuple[Settings, Database]]:
    """The settings and the open database; while open, no socket connects where the operator does not allow it.

    Raises `SettingsError` and `StorageError`.
    """
    from crawler.catalog import catalogue
    from presswatch.output import whole_progress
    from storage.clock import now
    from storage.opening import open_database
    from storage.sources import sources

    current = current or settings()
    progress, aliases = whole_progress("indexing anew"), current.alias_folder
    with open_database(current.data, progress, aliases=aliases) as database, guarded_connections(current.policy):
        if database.read(sources.catalogue_differs, catalogue()):
            database.write(sources.sync_catalogue, catalogue(), now())
        yield current, database
