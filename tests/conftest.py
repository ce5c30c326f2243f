"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from storage.database import Database

# A shared machine may take its time over an example; how long it took proves nothing.
hypothesis.settings.register_profile("presswatch", deadline=None)
hypothesis.settings.load_profile("presswatch")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database in a folder of its own."""
    with Database(tmp_path) as database:
        yield database
