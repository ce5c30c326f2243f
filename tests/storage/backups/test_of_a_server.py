"""What lies on a server is copied by its own programs, as docs/server.md says, and goes on on another server."""

from __future__ import annotations

import re
import shlex
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.opening import open_database
from storage.people import channels, topics
from storage.search.search import search
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.fakes import postgres
from tests.patience import wait_until
from tests.project import ROOT
from tests.storage.backups.making import ADDRESS
from tests.storage.backups.own_server import own_server
from tests.storage.copying.making import answers, told
from tests.storage.examples import NOW, draft, matched, spec, store, subscribed, watched

PROGRAMS = max(postgres.installations().items())[1]


def documented(program: str) -> list[str]:
    """The line of docs/server.md that begins with a program, without the places that it names."""
    lines = (ROOT / "docs" / "server.md").read_text("utf-8").splitlines()
    [line] = [line for line in lines if line.startswith(f"{program} --")]
    return [word for word in shlex.split(line)[1:] if "/" not in word]


def run(program: str, *places: str) -> None:
    command = [str(PROGRAMS / program), *documented(program), *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_pg_dump_and_pg_restore_bring_everything_to_a_fresh_server(server: postgres.PostgreSQL, tmp_path: Path) -> None:
    old = server.new()
    with open_database(tmp_path, address=old) as database:
        section = watched(database)
        stored = store(database, *(draft(section, number) for number in range(5)))
        matched(database, subscribed(database), *stored)
        database.write(channels.add, SOLE_OWNER, database.keyring, "hook", ADDRESS, NOW)
        run("pg_dump", f"--file={tmp_path / 'presswatch.dump'}", old)
        rows, found = told(database), answers(database, "bridge", '"the bridge" AND toll')
    server.drop(old)
    with postgres.running(PROGRAMS) as fresh:
        new = fresh.bare()
        run("pg_restore", f"--dbname={new}", str(tmp_path / "presswatch.dump"))
        with open_database(tmp_path, address=new) as database:
            assert told(database) == rows
            assert answers(database, "bridge", '"the bridge" AND toll') == found
            assert {page.total for page in found.values()} == {5}
            assert database.keyring.open(database.read(channels.get, SOLE_OWNER, database.keyring, "hook").address)
            known = max(source.id for source in database.read(sources.every))
            assert database.write(sources.add, spec("mfa-zz/new"), alert_first=False, now=NOW).id == known + 1
            assert [topic.name for topic in database.read(topics.every, SOLE_OWNER)]


@pytest.mark.slow
def test_its_log_brings_back_the_moment_before_a_mistake(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--full"):
        pytest.skip("a server that is made, stopped and recovered: with --full")
    keeps, back = documented_settings()
    with own_server(PROGRAMS) as server:
        server.configure(keeps.replace("/var/backups/wal", str(server.log)))
        server.start()
        with open_database(tmp_path, address=server.address) as database:
            section = watched(database)
            store(database, draft(section, 1))
            server.copy_files(*documented("pg_basebackup"))
            store(database, draft(section, 2), draft(section, 3))
            before = moment(database)
            wait_until(lambda: moment(database) > before + timedelta(seconds=1))  # the server's clock, to the second
            database.write(lambda connection: connection.execute(text("DELETE FROM version_text")))
            assert database.read(search, database.packs, "bridge").total == 0
        server.stop()
        server.put_back()
        until = f"{before + timedelta(seconds=0.5):%Y-%m-%d %H:%M:%S.%f+00}"
        again = re.sub(r"(?<=recovery_target_time = ')[^']+", until, back)
        server.configure(again.replace("/var/backups/wal", str(server.log)))
        server.start()
        with open_database(tmp_path, address=server.address) as database:
            wait_until(lambda: not asked(database, "SELECT pg_is_in_recovery()"))
            assert database.read(search, database.packs, "bridge").total == 3
            store(database, draft(section, 4))
            assert database.read(search, database.packs, "bridge").total == 4


def documented_settings() -> tuple[str, str]:
    """What docs/server.md writes into the server's file: so that its log is kept, and so that it goes back."""
    page = (ROOT / "docs" / "server.md").read_text("utf-8")
    keeps, back = (block for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL) if "_command" in block)
    return keeps, back


def moment(database: Database) -> datetime:
    """What time it is on the server."""
    return datetime.fromisoformat(asked(database, "SELECT clock_timestamp()::text"))


def asked(database: Database, question: str) -> Any:
    return database.read(lambda connection: connection.scalar(text(question)))
