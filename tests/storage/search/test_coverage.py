"""Who has not commented, by what was said and not by what was alerted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.database import Database
from storage.people import topics
from storage.search.coverage import Commented, commented
from storage.search.search import search
from storage.types import SOLE_OWNER, ArticleDraft, Published, Source, Topic
from tests.storage.examples import NOW, draft, store, watched

TODAY = date(2024, 11, 28)


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def topic(database: Database, query: str, name: str = "A topic") -> Topic:
    return database.write(topics.add, SOLE_OWNER, database.packs, name, query, NOW)


def asked(database: Database, *about: Topic, days: int = 7) -> dict[tuple[str, str], dict[date, int]]:
    rows = database.read(commented, database.packs, about, TODAY - timedelta(days=days - 1), TODAY)
    return {(row.source, row.topic): row.days for row in rows}


def said(source: Source, number: int, ago: int, body: str, language: str = "en") -> ArticleDraft:
    published = Published(day=TODAY - timedelta(days=ago))
    return draft(source, number, title=f"Statement {number}", body=body, published=published, language=language)


def test_what_was_said_before_there_was_the_topic_counts(database: Database, source: Source) -> None:
    store(database, said(source, 1, 1, "On sanctions."), said(source, 2, 1, "Sanctions again."))
    made_later = topic(database, "sanctions")
    assert asked(database, made_later) == {("mfa-xy/news", "A topic"): {TODAY - timedelta(days=1): 2}}


@pytest.mark.parametrize(
    "query",
    [
        "bridge",
        "alias:CSTO",
        "bridge NOT gas",
        "lang:ru ОДКБ",
        '"old border"',
        "=Bridge",
        "bridg*",
        "title:7",
        "gas OR snow",
    ],
)
def test_a_topic_counts_what_a_search_finds(database: Database, source: Source, query: str) -> None:
    store(
        database,
        said(source, 1, 0, "A Bridge over the old border."),
        said(source, 2, 1, "The CSTO met at the bridge of gas."),
        said(source, 3, 2, "Gas."),
        said(source, 4, 3, "Встреча ОДКБ.", language="ru"),
        said(source, 7, 4, "A border, old."),
    )
    found = database.read(search, database.packs, query)
    [days] = asked(database, topic(database, query)).values()
    assert sum(days.values()) == len(found.found)


def test_only_the_days_that_are_asked_for_are_counted(database: Database, source: Source) -> None:
    store(database, *(said(source, ago, ago, "A bridge.") for ago in range(1, 6)))
    [days] = asked(database, topic(database, "bridge"), days=3).values()
    assert days == {TODAY - timedelta(days=2): 1, TODAY - timedelta(days=1): 1}


def test_an_edit_that_speaks_of_it_no_more_does_not_count(database: Database, source: Source) -> None:
    bridges = topic(database, "bridge")
    store(database, said(source, 1, 1, "A bridge."))
    assert [sum(days.values()) for days in asked(database, bridges).values()] == [1]
    store(database, said(source, 1, 1, "A tunnel, in other words."))
    assert [sum(days.values()) for days in asked(database, bridges).values()] == [0]


def test_sources_and_topics_are_told_apart(database: Database, source: Source) -> None:
    other = watched(database, "mfa-ab/news")
    store(database, said(source, 1, 0, "A bridge."), said(other, 2, 0, "Gas."))
    totals = {
        (row.source, row.topic): row.total
        for row in database.read(
            commented, database.packs, [topic(database, "bridge", "B"), topic(database, "gas", "G")], TODAY, TODAY
        )
    }
    assert totals == {
        ("mfa-ab/news", "B"): 0,
        ("mfa-ab/news", "G"): 1,
        ("mfa-xy/news", "B"): 1,
        ("mfa-xy/news", "G"): 0,
    }


def test_a_source_that_was_never_polled_is_not_silent(database: Database, source: Source) -> None:
    [row] = database.read(commented, database.packs, [topic(database, "bridge")], TODAY, TODAY)
    assert row == Commented("mfa-xy/news", "A topic", {}, "not polled yet")
