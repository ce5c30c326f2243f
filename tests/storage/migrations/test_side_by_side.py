"""An older program and a newer one on one database: what a revision only adds to goes on, all else is refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, delete, insert, select, text

from storage import migrations
from storage.backups import backups
from storage.database import Database
from storage.errors import DatabaseTooNewError
from storage.migrations import _config
from storage.opening import SCHEMA_VERSION, open_database, schema_version
from storage.search.search import search
from storage.tables import compatibility, metadata
from tests.fakes import postgres
from tests.storage.examples import NOW, another, draft, matched, store, subscribed, watched

NEWER = "9998"
HEAD = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEWER}"
down_revision = "{SCHEMA_VERSION}"
branch_labels = None
depends_on = None

def upgrade():
"""
ADDS = """
    op.add_column("topics", sa.Column("colour", sa.Text(), nullable=True))
    op.add_column("items", sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_versions_title", "versions", ["title"])
    op.create_table("moods", sa.Column("topic_id", sa.Integer(), sa.ForeignKey("topics.id"), primary_key=True))
"""
SAYS_SO = f"""
    op.execute("INSERT INTO compatibility (revision, oldest) VALUES ('{NEWER}', '{SCHEMA_VERSION}')")
"""
NARROWS = {
    "takes a column away": 'op.drop_column("subscriptions", "paused_until")',
    "takes a table away": 'op.drop_table("buckets")',
    "wants what is not written": 'op.add_column("robots", sa.Column("seen", sa.Text(), nullable=False))',
    "lets each stand there once": 'op.create_index("ix_items_address", "items", ["address"], unique=True)',
}

