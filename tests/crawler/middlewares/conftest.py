"""Two sites on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawler.website import Website


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        for path in ("/news", "/news/1", "/news/2", "/news/3"):
            site.answer(path, "a page")
        yield site


@pytest.fixture
def other() -> Iterator[Website]:
    with Website() as other:
        other.answer("/", "another site")
        yield other
