"""A database is opened: migrated, its addresses sealed, its full text made anew where it is stale."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from storage.database import Database, Place, Progress, dialect_of
from storage.errors import DatabaseForeignError, DatabaseTooNewError, DatabaseUnusableError, KeyUnusableError
from storage.people import seals
from storage.people.keyring import Keyring
from storage.query.packs import AliasFolder
from storage.search.reindex import is_newer, is_stale, rebuild
from storage.tables import compatibility

SCHEMA_VERSION = "0022"
"""The newest revision in `migrations/`; a test holds the two together."""

UNFINISHED = "unfinished copy"
"""What stands in the place of the revision while a database is being copied from another one: nobody else uses it."""

_UPDATE = "update presswatch, or name another folder with --data"


OF_EVERY_VERSION = frozenset({"sources", "items", "versions"})
"""Tables by which a database of ours is known, whichever version wrote it."""


def open_database(
    folder: Path,
    progress: Progress = lambda done, total: None,
    *,
    address: str = "",
    keyring: Keyring | None = None,
    aliases: AliasFolder | None = None,
) -> Database:
    """Open the database in `folder`; make it, or bring its schema and its full text up to date, where necessary.

    That takes minutes where a new version of ours reads texts differently: `progress` is told of it. Where all is in
    order nothing is written: a look into the history waits for no writer. `aliases` is where the user's alias packs
    lie, `folder`/aliases unless said otherwise. `address` names a server's database; the folder has its keys then.
    One that this user may only read stays as it is, and has to be up to date.
    Raises `DatabaseTooNewError`, `DatabaseUnusableError`, `StorageFullError`, and on a server `KeyUnusableError` where
    the key is not the one of the others.
    """
    database = Database(folder, address=address, keyring=keyring, aliases=aliases)
    try:
        if database.is_read_only:
            database.read(_refuse_other_versions, database.place)
        elif not database.read(_is_in_order):
            database.write(_migrate, database.place, progress)
            if database.write(_seal, database.keyring):
                database.scrub()
        if address:
            database.read(_refuse_another_key, database.keyring, database.place)
    except BaseException:
        database.close()
        raise
    return database


def _is_in_order(connection: Connection) -> bool:
    """Whether there is nothing to do before the database is used."""
    return (
        _goes_on(connection, schema_version(connection))
        and not is_stale(connection)
        and not seals.are_missing(connection)
        and not dialect_of(connection).must_scrub(connection)
    )


def _migrate(connection: Connection, place: Place, progress: Progress) -> None:
    current = schema_version(connection)
    if not _goes_on(connection, current):
        _upgrade(connection, current, place)
    if is_newer(connection):
        raise DatabaseTooNewError(f"the full text of {place} was made by a newer presswatch", mend=_UPDATE)
    if is_stale(connection):
        rebuild(connection, progress)


def _refuse_other_versions(connection: Connection, place: Place) -> None:
    if not _goes_on(connection, schema_version(connection)) or is_stale(connection):
        raise DatabaseUnusableError(
            f"{place} was written by another version of presswatch, and you may only read it",
            mend="let its owner open it once with this version",
        )


def _refuse_another_key(connection: Connection, keyring: Keyring, place: Place) -> None:
    """A process with a key of its own would seal what the others cannot open, and reach none of their channels."""
    if seals.are_anothers(connection, keyring):
        raise KeyUnusableError(
            f"the channels' addresses in {place} are sealed with another key than that of {keyring.place}",
            mend="give every process the same key, by PRESSWATCH_KEY_FILE; if that one is lost for good, take this one "
            "away, remove the channels that need it and add them again",
        )


def _goes_on(connection: Connection, current: str | None) -> bool:
    """Whether this program may use a schema of that revision as it stands."""
    return current == SCHEMA_VERSION or ((current or "") > SCHEMA_VERSION and _only_adds(connection, current))


def _only_adds(connection: Connection, newer: str | None) -> bool:
    """Whether a newer revision says that it only adds to what this program knows of the schema."""
    if not inspect(connection).has_table(compatibility.name):
        return False
    oldest = connection.scalar(select(compatibility.c.oldest).where(compatibility.c.revision == newer))
    return oldest is not None and oldest <= SCHEMA_VERSION


def is_known(connection: Connection) -> bool:
    """Whether this program may use the schema, or brings it up to date when it opens the database."""
    from storage.migrations import known_versions  # Alembic takes a tenth of a second to import

    current = schema_version(connection)
    return _goes_on(connection, current) or current in known_versions()


def _upgrade(connection: Connection, current: str | None, place: Place) -> None:
    from storage.migrations import upgrade

    if current == UNFINISHED:
        raise DatabaseUnusableError(
            f"{place} is a copy that is not finished",
            mend="it goes on where it ended with the same: presswatch database copy --from ... --to ...",
        )
    if _is_foreign(connection, current):
        raise DatabaseForeignError(
            f"{place} holds the tables of another program", mend="make a database for presswatch alone, and name that"
        )
    if current is not None and not is_known(connection):
        raise DatabaseTooNewError(
            f"{place} was written by a newer presswatch (its schema is {current}, ours {SCHEMA_VERSION})", mend=_UPDATE
        )
    upgrade(connection)


def _is_foreign(connection: Connection, current: str | None) -> bool:
    """Whether there are tables, and not ours; those of a newer presswatch are."""
    tables = set(inspect(connection).get_table_names())
    return bool(tables - {"alembic_version"}) if current is None else not tables >= OF_EVERY_VERSION


def schema_version(connection: Connection) -> str | None:
    """The revision that a database is at; None where it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(table("alembic_version", column("version_num"))))


def _seal(connection: Connection, keyring: Keyring) -> bool:
    """Seal addresses that stand there as they were entered; whether the file has to be scrubbed of them.

    Whoever is killed before it is scrubbed makes up for it when opening next. Without the key nothing is sealed, and
    nothing stops.
    """
    dialect = dialect_of(connection)
    try:
        if seals.plain(connection) and seals.seal_plain(connection, keyring):
            dialect.scrub_later(connection)
        seals.add_fingerprints(connection, keyring)
    except KeyUnusableError:
        return False
    return dialect.must_scrub(connection)
