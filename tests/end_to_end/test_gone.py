"""A database that vanishes or is replaced under a process that watches: it says so and ends, and claims nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from tests.fakes.program import Program
from tests.patience import PATIENCE


def deleted(file: Path) -> None:
    for each in file.parent.glob("presswatch.db*"):
        each.unlink()


def replaced(file: Path) -> None:
    shutil.copy(file, file.with_name("copy"))
    file.with_name("copy").rename(file)


def without_its_log(file: Path) -> None:
    file.with_name("presswatch.db-wal").unlink()


@pytest.mark.parametrize("disaster", [deleted, replaced, without_its_log])
def test_who_watches_ends_when_the_database_is_gone(tmp_path: Path, disaster: Callable[[Path], None]) -> None:
    program = Program(tmp_path / "data")
    with ReplicaSite() as site:
        site.publish("What stood there before", "It is about trade.")
        program.watch(site)
        with program.started() as running:
            running.wait_for("1 new")
            disaster(tmp_path / "data" / "presswatch.db")
            fault = running.wait_for("fault     storage")
            assert "while it was open" in fault and "presswatch restore FILE" in fault
            site.publish("What comes too late", "It is about bridges.")
            assert running.process.wait(PATIENCE) == 2
            running.close()
    assert "Traceback" not in "\n".join(running.lines)
    assert "too late" not in "\n".join(running.lines)
