"""Figures: how one is taken, kept and shown."""

from __future__ import annotations

import gc
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ratio` is our speed as a share of the baseline's: more is better, on every line."""

    name: str
    ours: str
    baseline: str
    ratio: float
    aim: float | None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return "-"
        return "met" if self.ratio >= self.aim else "missed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one side: how much was done, in how many seconds of the clock and of the process's own CPU time."""

    done: int
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.done / self.wall

    @property
    def cost(self) -> float:
        """Milliseconds of CPU time for one."""
        return self.cpu / self.done * 1000


@dataclass(slots=True)
class Watch:
    """Seconds that passed while it was open."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def watch() -> Iterator[Watch]:
    """Measure what happens inside, on the clock and as CPU time of this process with all its threads."""
    seconds = Watch()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield seconds
    finally:
        seconds.wall, seconds.cpu = time.perf_counter() - wall, time.process_time() - cpu


def calm() -> None:
    """Keep the garbage collector from walking over what the benchmark itself holds."""
    gc.collect()
    gc.freeze()


def in_child(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the function in a process of its own: a reactor starts only once, and every cache is cold."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def in_turns(name: str, rounds: int, ours: Callable[[], Run], baseline: Callable[[], Run]) -> tuple[Run, Run]:
    """Run both sides in turns, so many times each; return the medians of each."""
    runs: tuple[list[Run], list[Run]] = [], []
    for number in range(1, rounds + 1):
        for side, run, function in (("ours", runs[0], ours), ("baseline", runs[1], baseline)):
            run.append(function())
            say(f"{name}: round {number}, {side}: {run[-1].rate:,.0f} a second, {run[-1].cost:.2f} ms of CPU each")
    return median_run(runs[0]), median_run(runs[1])


def median_run(runs: Sequence[Run]) -> Run:
    """Medians of what was measured, each on its own."""
    return Run(runs[0].done, median(run.wall for run in runs), median(run.cpu for run in runs))


def rates(name: str, ours: Run, baseline: Run, *, aim: float | None, note: str = "") -> Figure:
    """The figure of two sides that do the same work."""
    cpu = f"CPU {ours.cost:.2f} : {baseline.cost:.2f} ms"
    return Figure(
        name,
        f"{ours.rate:,.0f}/s",
        f"{baseline.rate:,.0f}/s",
        ours.rate / baseline.rate,
        aim,
        f"{cpu}; {note}" if note else cpu,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def say(text: str) -> None:
    """Tell whoever waits what happens, on the error stream: the output stream belongs to the figures."""
    print(f"bench: {text}", file=sys.stderr, flush=True)
