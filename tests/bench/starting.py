"""Starting a command that only asks, on a small database, against starting Python and importing SQLAlchemy."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.clock import now
from storage.opening import open_database
from storage.people import topics
from storage.types import SOLE_OWNER
from tests.bench.measure import Figure, Run, in_turns, rates

AIM = 0.44
"""0.35 s where SQLAlchemy alone takes 0.154."""

ASKED: dict[str, float | None] = {
    "topics list": AIM,
    "alerts list": AIM,
    "search bridge": None,  # parses a query and looks for its words
    "sources list": AIM,
    "--help": 1.0,
}
"""Commands, and what is aimed at."""


def run(times: int, rounds: int) -> list[Figure]:
    """Start each command so many times, and Python with SQLAlchemy as often, in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with open_database(folder) as database:
            database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", now())
        started([sys.executable, "-P", "-m", "presswatch", "sources", "list"], folder, 1)  # bytecode, and the catalogue
        return [_figure(words, aim, folder, times, rounds) for words, aim in ASKED.items()]


def _figure(words: str, aim: float | None, folder: Path, times: int, rounds: int) -> Figure:
    ours, baseline = in_turns(
        f"start, {words}",
        rounds,
        lambda: started([sys.executable, "-P", "-m", "presswatch", *words.split()], folder, times),
        lambda: started([sys.executable, "-P", "-c", "import sqlalchemy"], folder, times),
    )
    return rates(f"start, {words}", ours, baseline, aim=aim)


def started(command: list[str], folder: Path, times: int) -> Run:
    """Start a process so many times, one after the other; CPU time is that of all of them."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    variables = kept | {"PRESSWATCH_DATA": str(folder), "PRESSWATCH_CONFIG": str(folder / "presswatch.toml")}
    wall, cpu = time.perf_counter(), _spent_by_children()
    for _ in range(times):
        subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return Run(times, time.perf_counter() - wall, _spent_by_children() - cpu)


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
