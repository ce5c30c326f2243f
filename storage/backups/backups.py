"""A backup: one file with all that is needed to go on elsewhere, made while presswatch runs, and brought back.

It is a `.tar.gz` of

    backup.json     when and of what it was made, and the SHA-256 of each other file
    presswatch.db   all that is known, as of one moment
    secret.key      the keys of the channels' addresses, unless the environment holds them
    aliases/        the operator's own alias packs
    evidence/       the raw pages of all versions and their chain, unless they are to stay where they are

It is verified when it is made, as it will be when it is brought back: the files are those that went in, the database
is whole, its schema is known, and the keys open the addresses. What of the evidence is not as it was written is told
and keeps nobody from having the rest.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from storage.backups import evidence as taken
from storage.backups.archive import ALIASES, Backup, pack, unpack
from storage.database import Database
from storage.database.files import NAME, OF_THE_OWNER, OF_THE_OWNER_FILE, make_file, make_folder
from storage.database.snapshots import alone_with, examine, put_in_place, settle, snapshot
from storage.errors import DatabaseTooNewError, InvalidInputError, StorageError
from storage.items import items
from storage.opening import SCHEMA_VERSION, is_known, open_database, schema_version
from storage.outbox import deliveries
from storage.people import seals
from storage.people.keyring import FILE as KEY
from storage.people.keyring import Keyring
from storage.sources import polls


def make(
    database: Database, to: Path, version: str, at: datetime, *, replace: bool = False, evidence: bool = True
) -> Backup:
    """Write a backup to the file `to`, which is there whole or not at all, for its owner's eyes alone.

    Without `evidence` that stays where it is: the database knows its chain.

    Raises `InvalidInputError` where there is a file already, unless it is to be replaced, or none can be written, and
    `StorageError`.
    """
    if database.place.address:
        raise InvalidInputError(
            f"{database.place} lies on a server, whose own copies are made there",
            mend=f"make one with: pg_dump --format=custom --file=FILE '{database.place}'; keep what is in "
            f"{database.path.parent} too, the key above all; docs/server.md has more",
        )
    if to.exists() and not (replace and to.is_file()):
        raise InvalidInputError(f"{to} is there already", mend="name another file, or replace it with --force")
    with _written_to(to), _workshop(to.parent) as folder:
        snapshot(database.path, folder / NAME)
        keys = () if database.keyring.from_environment else database.keyring.keys()
        if keys:
            _write_keys(folder / KEY, keys)
        _copy_aliases(database.aliases.path, folder / ALIASES)
        if evidence:
            taken.take_along(database.path.parent, folder, database.keyring)
        made = _examined(folder, database.keyring, at, version, has_key=bool(keys))
        packed = folder / "packed"
        pack(folder, made, packed)
        with _workshop(to.parent) as again:
            unpack(packed, again)  # what was written can be read
        packed.chmod(OF_THE_OWNER_FILE)
        packed.replace(to)
    return made


def check(file: Path, keyring: Keyring) -> Backup:
    """Verify a backup and say what it is; `keyring` is where it would be brought back.

    Raises `InvalidInputError`, `StorageError`.
    """
    with _workshop(None) as folder:
        return _verified(file, folder, keyring)


def restore(
    file: Path, folder: Path, keyring: Keyring, aliases: Path, at: datetime, *, replace: bool = False
) -> Backup:
    """Bring a backup back: database, keys and alias packs; what was there goes into a folder beside them.

    1. It is unpacked and verified beside what is there, and brought up to date where an older presswatch made it.
    2. What processes of its time had claimed is free: none of them lives.
    3. The keys of the backup are put before those that are there, so that whichever database stands there is opened.
    4. The database takes its place, where no process has the other one open; then the old keys go.

    Raises `InvalidInputError` where there is a database that is not to be replaced, `DatabaseInUseError` where a
    process has it open, and as `check` does.
    """
    path = folder / NAME
    if path.exists() and path.stat().st_size and not replace:
        raise InvalidInputError(
            f"{path} is there already", mend="name another folder with --data, or replace it with --force; it is kept"
        )
    with _written_to(folder):
        make_folder(folder)
        with alone_with(path):
            pass  # before the long work
        return _restored(file, path, keyring, aliases, at)


def _restored(file: Path, path: Path, keyring: Keyring, aliases: Path, at: datetime) -> Backup:
    folder = path.parent
    with _workshop(folder) as unpacked:
        restored = _verified(file, unpacked, keyring)
        with open_database(unpacked, keyring=_given_keys(unpacked, keyring)) as database:
            database.write(_free_claims, at)
        if path.exists():
            _settle(path)
        with alone_with(path):
            _exchange(unpacked, path, keyring, aliases, folder / f"before-restore-{at:%Y%m%dT%H%M%SZ}")
    with Database(folder, keyring=keyring) as database:  # the evidence may have stayed here, or be that of another time
        return dataclasses.replace(restored, altered=database.read(taken.altered, folder))


def _exchange(new: Path, path: Path, keyring: Keyring, aliases: Path, aside: Path) -> None:
    """Put keys, database and alias packs in their places, and what was there into the folder `aside`."""
    aside.mkdir(mode=OF_THE_OWNER)
    old_keys, new_keys = () if keyring.from_environment else keyring.keys(), _keys_in(new)
    if old_keys:
        _write_keys(aside / KEY, old_keys)
    if new_keys:
        keyring.keep([*new_keys, *(key for key in old_keys if key not in new_keys)])
    put_in_place(new / NAME, path, aside)
    if new_keys:
        keyring.keep(new_keys)
    _replace_aliases(new / ALIASES, aliases, aside / ALIASES)
    taken.put_in_place(new, path.parent, aside)
    if not any(aside.iterdir()):
        aside.rmdir()


def _write_keys(to: Path, keys: Sequence[str]) -> None:
    make_file(to)
    to.write_text("\n".join(keys) + "\n", encoding="ascii")


@contextmanager
def _written_to(place: Path) -> Iterator[None]:
    """A file that cannot be written as a mistake that a person can mend."""
    try:
        yield
    except OSError as error:
        raise InvalidInputError(
            f"{place} cannot be written: {error.strerror}",
            mend="name a place in a folder that is yours, with as much free space as the database takes twice",
        ) from error


@contextmanager
def _workshop(where: Path | None) -> Iterator[Path]:
    """A folder that nobody else can enter and that is gone afterwards, on the disk where the result is to lie."""
    with tempfile.TemporaryDirectory(dir=where, prefix=".presswatch-") as name:
        yield Path(name)


# -- what goes in ------------------------------------------------------------------------------------------------------


def _copy_aliases(source: Path, to: Path) -> None:
    files = sorted(source.glob("*.toml"))
    if files:
        make_folder(to)
    for file in files:
        shutil.copyfile(file, to / file.name)


def _verified(file: Path, folder: Path, keyring: Keyring) -> Backup:
    manifest = unpack(file, folder)
    at = datetime.fromisoformat(manifest["made_at"])
    return _examined(folder, _given_keys(folder, keyring), at, manifest["presswatch"], has_key=KEY in manifest["files"])


def _examined(folder: Path, keyring: Keyring, at: datetime, version: str, *, has_key: bool) -> Backup:
    """Look whether the database in a folder is whole, and what the keys open of it. Raises `StorageError`."""
    examine(folder / NAME)
    with Database(folder, keyring=keyring) as database:
        schema = database.read(schema_version)
        if not database.read(is_known):
            raise DatabaseTooNewError(
                f"the database was written by a newer presswatch (its schema is {schema}, ours {SCHEMA_VERSION})",
                mend="update presswatch",
            )
        statements = database.read(items.count)
        records = database.read(taken.count)
        altered = database.read(taken.altered, folder) if taken.is_in(folder) else ()
        unopened = database.read(seals.unopened, keyring)
    return Backup(at, version, schema or "", statements, has_key, unopened, records, altered)


# -- its place ---------------------------------------------------------------------------------------------------------


def _keys_in(folder: Path) -> Sequence[str]:
    try:
        return (folder / KEY).read_text(encoding="ascii").split()
    except OSError:
        return ()


def _given_keys(folder: Path, keyring: Keyring) -> Keyring:
    """The keys that will be there: those of the environment go before those of the backup, and these before others."""
    keys = () if keyring.from_environment else _keys_in(folder)
    return Keyring.holding(keys) if keys else keyring


def _free_claims(connection: Connection, at: datetime) -> None:
    polls.release_interrupted(connection, polls.open_owners(connection), at)
    deliveries.release_interrupted(connection, deliveries.open_tokens(connection))
    deliveries.close_interrupted(connection, at)


def _settle(path: Path) -> None:
    """Without the log the old file is to be whole; if it is damaged, both are kept as they are."""
    with suppress(StorageError):
        settle(path)


def _replace_aliases(new: Path, place: Path, aside: Path) -> None:
    if not new.is_dir():
        return
    make_folder(place)
    for old in place.glob("*.toml"):
        make_folder(aside)
        shutil.copyfile(old, aside / old.name)
        old.unlink()
    for file in new.glob("*.toml"):
        shutil.copyfile(file, place / file.name)
