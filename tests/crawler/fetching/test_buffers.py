"""What a large answer takes is the system's again when it is gone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.fetching.buffers import give_back_large_buffers

LEFT = """
import resource, sys
from pathlib import Path
from crawler.fetching.buffers import give_back_large_buffers

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

if sys.argv[1] == "told":
    assert give_back_large_buffers()
bytes(5_000_000)  # what teaches it
before, kept, answers = resident(), [], []
for number in range(60):
    answers.append(bytearray(b"x" * 2_000_000))
    kept.append(bytearray(b"x" * 100_000))
del answers
print((resident() - before) // 2**20)
"""


def left(how: str) -> int:
    """MiB that a process keeps of a hundred that it does not need any more, when it keeps six of what came between."""
    return int(subprocess.run([sys.executable, "-c", LEFT, how], capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc alone is told")
def test_large_answers_leave_nothing_behind() -> None:
    if not give_back_large_buffers():
        pytest.skip("the C library is another one")
    assert left("told") < 30 < left("not told")
