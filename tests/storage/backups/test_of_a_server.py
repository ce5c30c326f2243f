"""What lies on a server is copied by its own programs, as docs/server.md says, and goes on on another server."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from storage.opening import open_database
from storage.people import channels, topics
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.fakes import postgres
from tests.project import ROOT
from tests.storage.backups.making import ADDRESS
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
