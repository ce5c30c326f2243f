"""What one process does with the database while another one reads, writes or watches."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from storage.database import is_watched, watching
from storage.opening import open_database
from tests.storage.database.using import add, names, rights

# -- another process writes ------------------------------------------------------------------------------------------


def test_who_reads_waits_for_no_writer(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        add(database)
    other = sqlite3.connect(tmp_path / "presswatch.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with open_database(tmp_path) as database:
            assert names(database) == ["Bridges"]
    finally:
        other.close()


@pytest.mark.skipif(not hasattr(os, "fork") or os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("is_open", [False, True], ids=["at rest", "while another process has it open"])
def test_who_may_only_read_reads(tmp_path: Path, is_open: bool) -> None:
    folder = tmp_path / "data"
    with open_database(folder) as database:
        add(database)
        for path, mode in ((tmp_path, 0o755), (folder, 0o755), *((each, 0o644) for each in folder.iterdir())):
            path.chmod(mode)
        if is_open:
            assert seen_by_nobody(folder) == ["Bridges"]
    if not is_open:
        assert seen_by_nobody(folder) == ["Bridges"]


def seen_by_nobody(folder: Path) -> list[str]:
    """The topics that a user sees who may write nothing."""
    for above in (folder, *folder.parents):  # pytest keeps its folders to itself
        if above.stat().st_uid == os.geteuid() and above != Path(above.anchor):
            above.chmod(rights(above) | 0o055)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            with open_database(folder) as database:
                os.write(writing, "\n".join(names(database)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        return said.read().split("\n")


# -- who watches -------------------------------------------------------------------------------------------------------


def test_who_watches_first_is_known_to_who_comes_later(tmp_path: Path) -> None:
    assert not is_watched(tmp_path)
    with watching(tmp_path) as before:
        assert before is None
        assert is_watched(tmp_path)
        with watching(tmp_path) as first:
            assert first == os.getpid()
        assert is_watched(tmp_path), "who only looked took nothing away"
    assert not is_watched(tmp_path)


def test_who_was_killed_watches_no_longer(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with watching(tmp_path):
            os.write(writing, b".")
            signal.pause()
    os.read(reading, 1)
    with watching(tmp_path) as first:
        assert first == child
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not is_watched(tmp_path)
    os.close(reading)
    os.close(writing)
