"""The tests make their own keys."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_key_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESSWATCH_KEY", raising=False)
    monkeypatch.delenv("PRESSWATCH_KEY_FILE", raising=False)
