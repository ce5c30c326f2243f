"""What every command needs: the settings, the database with the catalogue in it, the guard on connections, an owner."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storage.types import SOLE_OWNER, Actor, Face

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from presswatch.settings import Settings
    from storage.database import Database

OWNER = SOLE_OWNER
"""Whose topics, channels, subscriptions and alerts the command line shows and changes: the first user's."""

OPERATOR = Actor(OWNER, Face.COMMAND_LINE)
"""Who does what is done at the command line."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the command line says of where the data are; the settings say the rest."""

    data: Path | None = None
    database: str = field(default="", repr=False)
    """The address of a server's database, with its password."""

    def settings(self) -> Settings:
        """Raises `SettingsError`."""
        from presswatch.settings import load

        return load(self.data, self.database)


NOTHING = Named()


@contextmanager
def opened(named: Named = NOTHING) -> Iterator[tuple[Settings, Database]]:
    """The settings and the open database: what `--data` and `--database` named, else the operator's.

    Raises as `opened_by` does.
    """
    settings = named.settings()
    with opened_by(settings) as database:
        yield settings, database


@contextmanager
def asked(
    named: Named = NOTHING, *, or_new: bool = False, with_catalogue: bool = False
) -> Iterator[tuple[Settings, Database]]:
    """As `opened`, for a command that needs what is stored: it makes no database where there is none.

    With `or_new` it is then asked of what a new one has, such as the catalogue, which is left nowhere.
    `with_catalogue` says that it needs the catalogue of today.
    Raises `NotFoundError`, and as `opened_by` does.
    """
    from storage.database import is_there
    from storage.errors import NotFoundError

    settings = named.settings()
    if settings.server or is_there(settings.data):
        with opened_by(settings, with_catalogue=or_new or with_catalogue) as database:
            yield settings, database
    elif or_new:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="presswatch-") as nowhere:
            aliases = settings.alias_folder.path
            with opened_by(settings.model_copy(update={"data": Path(nowhere), "aliases": aliases})) as database:
                yield settings, database
    else:
        mend = "begin with: presswatch subscribe CSTO --to console, or name the folder where it is with --data"
        raise NotFoundError(f"there is no database in {settings.data} yet", mend=mend)


@contextmanager
def opened_by(settings: Settings, *, with_catalogue: bool = True) -> Iterator[Database]:
    """The database of these settings; while open, no socket connects where the operator does not allow it.

    Without the catalogue it has the sources that it had when it was opened last: reading some sixty files takes longer
    than most answers.
    Raises `SettingsError` and `StorageError`.
    """
    from presswatch.output import whole_progress
    from storage.connection_guard import guarded_connections
    from storage.opening import open_database

    work_begins()
    progress = whole_progress("indexing anew")
    with (
        open_database(settings.data, progress, address=settings.server, aliases=settings.alias_folder) as database,
        guarded_connections(settings.policy),
    ):
        if with_catalogue and not database.is_read_only:
            _bring_catalogue(database)
        yield database


def work_begins() -> None:
    """Garbage is looked for from now on, but not among what is imported: that stays. `__main__` had it left alone."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _bring_catalogue(database: Database) -> None:
    """Bring the sources of the catalogue into the database, where they differ."""
    from crawler.catalog import catalogue
    from storage.clock import now
    from storage.sources import sources

    if database.read(sources.catalogue_differs, catalogue()):
        database.write(sources.sync_catalogue, catalogue(), now())
