"""A command that was typed in this process leaves no folder named for the next one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from presswatch.output import named


@pytest.fixture(autouse=True)
def _no_folder_is_named() -> Iterator[None]:
    yield
    named(None)
