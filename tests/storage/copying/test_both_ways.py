"""A desk in use goes from a file to a server and back: nothing is lost or changed, and searches answer the same."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.copying import state
from storage.database import Database
from storage.errors import DatabaseUnusableError
from storage.opening import open_database, schema_version
from storage.people import channels, users
from storage.sources import sources
from storage.types import SOLE_OWNER, Role
from tests.fakes import newsroom, postgres
from tests.patience import PATIENCE
from tests.storage.copying.making import answers, copied, stands, told
from tests.storage.examples import NOW, spec

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """In the middle of its day; never written to."""
    with open_database(tmp_path_factory.mktemp("newsroom")) as database:
        newsroom.fill(database)
        yield database


@pytest.fixture
def bare(server: postgres.PostgreSQL) -> Iterator[str]:
    address = server.bare()
    yield address
    server.drop(address)


def test_everything_goes_there_and_back(desk: Database, bare: str, tmp_path: Path) -> None:
    with Database(tmp_path / "keys", address=bare) as empty:
        made = copied(desk, empty)
    assert (made.statements, made.unopened) == (248, ())
    with open_database(tmp_path / "keys", address=bare) as there, Database(tmp_path / "back") as empty:
        assert told(there) == told(desk)
        assert answers(there) == answers(desk)
        assert all(page.found for page in answers(there).values())
        assert copied(there, empty) == made
        known = max(source.id for source in there.read(sources.every))
        [mail, *_] = there.read(channels.every, SOLE_OWNER)
        assert there.keyring.open(mail.address) == newsroom.MAIL
    assert stands(tmp_path / "back") == stands(desk.path.parent)
    with open_database(tmp_path / "back") as back:
        assert answers(back) == answers(desk)
    with open_database(tmp_path / "keys", address=bare) as there:  # who is added gets the id that comes next
        assert there.write(sources.add, spec("mfa-zz/new"), alert_first=False, now=NOW).id == known + 1
        assert there.write(users.add, "Third", Role.READER, None, NOW).id == 3


def test_who_is_killed_goes_on_there(desk: Database, bare: str, tmp_path: Path) -> None:
    """One copy is killed three times: before it begins, in the midst of the texts, and before it ends."""
    rows, here = sum(map(len, told(desk).values())), [0]
    _kill(desk.path.parent, bare, tmp_path, "CREATE TABLE copied", 1)
    with Database(tmp_path, address=bare) as part:
        assert part.read(schema_version) is None
        for statement, times in (("INSERT INTO versions", 3), ("DROP TABLE copied", 1)):
            _kill(desk.path.parent, bare, tmp_path, statement, times)
            here.append(sum(known.rows for known in part.read(state.copied).values()))
            with pytest.raises(DatabaseUnusableError, match="not finished") as refused:
                open_database(tmp_path, address=bare)
            assert "presswatch database copy" in refused.value.mend
        assert here == sorted(set(here))
        assert here[-1] == rows
        copied(desk, part, lambda done, total: pytest.fail("all of it was there"))
    with open_database(tmp_path, address=bare) as there:
        assert told(there) == told(desk)
        assert answers(there) == answers(desk)


def _kill(source: Path, target: str, keys: Path, statement: str, times: int) -> None:
    words = [str(source), target, str(keys), statement, str(times)]
    killed = subprocess.run([sys.executable, "-m", "tests.storage.copying.killed", *words], timeout=PATIENCE)
    assert killed.returncode == -signal.SIGKILL
