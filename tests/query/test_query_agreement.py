"""What a search finds is what an alert would have caught: evaluation and SQL agree. A real SQLite with FTS5."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, insert, select, text
from sqlalchemy.pool import StaticPool

from storage.database import full_text
from storage.query.compile import condition, is_text
from storage.query.evaluate import evaluate
from storage.query.fts5 import fts5_match
from storage.query.parser import DEEPEST, LONGEST_QUERY
from storage.query.resolve import required_atoms
from storage.query.text import AnalysedText, analyse
from storage.query.tree import And, Not
from tests.query.questions import read

_metadata = MetaData()
_versions = Table("versions", _metadata, Column("id", Integer, primary_key=True))


@contextmanager
def archive(texts: list[AnalysedText]) -> Iterator[Connection]:
    """A database that holds these texts under the ids 1, 2, ..."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        _metadata.create_all(connection)
        connection.execute(
            text("CREATE VIRTUAL TABLE version_text USING fts5(title, body, content='', tokenize='ascii')")
        )
        for number, analysed in enumerate(texts, start=1):
            connection.execute(insert(_versions).values(id=number))
            connection.execute(
                text("INSERT INTO version_text (rowid, title, body) VALUES (:id, :title, :body)"),
                {"id": number, "title": analysed.title.indexed, "body": analysed.body.indexed},
            )
        yield connection
    engine.dispose()


def found(connection: Connection, query: str) -> list[int]:
    """The ids that the search finds."""
    where = condition(read(query), _versions.c.id, full_text(connection))
    return list(connection.execute(select(_versions.c.id).where(where).order_by(_versions.c.id)).scalars())


def caught(texts: list[AnalysedText], query: str) -> list[int]:
    """The ids that an alert would have caught."""
    return [number for number, analysed in enumerate(texts, start=1) if evaluate(read(query), analysed).matches]


_WORDS = [
    "treaty", "Treaties", "treaty's", "border", "borders", "CSTO", "the", "o'neil", "co-operation", "a_b", "2024",
    "санкции", "санкций", "договор", "договора", "Договоре", "о", "ёлка", "елки", "ОДКБ", "нато", "санк\u00adции",
    "дагавор", "дагавора", "ұйым", "ՀԱՊԿ", "պայմանագրի",
]  # fmt: skip
_words = st.sampled_from(_WORDS)
_gaps = st.sampled_from([" ", " ", " ", ", ", ". ", "-", "\n\n", " «", "» ", "\x00", '"', " (", "'"])
_prose = st.lists(st.tuples(_words, _gaps), max_size=8).map(lambda pairs: "".join(word + gap for word, gap in pairs))
_languages = st.sampled_from(["en", "ru", "be", "kk", "hy", "", "de"])
_texts = st.lists(st.builds(analyse, _prose, _prose, _languages), min_size=1, max_size=6)

_phrases = st.lists(_words, min_size=1, max_size=3).map(lambda found: '"' + " ".join(found) + '"')
_clauses = st.one_of(
    _words, _words, _phrases, _words.map("title:{}".format), _phrases.map("title:{}".format), st.just("alias:CSTO")
)
_queries = st.recursive(
    _clauses,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" AND ".join).map("({})".format),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join).map("({})".format),
        inner.map("NOT {}".format),
    ),
    max_leaves=7,
).filter(lambda query: query.count("(") <= DEEPEST)


@settings(max_examples=300)
@given(_texts, st.lists(_queries, min_size=1, max_size=4))
def test_the_search_finds_what_an_alert_catches(texts: list[AnalysedText], queries: list[str]) -> None:
    with archive(texts) as connection:
        for query in queries:
            assert found(connection, query) == caught(texts, query), query


@given(st.builds(analyse, _prose, _prose, _languages), _queries)
def test_every_text_that_matches_contains_a_required_atom(analysed: AnalysedText, query: str) -> None:
    required = required_atoms(read(query))
    silence_matches = evaluate(read(query), analyse("", "", "")).matches
    assert (required is None) is silence_matches
    if required is not None and evaluate(read(query), analysed).matches:
        runs = (field.terms[start:] for field in analysed.fields for start in range(len(field.terms)))
        assert any(run[: len(atom)] == atom for run in runs for atom in required)


@given(_texts, _queries)
def test_a_query_and_its_negation_part_the_archive(texts: list[AnalysedText], query: str) -> None:
    with archive(texts) as connection:
        both = found(connection, query) + found(connection, f"NOT ({query})")
    assert sorted(both) == list(range(1, len(texts) + 1))


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
def test_both_answer_alike_to(query: str) -> None:
    texts = [
        analyse("Пакет санкций", "Drop the table, and/or not near. Title: x", "ru"),
        analyse("A treaty", "O’Neil’s o'neil", "en"),
        analyse("", "", ""),
    ]
    with archive(texts) as connection:
        assert found(connection, query) == caught(texts, query)


def _deepest(pattern: str) -> str:
    query = "treaty"
    for _ in range(DEEPEST):
        query = pattern.format(query)
    return query


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
def test_the_hardest_queries_that_the_parser_allows_can_be_searched_for(query: str) -> None:
    texts = [analyse("The border", "а treaty", "en"), analyse("The CSTO", "санкции: the treaty", "ru")]
    with archive(texts) as connection:
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
        where = condition(read(query), _versions.c.id, full_text(connection))
    assert str(where).count("SELECT") == selects


def test_fts5_is_never_asked_for_an_absence_alone() -> None:
    absence = Not(read("treaty").root)
    assert not is_text(absence)
    assert not is_text(And((absence, absence)))
    with pytest.raises(ValueError, match="absent"):
        fts5_match(absence)
