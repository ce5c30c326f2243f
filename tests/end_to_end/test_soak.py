"""A process that works without a pause does not grow: neither its memory, nor what it holds open, nor what it says."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import fmean, linear_regression

import pytest

from presswatch.demo.site import ReplicaSite
from tests.end_to_end.sharing import keys, trouble, wait_for_keys
from tests.fakes.processes import descriptors, megabytes, threads
from tests.fakes.program import Program, Running
from tests.fakes.sinks import HTTPSink

TOGETHER = 10
"""Statements of a round: fewer than make a flood."""
LISTED = 3 * TOGETHER
STATEMENTS = 300
THIRD = 8.0
"""Megabytes by which the last third of the statements may find the process larger than the second did."""
SOAK, FIRST = 1200.0, 300.0
"""Seconds with `--full`, and those of them in which it may still grow."""
AN_HOUR = 40.0
"""Megabytes that it may grow by in an hour after that, at the pace of the test: the readers' page caches fill with the
database, up to 64 MB. With caches of half a megabyte it stays below 20."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the process is."""

    at: float
    megabytes: float
    descriptors: int
    threads: int

    @classmethod
    def of(cls, process: Running) -> Size:
        pid = process.process.pid
        return cls(time.monotonic(), megabytes(pid), descriptors(pid), threads(pid))


def work(process: Running, ministry: ReplicaSite, sink: HTTPSink, number: int) -> Size:
    """A round: statements come, the first of them is edited, all are told of."""
    before = len(keys(sink))
    published = [
        ministry.publish(f"CSTO statement {number}-{each}", f"Meeting {number}-{each} took place.", "en")
        for each in range(TOGETHER)
    ]
    ministry.edit(published[0], body=f"Meeting {number} took place after all.")
    wait_for_keys(sink, before + TOGETHER)
    return Size.of(process)


@pytest.mark.timeout(3600)
def test_hundreds_of_statements_leave_a_process_as_large_as_it_was(
    watcher: Program, ministry: ReplicaSite, sink: HTTPSink, request: pytest.FixtureRequest
) -> None:
    full = request.config.getoption("--full")
    ministry.page_size = LISTED  # what a poll reads stays as large as it is
    sizes: list[Size] = []
    with watcher.started() as process:
        began = time.monotonic()
        while time.monotonic() < began + SOAK if full else len(sizes) * TOGETHER < STATEMENTS:
            sizes.append(work(process, ministry, sink, len(sizes)))
        assert process.stop() == 0
    counted = len(sizes) * TOGETHER
    third = len(sizes) // 3
    first, second, last = sizes[:third], sizes[third : 2 * third], sizes[2 * third :]
    assert max(each.descriptors for each in last) <= max(each.descriptors for each in first) + 8
    assert max(each.threads for each in last) <= max(each.threads for each in first) + 4
    if full:
        steady = [each for each in sizes if each.at >= began + FIRST]
        slope = linear_regression([each.at for each in steady], [each.megabytes for each in steady]).slope
        assert slope * 3600 <= AN_HOUR
    else:
        assert fmean(each.megabytes for each in last) - fmean(each.megabytes for each in second) <= THIRD
    [(polls,)] = watcher.rows("SELECT count(*) FROM polls")
    told = process.said.count("\n")
    assert told <= polls + 3 * counted + 20, "a line for each thing that happened"
    assert len(keys(sink)) == len(set(keys(sink))) == counted
    assert trouble(process) == []