Rows = list[tuple[Any, ...]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes databases without any table, of either kind."""
    made: list[Database] = []

    def make() -> Database:
        address = request.getfixturevalue("server").bare() if request.param == "postgresql" else ""
        made.append(Database(tmp_path / f"{len(made)}", address=address))
        return made[-1]

    yield make
    for database in made:
        database.close()
        if database.place.address:
            server: postgres.PostgreSQL = request.getfixturevalue("server")
            server.drop(database.place.address)


@pytest.fixture
def older(bare: Callable[[], Database]) -> Iterator[Database]:
    """This program's, in use."""
    place = bare()
    with another(place) as database:
        store(database, draft(watched(database), 1))
        yield database


def bring_further(connection: Connection, folder: Path, changes: str) -> None:
    """As a newer program does when it opens the database: by a revision that this one does not know."""
    (folder / "newer.py").write_text(HEAD + changes, "utf-8")
    config = _config(connection)
    config.set_main_option("path_separator", "os")
    ours = Path(migrations.__file__).parent / "versions"
    config.set_main_option("version_locations", os.pathsep.join(map(str, (ours, folder))))
    command.upgrade(config, "head")


def shape(connection: Connection) -> MetaData:
    """The tables as they are, without the indexes of the texts."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in metadata.tables)
    return found


def narrower(old: MetaData, new: MetaData) -> list[str]:
    """What a program that knows the old tables may not rely on any more."""
    found = []
    for table in old.tables.values():
        now = new.tables.get(table.name)
        if now is None:
            found.append(f"{table.name} is gone")
            continue
        found += [f"{each} is gone or another" for each in table.c if str(_type(now, each.name)) != str(each.type)]
        found += [f"{each} must be written" for each in now.c if each.name not in table.c and _is_wanted(each)]
        found += [f"{each} has to be unique" for each in _unique(now) - _unique(table)]
        found += [f"{table.name} refers to {each}" for each in _references(now) - _references(table)]
    return found


def _type(table: Any, column: str) -> Any:
    return table.c[column].type if column in table.c else None


def _is_wanted(column: Any) -> bool:
    return not column.nullable and column.server_default is None


def _unique(table: Any) -> set[str]:
    return {", ".join(map(str, index.columns)) for index in table.indexes if index.unique}


def _references(table: Any) -> set[str]:
    return {key.target_fullname for key in table.foreign_keys if not key.parent.nullable}


# -- an older program --------------------------------------------------------------------------------------------------


def test_it_goes_on_beside_a_schema_that_is_only_added_to(older: Database, tmp_path: Path) -> None:
    """It runs when the newer one comes; it is started again; and each reads what the other one writes."""
    told = subscribed(older)
    older.write(bring_further, tmp_path, ADDS + SAYS_SO)
    older.write(lambda connection: connection.execute(text("UPDATE topics SET colour = 'blue'")))
    older.write(lambda connection: connection.execute(text(f"INSERT INTO moods VALUES ({told.topic_id})")))
    store(older, draft(watched(older, "mfa-xy/more"), 2))
    with another(older) as again:
        store(again, draft(watched(again, "mfa-xy/again"), 3))
        assert again.read(search, again.packs, "bridge").total == 3
        assert again.read(schema_version) == NEWER
        weights = "SELECT count(*), sum(weight) FROM items"
        assert again.read(lambda connection: connection.execute(text(weights)).one()) == (3, 3)
        if not again.place.address:
            assert backups.make(again, tmp_path / "backup", "0.1.0", NOW).schema == NEWER


@pytest.mark.parametrize(
    "changes", [ADDS, SAYS_SO.replace(SCHEMA_VERSION + "')", NEWER + "')")], ids=["silent", "not yet"]
)
def test_it_refuses_a_schema_that_does_not_say_so(older: Database, tmp_path: Path, changes: str) -> None:
    older.write(bring_further, tmp_path, changes)
    with pytest.raises(DatabaseTooNewError, match=f"its schema is {NEWER}, ours {SCHEMA_VERSION}") as refused:
        another(older)
    assert "update presswatch" in refused.value.mend
    assert older.read(schema_version) == NEWER


def test_it_leaves_a_full_text_alone_that_a_newer_one_has_made(older: Database) -> None:
    """Else the two would make it anew in turns."""
    older.write(lambda connection: connection.execute(text("UPDATE full_texts SET analysis = 99")))
    with pytest.raises(DatabaseTooNewError, match="full text"):
        another(older)
    assert older.read(search, older.packs, "bridge").total == 1


# -- a revision --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("change", NARROWS.values(), ids=NARROWS)
def test_what_narrows_the_schema_is_seen(_empty: Path, tmp_path: Path, change: str) -> None:
    shutil.copy(_empty, tmp_path)
    with open_database(tmp_path) as database:
        before = database.read(shape)
        database.write(bring_further, tmp_path, f"    {change}\n")
        assert len(narrower(before, database.read(shape))) == 1


@pytest.mark.slow
def test_the_newest_revision_that_says_so_only_adds(bare: Callable[[], Database], _empty: Path) -> None:
    """The program of the oldest revision that it names finds its tables, and writes its rows as it always did.

    Those before it were the newest once, and are never edited.
    """
    with Database(_empty.parent) as empty:
        [*_, (revision, oldest)] = empty.read(rows, compatibility)
    full, database = bare(), bare()
    with another(full) as filled:
        stored = store(filled, draft(watched(filled), 1), draft(watched(filled, "mfa-xy/more"), 2))
        assert matched(filled, subscribed(filled), *stored) == 2
    database.write(bring_to, oldest)
    old = database.read(shape)
    database.write(bring_to, revision)
    assert narrower(old, database.read(shape)) == []
    database.write(write_all, {table: full.read(rows, table) for table in old.sorted_tables})
    assert all(database.read(rows, table) == full.read(rows, table) for table in old.sorted_tables)


def bring_to(connection: Connection, revision: str) -> None:
    command.upgrade(_config(connection), revision)


def rows(connection: Connection, table: Table) -> Rows:
    return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


def write_all(connection: Connection, said: dict[Table, Rows]) -> None:
    """Write these rows alone, naming the columns that their tables have, as a program does."""
    for table in reversed(shape(connection).sorted_tables):
        connection.execute(delete(table))
    for table, written in said.items():
        for row in written:
            connection.execute(insert(table).values(dict(zip(table.columns.keys(), row, strict=True))))
