"""The full text is made anew when another analysis made it. A real database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from storage.database import dialect_of
from storage.opening import open_database
from storage.search import reindex
from storage.search.search import search
from storage.tables import full_texts
from tests.storage.examples import draft, store, watched


def age(connection: Connection) -> None:
    """As if an earlier presswatch had indexed nothing of what we look for."""
    dialect_of(connection).full_text.empty(connection)
    connection.execute(update(full_texts).values(analysis=1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_database(tmp_path) as database:
        source = watched(database)
        for number in range(5):
            store(database, draft(source, number, body=f"The lake number {number} froze; the CSTO met."))
        database.write(age)
    return tmp_path


def test_an_index_of_another_analysis_is_made_anew_when_the_database_is_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindex, "BATCH", 2)
    told: list[tuple[int, int]] = []
    with open_database(folder, lambda done, total: told.append((done, total))) as database:
        assert database.read(search, database.packs, "lakes").total == 5
        assert database.read(search, database.packs, "=CSTO froze*").total == 5
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_an_index_of_our_analysis_is_left_alone(folder: Path) -> None:
    told: list[int] = []
    with open_database(folder):
        pass
    with open_database(folder, lambda done, total: told.append(done)):
        assert told == []


def test_what_breaks_off_leaves_the_old_index_and_is_done_the_next_time(folder: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_database(folder, stop)
    with open_database(folder) as database:
        assert database.read(search, database.packs, "lakes").total == 5
