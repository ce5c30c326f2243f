"""How much work a call is: steps, which are the same on a busy machine as on a quiet one.

    assert growth(lambda size: read("(" * size), 1_000, 4_000) < 1.3

A step is a line of Python that runs, or a call: of a function, ours or a library's, or of C. What C does within one
call is not seen: one search of a regular expression is one step, however far it looks. Where that is the danger, the
test also reads an input so large that more than linear work in C would run into the time limit of the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(function: Callable[[], object]) -> int:
    """Run the function in this thread; return how many steps it took."""
    steps = 0

    def count_lines(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return count_lines

    def count_calls(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    tracing, profiling = sys.gettrace(), sys.getprofile()
    sys.setprofile(count_calls)
    sys.settrace(count_lines)
    try:
        function()
    finally:
        sys.settrace(tracing)
        sys.setprofile(profiling)
    return steps


def growth(function: Callable[[int], object], small: int, large: int) -> float:
    """How many times as many steps a unit of the input costs when the input is large: 1 where the work is linear.

    Quadratic work gives `large / small`. The small size is run once before, for what is learned once: caches, imports.
    """
    function(small)
    few, many = steps_of(lambda: function(small)), steps_of(lambda: function(large))
    return (many / large) / (few / small)
