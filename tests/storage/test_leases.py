"""Lengths of claims, and who is dead."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import leases

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawler", "notify", "presswatch", "scheduler", "storage")


def constants() -> Iterator[tuple[str, str]]:
    """The constants of all modules of ours, by name and file."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    yield node.targets[0].id, str(file.relative_to(ROOT))


def test_all_lengths_of_leases_stand_in_one_file() -> None:
    homes = {home for name, home in constants() if name.endswith("LEASE") or name == "BEATS"}
    assert homes == {"storage/leases.py"}


@pytest.mark.parametrize("name", ["BEATS", "GATHERING", "SLOWEST", "STORAGE_PATIENCE"])
def test_what_is_waited_for_has_one_home(name: str) -> None:
    assert len([home for known, home in constants() if known == name]) == 1


def test_the_storage_is_asked_again_often_while_a_lease_lasts() -> None:
    for lease in (leases.SOURCE_LEASE, leases.ALERT_LEASE, leases.NOTICE_LEASE):
        assert lease.total_seconds() / leases.BEATS > leases.STORAGE_PATIENCE


def test_a_process_that_has_ended_is_dead_and_one_that_runs_or_is_elsewhere_is_not() -> None:
    host = leases.owner().partition("/")[0]
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = f"{host}/{child.pid}/0123456789ab"
    assert not leases.owner_is_dead(name)
    child.communicate()
    assert leases.owner_is_dead(name)
    assert not leases.owner_is_dead(f"elsewhere-{host}/{child.pid}/0123456789ab")
    assert not leases.owner_is_dead(leases.owner())
    assert leases.owner_is_dead(f"{host}/{os.getpid()}/0123456789ab"), "a process id that came round again"
