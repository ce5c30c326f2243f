"""Tests of whole processes: each of them is slow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from tests.end_to_end.sharing import BEFORE
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def ministry() -> Iterator[ReplicaSite]:
    """A site that shows what is no news, and has room for all that comes."""
    with ReplicaSite(page_size=1000) as site:
        site.publish(BEFORE[0], "It is about trade.")
        site.publish(BEFORE[1], "О торговле.", "ru")
        yield site


@pytest.fixture
def watcher(tmp_path: Path, ministry: ReplicaSite, sink: HTTPSink) -> Program:
    """The program that has polled the site once, and tells the sink of the CSTO."""
    program = Program(tmp_path / "data")
    program.watch(ministry)
    assert program("subscribe", "CSTO", "--to", sink.address).code == 0
    assert program("poll").code == 0
    return program
