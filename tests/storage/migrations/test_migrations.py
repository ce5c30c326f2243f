from __future__ import annotations

import ast
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from storage import migrations
from storage.database import Database
from storage.migrations import _config, known_versions, upgrade
from storage.opening import SCHEMA_VERSION, open_database
from storage.people import channels, subscriptions, topics, users
from storage.tables import metadata
from storage.types import SOLE_OWNER, Role
from tests.patience import PATIENCE
from tests.storage.examples import NOW, draft, store, subscribed, watched


def differences(connection: Connection) -> list[object]:
    """What the migrations made and `tables.py` does not say, and the other way round; the full text is neither's."""
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, kind, parents: kind != "table" or not str(name).startswith("version_text"),
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_the_migrations_make_the_schema_that_the_tables_describe(database: Database) -> None:
    assert database.read(differences) == []


def test_a_difference_would_be_seen(database: Database) -> None:
    database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE topics ADD COLUMN colour TEXT"))
    database.write(lambda connection: connection.exec_driver_sql("DROP INDEX ix_versions_item_id"))
    assert len(database.read(differences)) == 2


def indexes_made(connection: Connection) -> dict[str, str]:
    """The statements that made the indexes of the database, by their names."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return {row.name: row.sql for row in rows if not row.name.startswith("version_text")}


def test_each_index_holds_the_rows_that_the_tables_say(database: Database) -> None:
    """`compare_metadata` looks at the columns of an index, not at its condition."""
    described = {
        str(index.name): str(CreateIndex(index).compile(dialect=sqlite.dialect()))
        for table in metadata.sorted_tables
        for index in table.indexes
    }
    assert database.read(indexes_made) == described
    assert described["ix_version_facts_id_item_id"].endswith(" WHERE current AND number > 1")


def test_the_schema_version_is_the_newest_revision(database: Database) -> None:
    script = ScriptDirectory.from_config(_config())
    assert script.get_heads() == [SCHEMA_VERSION]
    assert SCHEMA_VERSION in known_versions()


def test_a_database_that_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        before = database.read(lambda connection: connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    with open_database(tmp_path) as database:
        after = database.read(lambda connection: connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    assert before == after


def test_a_migration_can_be_taken_back_and_made_again(database: Database) -> None:
    def back(connection: Connection) -> list[str]:
        command.downgrade(_config(connection), "base")
        return inspect(connection).get_table_names()

    assert database.write(back) == ["alembic_version"]
    database.write(upgrade)
    assert database.read(differences) == []
    source = watched(database)
    assert store(database, draft(source))[0].item_id == 1


@pytest.mark.parametrize("revision", ["0004", "0005", "0007"])
def test_the_facts_of_an_older_archive_are_made_as_those_of_a_new_one(database: Database, revision: str) -> None:
    source = watched(database)
    store(database, draft(source, 1), draft(source, 2))
    store(database, draft(source, 1, body="Edited."))
    rows = "SELECT * FROM version_facts ORDER BY id"
    before = database.read(lambda connection: connection.exec_driver_sql(rows).all())
    database.write(lambda connection: command.downgrade(_config(connection), revision))
    database.write(upgrade)
    assert database.read(lambda connection: connection.exec_driver_sql(rows).all()) == before


OURS = {"crawler", "notify", "presswatch", "scheduler", "storage"}


def imported(code: str) -> set[str]:
    """The packages that a module imports, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("storage" if node.level else node.module or "")
    return {name.partition(".")[0] for name in names}


def test_a_revision_stays_what_it_was_whatever_becomes_of_the_program() -> None:
    revisions = sorted((Path(migrations.__file__).parent / "versions").glob("*.py"))
    assert len(revisions) == int(SCHEMA_VERSION)
    assert {path.name: imported(path.read_text("utf-8")) & OURS for path in revisions} == {
        path.name: set() for path in revisions
    }


KILLED_BEFORE = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from storage.opening import open_database

@event.listens_for(Engine, "before_cursor_execute")
def watch(connection, cursor, statement, parameters, context, executemany):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

open_database(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("statement", ["CREATE TABLE alerts", "INSERT INTO alembic_version"])
def test_a_migration_that_is_killed_leaves_no_half_schema(tmp_path: Path, statement: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_BEFORE, str(tmp_path), statement], timeout=PATIENCE)
    assert killed.returncode == -signal.SIGKILL
    with sqlite3.connect(tmp_path / "presswatch.db") as left:
        assert left.execute("SELECT name FROM sqlite_master").fetchall() == []
    left.close()
    with open_database(tmp_path) as database:
        assert database.read(differences) == []


def test_what_there_was_before_owners_is_the_sole_owners(database: Database) -> None:
    told = subscribed(database)
    database.write(lambda connection: command.downgrade(_config(connection), "0008"))
    database.write(upgrade)
    assert database.read(subscriptions.every, SOLE_OWNER) == (told,)
    assert [topic.owner_id for topic in database.read(topics.in_force)] == [SOLE_OWNER]
    assert [channel.owner_id for channel in database.read(channels.in_force)] == [SOLE_OWNER]


def test_what_there_was_before_users_is_the_first_user_s(database: Database) -> None:
    told = subscribed(database)
    database.write(lambda connection: command.downgrade(_config(connection), "0009"))
    database.write(upgrade)
    assert database.read(users.every) == (), "nobody has got it yet"
    anna = database.write(users.add, "Anna", Role.OWNER, None, NOW)
    assert database.read(subscriptions.every, anna.id) == (told,)
