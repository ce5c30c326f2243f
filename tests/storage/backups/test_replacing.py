"""A backup takes the place of what stands there only where that is asked for, and nothing of it is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.database.files import make_folder
from storage.errors import DatabaseInUseError, InvalidInputError
from storage.opening import open_database
from storage.people import channels, topics
from storage.types import SOLE_OWNER
from tests.storage.backups.making import ADDRESS, backed_up, restored, seen
from tests.storage.examples import NOW, draft, store, watched


def test_a_database_is_replaced_only_when_that_is_asked_for_and_then_kept(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with open_database(tmp_path / "other") as database:
        database.write(topics.add, SOLE_OWNER, database.packs, "Tolls", "toll", NOW)
    with pytest.raises(InvalidInputError, match="is there already") as refused:
        restored(tmp_path / "backup.tar.gz", tmp_path / "other")
    assert "--force" in refused.value.mend
    assert seen(tmp_path / "other") == (0, ["Tolls"], [])
    restored(tmp_path / "backup.tar.gz", tmp_path / "other", replace=True)
    assert seen(tmp_path / "other") == (20, ["Bridges"], [ADDRESS])
    assert seen(tmp_path / "other" / "before-restore-20241201T120000Z") == (0, ["Tolls"], [])


OTHERS = {
    "presswatch": "from storage.opening import open_database; opened = open_database(FOLDER)",
    "a tool that reads": "c = sqlite3.connect(FOLDER / NAME); c.execute('SELECT count(*) FROM items').fetchall()",
    "a tool that writes": "c = sqlite3.connect(FOLDER / NAME); c.execute('BEGIN IMMEDIATE')",
}


def using(folder: Path, code: str) -> subprocess.Popen[bytes]:
    """A process that has the database of a folder open, until it is told something."""
    head = f"import sqlite3; from pathlib import Path; FOLDER, NAME = Path({str(folder)!r}), 'presswatch.db'"
    whole = "; ".join((head, code, "print(1, flush=True)", "input()"))
    process = subprocess.Popen([sys.executable, "-c", whole], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


@pytest.mark.parametrize("who", OTHERS)
def test_a_database_that_another_process_has_open_is_not_replaced(living: Database, tmp_path: Path, who: str) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    folder = tmp_path / "other"
    open_database(folder).close()
    before = (folder / "presswatch.db").read_bytes()
    with using(folder, OTHERS[who]) as other:
        with pytest.raises(DatabaseInUseError, match="another process") as refused:
            restored(tmp_path / "backup.tar.gz", folder, replace=True)
        assert "stop" in refused.value.mend
        assert not list(folder.glob("before-restore*"))
        other.communicate(b"\n")
    assert (folder / "presswatch.db").read_bytes() == before
    restored(tmp_path / "backup.tar.gz", folder, replace=True)
    assert seen(folder)[0] == 20


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda whole: b"minutes of the bridge committee " * 999,
    "zeros": lambda whole: bytes(len(whole)),
    "half": lambda whole: whole[: len(whole) // 2 + 99],
    "nothing": lambda whole: b"",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_database_is_replaced_and_kept_as_it_is(living: Database, tmp_path: Path, damage: str) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    folder = tmp_path / "damaged"
    open_database(folder).close()
    whole = (folder / "presswatch.db").read_bytes()
    left = DAMAGED[damage](whole)
    (folder / "presswatch.db").write_bytes(left)
    (folder / "presswatch.db-wal").write_bytes(b"what was not in the file yet")
    restored(tmp_path / "backup.tar.gz", folder, replace=True)
    assert seen(folder) == (20, ["Bridges"], [ADDRESS])
    assert (folder / "before-restore-20241201T120000Z" / "presswatch.db").read_bytes() == left


def test_a_log_that_lies_there_is_not_taken_for_the_new_database_s(living: Database, tmp_path: Path) -> None:
    """The last process was killed: what it wrote last stands in the log alone."""
    backed_up(living, tmp_path / "backup.tar.gz")
    folder = tmp_path / "killed"
    make_folder(folder)
    source = watched(living, "mfa-xy/late")
    store(living, *(draft(source, number) for number in range(500, 560)))
    for name in ("presswatch.db", "presswatch.db-wal", "secret.key"):
        shutil.copy(living.path.with_name(name), folder)
    assert (folder / "presswatch.db-wal").stat().st_size > 0
    restored(tmp_path / "backup.tar.gz", folder, replace=True)
    assert seen(folder)[0] == 20
    assert seen(folder / "before-restore-20241201T120000Z")[0] == 80, "nothing of what was there is lost"


def test_who_is_killed_while_it_is_replaced_has_the_old_one_or_the_new_one(
    living: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every step of the exchange: whatever stands there then is whole, and its channels can be opened."""
    backed_up(living, tmp_path / "backup.tar.gz")
    outcomes = set()
    for stop_at in range(40):
        folder = tmp_path / f"attempt {stop_at}"
        with open_database(folder) as database:
            database.write(channels.add, SOLE_OWNER, database.keyring, "other", "json://other.example.org/", NOW)
        back = partial(restored, tmp_path / "backup.tar.gz", folder, replace=True)
        done = killed_at(stop_at, monkeypatch, back)
        count, _, addresses = seen(folder)
        outcomes.add((count, *addresses))
        if done:
            break
    else:
        raise AssertionError("it never ended")
    assert outcomes == {(0, "json://other.example.org/"), (20, ADDRESS)}


class Killed(BaseException):
    """As SIGKILL: nothing goes on."""


def killed_at(number: int, patch: pytest.MonkeyPatch, work: Callable[[], object]) -> bool:
    """Do the work, killed before its step `number` on files; whether it came to its end."""
    taken = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*args: Any, **kwargs: Any) -> Any:
            nonlocal taken
            if taken == number:
                raise Killed
            taken += 1
            return step(*args, **kwargs)

        return take

    with patch.context() as here:
        for module, name in ((os, "link"), (os, "fsync"), (Path, "rename"), (Path, "replace")):
            here.setattr(module, name, counted(getattr(module, name)))
        try:
            work()
        except Killed:
            return False
    return True
