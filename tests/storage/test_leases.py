"""Lengths of claims, and who is dead."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from collections import Counter
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


def test_what_is_waited_for_has_one_home() -> None:
    homes = Counter(name for name, _ in constants())
    assert [homes[name] for name in ("BEATS", "GATHERING", "SLOWEST", "STORAGE_PATIENCE")] == [1, 1, 1, 1]


def test_the_storage_is_asked_again_often_while_a_lease_lasts() -> None:
    for lease in (leases.SOURCE_LEASE, leases.ALERT_LEASE, leases.NOTICE_LEASE):
        assert lease.total_seconds() / leases.BEATS > leases.STORAGE_PATIENCE


def named(pid: int, born: str, *, place: str = "") -> str:
    """The name of a process, of this place unless another is named."""
    return f"{place or leases.owner().partition('/')[0]}/{pid}/{born}-0123456789ab"


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs until it is told something."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process


def test_a_process_that_has_ended_is_dead_and_one_that_runs_is_not(child: subprocess.Popen[bytes]) -> None:
    name = named(child.pid, leases._born(child.pid))
    assert not leases.owner_is_dead(name)
    assert not leases.owner_is_dead(f"{name}/42"), "a claim has a name of its own"
    child.communicate()
    assert leases.owner_is_dead(name)
    assert leases.owner_is_dead(f"{name}/42")


def test_a_process_is_not_dead_to_itself() -> None:
    assert not leases.owner_is_dead(leases.owner())
    assert not leases.owner_is_dead(f"{leases.owner()}/42")


def test_who_had_our_process_id_before_us_is_dead() -> None:
    assert leases.owner_is_dead(named(os.getpid(), "1"))


def test_a_forked_process_has_a_name_of_its_own() -> None:
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, leases.owner().encode())
        os._exit(0)
    os.close(writing)
    os.wait()
    with os.fdopen(reading) as said:
        theirs = said.read()
    assert theirs and theirs != leases.owner()
    assert leases.owner_is_dead(theirs)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell when processes were started")
def test_a_process_id_that_another_program_has_taken_over_is_not_taken_for_the_dead_one(
    child: subprocess.Popen[bytes],
) -> None:
    born = leases._born(child.pid)
    assert born.isdigit()
    assert leases.owner_is_dead(named(child.pid, str(int(born) - 1)))
    assert not leases.owner_is_dead(named(child.pid, leases.UNKNOWN)), "where it is not known, the lease decides"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("elsewhere@{boot}@{space}", id="another host"),
        pytest.param("{host}@00000000@{space}", id="the same name after a restart, or of another machine"),
        pytest.param("{host}@{boot}@4026531999", id="another container of the same machine and name"),
        pytest.param("{host}@?@?", id="a system that tells nothing"),
        pytest.param("{host}", id="a name that an older presswatch wrote"),
        pytest.param("", id="no name"),
    ],
)
def test_of_processes_of_another_place_nothing_is_known(other: str) -> None:
    host, boot, space = leases.owner().partition("/")[0].split("@")
    place = other.format(host=host, boot=boot, space=space) or "?"
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    assert leases.owner_is_dead(named(gone.pid, "1")), "here it would be dead"
    assert not leases.owner_is_dead(named(gone.pid, "1", place=place))


def test_a_name_says_host_start_of_the_machine_namespace_process_and_its_start() -> None:
    place, pid, rest = leases.owner().split("/")
    host, boot, space = place.split("@")
    assert (host, pid) == (socket.gethostname(), str(os.getpid()))
    if sys.platform == "linux":
        assert Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").startswith(boot) and len(boot) == 8
        assert str(Path("/proc/self/ns/pid").readlink()) == f"pid:[{space}]"
        assert rest.partition("-")[0] == leases._born(os.getpid())


@pytest.mark.parametrize(
    "name", ["", "/", "//", "host", "host/", "host/x/y", "host/-1/1-a", "host/99999999999999999999/1-a"]
)
def test_what_is_no_name_is_not_dead(name: str) -> None:
    assert not leases.owner_is_dead(name.replace("host", leases.owner().partition("/")[0]))
