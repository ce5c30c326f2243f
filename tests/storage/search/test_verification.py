"""How many texts a search has to read. A real database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from storage.database import Database
from storage.opening import open_database
from storage.query.text import AnalysedText, analyse
from storage.search import verification
from storage.search.facets import facets
from storage.search.hits import all_newest, newest, total
from tests.storage.examples import draft, store, watched
from tests.storage.query.questions import read


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A hundred statements of a bridge; ten name the old border, then ten an old man at the border."""
    with open_database(tmp_path_factory.mktemp("said")) as database:
        source = watched(database)
        for number in range(100):
            more = "The old border." if number < 10 else "An old man at the border." if number < 20 else ""
            store(database, draft(source, number, title=f"Title {number}", body=f"A bridge. {more}"))
        yield database


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the texts that are read."""
    titles: list[str] = []

    def noting(title: str, body: str, language: str, **facts: Any) -> AnalysedText:
        titles.append(title)
        return analyse(title, body, language, **facts)

    monkeypatch.setattr(verification, "analyse", noting)
    return titles


@pytest.mark.parametrize("query", ["bridge =border", "brid*", "old NEAR/3 border", "bridge -=border", '"old border"'])
def test_what_the_indexes_tell_is_asked_of_no_text(said: Database, texts: list[str], query: str) -> None:
    assert said.read(newest, read(query), 20)
    assert said.read(total, read(query)).exact
    assert texts == []


def test_a_page_reads_no_more_texts_than_it_needs(said: Database, texts: list[str]) -> None:
    assert len(said.read(newest, read('="A bridge"'), 7)) == 7
    assert len(texts) == 7


def test_until_there_are_enough_more_candidates_are_read(said: Database, texts: list[str]) -> None:
    assert len(said.read(newest, read('="old border"'), 5)) == 5
    assert 15 <= len(texts) <= 20


def test_beside_an_exclusion_only_those_in_doubt_are_read(said: Database, texts: list[str]) -> None:
    assert len(said.read(all_newest, read('bridge -="old border"'))) == 90
    assert sorted(texts) == sorted(f"Title {number}" for number in range(20))


def test_an_alternative_that_is_known_spares_the_text(said: Database, texts: list[str]) -> None:
    assert len(said.read(all_newest, read('="old border" OR man'))) == 20
    assert sorted(texts) == sorted(f"Title {number}" for number in range(10))


def test_charts_count_what_the_texts_say(said: Database, texts: list[str]) -> None:
    assert said.read(facets, said.packs, 'bridge ="old border"', ()).total == 10
    assert len(texts) == 20
