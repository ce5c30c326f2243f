"""A replica of a ministry's site for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from presswatch.demo.site import ReplicaSite


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as site:
        yield site
