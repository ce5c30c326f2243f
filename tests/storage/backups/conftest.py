"""A data folder worth a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storage.opening import open_database
from storage.people import channels, topics
from storage.types import SOLE_OWNER
from tests.storage.backups.making import ADDRESS, OWN_PACK
from tests.storage.examples import NOW, draft, store, watched


@pytest.fixture(autouse=True)
def _keys_lie_beside_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESSWATCH_KEY", raising=False)
    monkeypatch.delenv("PRESSWATCH_KEY_FILE", raising=False)


@pytest.fixture
def living(tmp_path: Path) -> Any:
    """A database with statements, a topic, a channel whose address is sealed, and an alias pack."""
    with open_database(tmp_path / "living") as database:
        source = watched(database)
        store(database, *(draft(source, number) for number in range(20)))
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
        database.write(channels.add, SOLE_OWNER, database.keyring, "hook", ADDRESS, NOW)
        (tmp_path / "living" / "aliases").mkdir()
        (tmp_path / "living" / "aliases" / "mine.toml").write_text(OWN_PACK)
        yield database
