from __future__ import annotations

import pytest

from storage.database import Database
from storage.errors import QueryError
from storage.search.search import SearchPage, search
from storage.types import Source
from tests.storage.examples import draft, store, watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def numbers(page: SearchPage) -> list[int]:
    return [found.item.id for found in page.found]


def test_the_last_stored_statement_comes_first(database: Database, source: Source) -> None:
    store(database, *(draft(source, number) for number in range(1, 4)))
    assert numbers(database.read(search, database.packs, "bridge")) == [3, 2, 1]


def test_all_that_was_found_is_counted_and_shown_page_by_page(database: Database, source: Source) -> None:
    store(database, *(draft(source, number) for number in range(1, 8)), draft(source, 9, body="About tunnels."))
    first = database.read(search, database.packs, "bridge", limit=3)
    assert (numbers(first), first.total) == ([7, 6, 5], 7)
    store(database, draft(source, 10))
    second = database.read(search, database.packs, "bridge", limit=3, before=5)
    assert (numbers(second), second.total) == ([4, 3, 2], 8)
    assert numbers(database.read(search, database.packs, "bridge", limit=3, before=2)) == [1]


def test_a_hit_says_where_the_words_stand(database: Database, source: Source) -> None:
    store(database, draft(source, title="On bridges", body="They build a bridge."))
    [found] = database.read(search, database.packs, "bridge").found
    texts = {"title": "On bridges", "body": "They build a bridge."}
    assert [texts[hit.field][hit.start : hit.end] for hit in found.hits] == ["bridges", "bridge"]


def test_an_alias_finds_a_statement_in_any_of_its_languages(database: Database, source: Source) -> None:
    store(
        database,
        draft(source, 1, body="The council of the CSTO met."),
        draft(source, 2, body="Заседание совета ОДКБ прошло в столице.", language="ru"),
        draft(source, 3, body="A council met."),
    )
    assert numbers(database.read(search, database.packs, "alias:CSTO")) == [2, 1]


def test_nothing_found_is_no_fault(database: Database) -> None:
    assert database.read(search, database.packs, "bridge") == SearchPage((), 0)


@pytest.mark.parametrize("query", ["bridge OR", '"bridge', "alias:Nobody"])
def test_a_query_that_cannot_be_read_is_refused(database: Database, query: str) -> None:
    with pytest.raises(QueryError):
        database.read(search, database.packs, query)


@pytest.mark.parametrize(
    "word", ['"', "'", "NEAR(", "title:", "*", "^bridge", "{a b}:", "bridge--", "%", "\x00", "';DROP"]
)
def test_no_text_of_a_person_reaches_the_full_text_as_a_command(database: Database, source: Source, word: str) -> None:
    store(database, draft(source))
    try:
        page = database.read(search, database.packs, f"{word} bridge")
    except QueryError:
        page = None
    assert page is None or page.total <= 1
    assert database.read(search, database.packs, "bridge").total == 1
