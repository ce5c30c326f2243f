"""A whole process under a clock that jumps: libfaketime tells it the time that a file says. Before a release only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from tests.end_to_end.sharing import keys, stored_once, wait_for_keys
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink
from tests.patience import PATIENCE, wait_until

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
HOUR, DAY = 3600, 24 * 3600
JUMPS = (-HOUR, 0, HOUR, 0, DAY, 0, -DAY, 0)
"""Seconds by which the clock is wrong, one after the other."""
COLLECTED = 11 * 60
"""Seconds after which what came after a jump ahead leaves: to the process it is the news after an outage."""


class Clock:
    """What the process takes for the time, against the true one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """Be wrong by so many seconds from now on."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self._file)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@contextmanager
def started(program: Program, clock: Clock, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`presswatch start` under that clock; it has to be started anew, since the library comes in at its beginning."""
    command = [sys.executable, "-m", "presswatch", "start"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, env={**program.environment, **clock.environment}, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.mark.timeout(3600)
def test_a_process_whose_clock_jumps_goes_on_and_its_digests_are_neither_lost_nor_doubled(
    watcher: Program, ministry: ReplicaSite, sink: HTTPSink, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--full"):
        pytest.skip("under a false clock with --full")
    if LIBRARY is None:
        pytest.skip("NO LIBFAKETIME: no whole process is run under a false clock; install Debian's package libfaketime")
    with HTTPSink() as daily:
        assert watcher("subscribe", "CSTO", "--to", daily.address, "--rhythm", "daily 08:00").code == 0
        clock = Clock(tmp_path / "clock")
        titles: list[str] = []
        with started(watcher, clock, tmp_path / "said") as process:
            for number, jump in enumerate(JUMPS):
                clock.jump(jump)
                titles.append(f"CSTO statement {number}")
                ministry.publish(titles[-1], "It met.")
                wait_until(partial(have_come, watcher, 2 * (number + 1)))
                clock.jump(jump + COLLECTED)
                wait_for_keys(sink, number + 1)
            clock.jump(DAY + COLLECTED)  # at any time of day it comes by 08:00
            wait_for_keys(daily, len(JUMPS))
            process.terminate()
            assert process.wait(PATIENCE) == 0
        for received in (keys(sink), keys(daily)):
            assert len(received) == len(set(received)) == len(JUMPS)
    assert stored_once(watcher, titles)
    assert "Traceback" not in (tmp_path / "said").read_text()


def have_come(program: Program, alerts: int) -> bool:
    return program.rows("SELECT count(*) FROM alerts") == [(alerts,)]
