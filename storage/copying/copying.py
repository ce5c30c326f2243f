"""A whole database is copied into an empty one, of the same kind or of the other, while others may write to the first.

1. What is read is one unchanging view of the source. What is written is a batch a transaction, together with how far it
   has come: who is killed goes on there the next time.
2. Before it goes on, what is there is compared with what the source says now. Where that has changed since, all is
   copied anew: rows of two moments do not fit each other.
3. The full text is made by the way of the new database, of the texts and with them.
4. In the end each table is compared, by the number of its rows and a digest of all their values.

Until then the new database is refused by everybody else.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from storage.copying import state
from storage.copying.rows import Digest, Row, batches, count, digest, key_of, tables, write
from storage.copying.state import Copied
from storage.database import Database, Progress, dialect_of
from storage.database.files import make_folder
from storage.errors import DatabaseTooNewError, InvalidInputError, StorageError
from storage.opening import SCHEMA_VERSION, schema_version
from storage.people import seals
from storage.query.text import analyse
from storage.tables import items, versions


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy holds."""

    tables: int
    rows: int
    statements: int
    unopened: tuple[str, ...]
    """Channels whose address no key opens, there or here."""


def copy(source: Database, target: Database, copying: Progress, verifying: Progress) -> Copy:
    """Copy what `source` holds at this moment into `target`, which is empty, or has a part of this copy.

    Keys and alias packs of the source's folder go along where there are none. `copying` and `verifying` are told how
    many rows are done, of how many. Raises `InvalidInputError`, `StorageError`.
    """
    if str(source.place) == str(target.place):
        raise InvalidInputError(f"{source.place} cannot be copied onto itself", mend="name another database")
    source.examine()
    return source.read(_copy, source, target, copying, verifying)


def _copy(view: Connection, source: Database, target: Database, copying: Progress, verifying: Progress) -> Copy:
    if (found := schema_version(view)) != SCHEMA_VERSION:
        raise DatabaseTooNewError(
            f"{source.place} was written by a newer presswatch (its schema is {found}, ours {SCHEMA_VERSION})",
            mend="update presswatch",
        )
    goes_on = target.write(state.begin_or_go_on, str(target.place), str(source.place))
    unopened = _bring_keys(view, source, target)
    if goes_on and not _is_of_now(view, target):
        target.write(state.begin_anew)
    total = sum(count(view, table) for table in tables())
    _copy_rows(view, target, copying, total)
    _verify(view, target, verifying, total)
    target.write(state.end)
    _bring_aliases(source, target)
    return Copy(len(tables()), total, count(view, items), unopened)


def _is_of_now(view: Connection, target: Database) -> bool:
    """Whether what has been copied is what the source says now."""
    here = target.read(state.copied)
    return all(
        target.read(digest, table) == digest(view, table, until=here[table.name].last)
        for table in tables()
        if here[table.name].last is not None
    )


def _copy_rows(view: Connection, target: Database, progress: Progress, total: int) -> None:
    here = target.read(state.copied)
    done = sum(known.rows for known in here.values())
    for table in tables():
        known = here[table.name]
        for batch in batches(view, table, after=known.last):
            known = target.write(_store, table, batch, known)
            done += len(batch)
            progress(done, total)


def _store(connection: Connection, table: Table, batch: Sequence[Row], before: Copied) -> Copied:
    now = Copied(before.rows + len(batch), key_of(table, batch[-1]))
    state.go_on(connection, table.name, before, now)
    write(connection, table, batch)
    if table is versions:
        texts = {row["id"]: analyse(row["title"], row["body"], row["language"]) for row in batch}
        dialect_of(connection).full_text.add(connection, texts)
    return now


def _verify(view: Connection, target: Database, progress: Progress, total: int) -> None:
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, total)

    for table in tables():
        wanted, found = digest(view, table, tell), target.read(digest, table)
        if wanted != found:
            raise _differs(target, table, wanted, found)


def _differs(target: Database, table: Table, wanted: Digest, found: Digest) -> StorageError:
    what = f"{found.rows} rows of {wanted.rows}" if found.rows != wanted.rows else f"{found.rows} rows of other values"
    return StorageError(
        f"{target.place} is no true copy: its table {table.name} has {what}",
        mend="see that nobody else writes to it, empty it, and copy again",
    )


# -- what lies beside a database ---------------------------------------------------------------------------------------


def _bring_keys(view: Connection, source: Database, target: Database) -> tuple[str, ...]:
    """Give the new database the keys, where it has none; returns which channels no key opens.

    Raises `InvalidInputError` where it has others, that do not open what is sealed.
    """
    keys = source.keyring.keys()
    if keys and not target.keyring.keys():
        target.keyring.keep(keys)
    unopened = seals.unopened(view, source.keyring)
    lost = set(seals.unopened(view, target.keyring)) - set(unopened)
    if lost:
        raise InvalidInputError(
            f"the key in {target.keyring.place} does not open the address of {', '.join(sorted(lost))}, "
            f"which the one in {source.keyring.place} does",
            mend=f"put the key of {source.keyring.place} into {target.keyring.place}, before any that is there",
        )
    return unopened


def _bring_aliases(source: Database, target: Database) -> None:
    """Topics name them; a pack that is there already stays."""
    for file in sorted(source.aliases.path.glob("*.toml")):
        make_folder(target.aliases.path)
        if not (target.aliases.path / file.name).exists():
            shutil.copyfile(file, target.aliases.path / file.name)
