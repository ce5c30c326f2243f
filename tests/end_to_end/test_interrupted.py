"""Ctrl-C ends what goes on by itself at any moment: a line, no traceback, and what it had found is kept."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.program import Program, Running

pytestmark = pytest.mark.slow

AT_IMPORT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from presswatch.__main__ import start
sys.argv = ["presswatch", "demo"]
start()
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "data")


@pytest.mark.parametrize("moment", ["a replica of", "topic CSTO", "-- the ministry publishes", "statement #", "ALERT"])
def test_ctrl_c_ends_the_demo_with_a_line(program: Program, moment: str) -> None:
    with program.started("demo") as running:
        running.wait_for(moment)
        if moment == "ALERT":
            assert_the_alert_s_commands_work(program, running)
        code = running.stop()
        said = "\n".join(running.rest())
    assert code in (0, 130), said
    assert "Traceback" not in said
    assert "Error" not in said


def assert_the_alert_s_commands_work(program: Program, running: Running) -> None:
    """As it prints them: with the demo's own folder."""
    printed = [running.wait_for(f"{label}: presswatch ") for label in ("Stored copy", "End CSTO", "Change")]
    whole, end, change = (shlex.split(line.partition(": presswatch ")[2]) for line in printed)
    assert "CSTO Council" in program(*whole).out
    for command in (change, end):
        assert program(*command).code == 0, command


@pytest.mark.parametrize(
    "module",
    ["presswatch.demo.scenario", "presswatch.demo.site", "crawler.run", "scrapy.crawler", "apscheduler.schedulers"],
)
def test_ctrl_c_while_the_demo_begins_ends_it_without_a_traceback(program: Program, module: str) -> None:
    code = AT_IMPORT.replace("MODULE", repr(module))
    ended = subprocess.run([sys.executable, "-c", code], env=program.environment, capture_output=True, text=True)
    assert ended.returncode == 130, ended
    assert "Traceback" not in ended.stdout + ended.stderr
    assert len(ended.stderr.splitlines()) <= 1, ended.stderr
