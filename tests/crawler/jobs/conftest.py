"""A site of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawler.website import Website


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site
