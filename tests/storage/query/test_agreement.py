"""What a search finds is what an alert would have caught: evaluation and the SQL of both databases agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database import dialect_of
from storage.database.fts5 import fts5_match
from storage.query.compile import candidates
from storage.query.indexes import index_of
from storage.query.parser import DEEPEST, LONGEST_QUERY
from storage.query.resolve import Resolved
from storage.query.text import AnalysedText
from storage.query.tree import And, Expression, Not
from storage.search.corpus import StoredCorpus
from storage.search.occurring import by_clause_and_name
from storage.tables import versions
from tests.fakes.postgres import PostgreSQL
from tests.storage.query.agreement import archive, archives, caught, examples, found, queries, shown, text
from tests.storage.query.questions import read


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest) -> str:
    """Of an empty database of either kind: none of SQLite's, which is in memory."""
    if request.param == "sqlite":
        return ""
    server: PostgreSQL = request.getfixturevalue("server")
    return server.bare()


@pytest.mark.slow
def test_the_search_finds_what_an_alert_catches(request: pytest.FixtureRequest, address: str) -> None:
    @examples(request, 100 if address else 300)
    @given(archives, st.lists(queries, min_size=1, max_size=4))
    def holds(texts: list[AnalysedText], queries: list[str]) -> None:
        with archive(texts, address) as connection:
            for query in queries:
                assert found(connection, query) == caught(texts, query), query

    holds()


@pytest.mark.slow
def test_the_indexes_name_the_clauses_and_names_that_an_alert_shows(
    request: pytest.FixtureRequest, address: str
) -> None:
    @examples(request, 60)
    @given(archives, queries)
    def holds(texts: list[AnalysedText], query: str) -> None:
        with archive(texts, address) as connection:
            met = frozenset(found(connection, query))
            told = by_clause_and_name(connection, read(query), met)
        assert told == shown([texts[number - 1] for number in met], query)

    holds()


def test_a_query_and_its_negation_part_the_archive(request: pytest.FixtureRequest, address: str) -> None:
    @examples(request, 30)
    @given(archives, queries)
    def holds(texts: list[AnalysedText], query: str) -> None:
        with archive(texts, address) as connection:
            both = found(connection, query) + found(connection, f"NOT ({query})")
        assert sorted(both) == list(range(1, len(texts) + 1))

    holds()


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("санкции", id="an inflected word"),
        pytest.param('"DROP TABLE" OR "title : x"', id="words that look like SQL"),
        pytest.param("and or not near", id="words that FTS5 takes for operators"),
        pytest.param("o'neil", id="an apostrophe"),
        pytest.param("NOT санкции", id="only an absence"),
        pytest.param("treaty OR NOT санкции", id="an absence on one side"),
    ],
)
def test_all_answer_alike_to(query: str, address: str) -> None:
    texts = [
        text("Пакет санкций", "Drop the table, and/or not near. Title: x", "ru"),
        text("A treaty", "O’Neil’s o'neil", "en"),
        text("", "", ""),
    ]
    with archive(texts, address) as connection:
        assert found(connection, query) == caught(texts, query)


def _deepest(pattern: str) -> str:
    query = "treaty"
    for _ in range(DEEPEST):
        query = pattern.format(query)
    return query


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        pytest.param(_deepest("(border OR the санкции NOT {})").removeprefix("(").removesuffix(")"), id="exclusions"),
        pytest.param(_deepest("(border OR the {})"), id="and within or"),
        pytest.param(_deepest("(border OR NOT the {})"), id="what the index cannot say"),
        pytest.param(_deepest('(title:border OR alias:CSTO "the treaty" -{})'), id="many names"),
        pytest.param(" OR ".join(["санкции"] * 350), id="hundreds of alternatives"),
        pytest.param("а " * (LONGEST_QUERY // 2), id="thousands of words"),
        pytest.param("-а " * (LONGEST_QUERY // 3), id="thousands of exclusions"),
        pytest.param("а OR -б " * (LONGEST_QUERY // 9) + "а", id="hundreds of mixed sides"),
        pytest.param("(а OR -б)" * (LONGEST_QUERY // 9), id="hundreds of parentheses that the index cannot answer"),
    ],
)
def test_the_hardest_queries_that_the_parser_allows_can_be_searched_for(query: str, address: str) -> None:
    texts = [text("The border", "а treaty", "en"), text("The CSTO", "санкции: the treaty", "ru")]
    with archive(texts, address) as connection:
        assert found(connection, query) == caught(texts, query)


@pytest.mark.parametrize(
    "query",
    [
        '"blue bridge"',
        'NOT "blue bridge"',
        '"green bridge"',
        '"blue bridge" OR "old gate"',
        '"blue bridge" -"old gate"',
        'NOT ("blue bridge" OR gate)',
        'title:"blue bridge"',
        "blue NEAR/2 bridge",
        "gate AND NOT (blue NEAR/1 bridge)",
    ],
)
def test_a_text_that_is_longer_than_an_index_counts_is_found_as_any_other(query: str, address: str) -> None:
    many = "the gate and the old house " * 6_000
    texts = [
        text("The blue bridge", many, "en"),
        text("", f"{many} a blue bridge {many}", "en"),
        text("", f"{many} a blue and a green bridge", "en"),
        text("", "A blue bridge, a green bridge.", "en"),
        text("", "An old gate.", "en"),
    ]
    with archive(texts, address) as connection:
        assert found(connection, query) == caught(texts, query)


@pytest.mark.parametrize(
    ("query", "selects"),
    [
        pytest.param("(treaty OR border) санкции -title:CSTO", 1, id="exclusions beside what is wanted"),
        pytest.param("NOT treaty", 1, id="an exclusion alone"),
        pytest.param("treaty OR border OR NOT санкции", 2, id="the sides of OR that name something"),
    ],
)
def test_the_index_is_asked_as_much_as_it_can_answer_at_once(query: str, selects: int) -> None:
    with archive([]) as connection:
        where = candidates(read(query), versions.c.id, StoredCorpus(dialect_of(connection)))
    assert str(where).count("SELECT") == selects


def test_fts5_is_never_asked_for_an_absence_alone() -> None:
    absence: Expression[Resolved] = Not(read("treaty").root)
    assert index_of(absence) is None
    assert index_of(And((absence, absence))) is None
    with pytest.raises(ValueError, match="absent"):
        fts5_match(absence)
