"""What is found of statements that have been edited, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import pytest

from storage.database import Database
from storage.database.fts5 import fts5_match
from storage.items import items
from storage.opening import open_database
from storage.query.compile import in_one_index
from storage.query.evaluate import evaluate
from storage.search import hits, ranking
from storage.search.hits import Total, all_newest, count, newest, total
from storage.search.ranking import among, best_first, next_item
from storage.search.search import search
from tests.storage.examples import draft, store, watched
from tests.storage.query.questions import read

WORDS = ["bridge", "tunnel", "river", "ferry", "CSTO", "sanctioned"]
QUERIES = [
    "bridge", "tunnel OR ferry", "bridge -river", '"bridge tunnel"', "title:bridge", "=CSTO", "sanction*", "lang:ru",
    "bridge lang:ru", "NOT bridge", '="CSTO tunnel"', 'bridge ="tunnel ferry"', 'river -="tunnel ferry"',
    "bridge AND (=CSTO OR tunnel)", "river source:mfa-ab", "alias:CSTO", "ferry NOT published:2024",
    "bridge NEAR/2 river", '="CSTO bridge" NEAR/3 river', "bridge NOT =CSTO",
    "lang:ru (=CSTO OR tunnel)", '(="CSTO tunnel" OR =CSTO OR "river ferry") NOT source:mfa-ab',
]  # fmt: skip


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Sixty statements of two sections, many of them edited, some more than once."""
    with open_database(tmp_path_factory.mktemp("edited")) as database:
        _say_and_edit(database)
        yield database


def _say_and_edit(database: Database) -> None:
    random, sections = Random("edited"), [watched(database), watched(database, "mfa-ab/news")]

    def say(number: int) -> None:
        body = " ".join(random.choices(WORDS, k=5))
        section, language = sections[number % 2], random.choice(["en", "ru"])
        store(database, draft(section, number, title=random.choice(WORDS), body=body, language=language))

    for number in range(60):
        say(number)
        for earlier in random.sample(range(number + 1), random.choice([0, 0, 1, 2]) if number > 1 else 0):
            say(earlier)


def of_all(database: Database, query: str) -> list[int]:
    """By asking every statement: the newest first."""
    sql = "SELECT item_id FROM versions WHERE current ORDER BY item_id DESC"
    ids = database.read(lambda connection: list(connection.exec_driver_sql(sql).scalars()))
    every = database.read(items.get_many, ids)
    return [item.id for item in every if evaluate(read(query), items.analysed(item)).matches]


def pages(database: Database, query: str, size: int) -> list[int]:
    """All that is found page by page."""
    seen: list[int] = []
    while page := database.read(newest, read(query), size, seen[-1] if seen else None):
        seen += page
    return seen


@pytest.mark.parametrize("query", QUERIES)
def test_pages_follow_each_other_without_a_gap_however_often_statements_were_edited(
    edited: Database, query: str
) -> None:
    every = of_all(edited, query)
    assert every
    for size in (1, 3, 7):
        assert pages(edited, query, size) == every
    assert edited.read(all_newest, read(query)) == every
    assert edited.read(count, read(query)) == len(every)
    assert edited.read(total, read(query)) == Total(len(every))


@pytest.mark.parametrize("query", QUERIES)
def test_many_matches_are_found_as_few_are(edited: Database, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "_FREQUENT", 2)
    assert pages(edited, query, 4) == of_all(edited, query)


@pytest.mark.parametrize("query", QUERIES)
def test_of_a_total_that_would_take_long_a_part_is_counted_and_told(
    edited: Database, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "LOOKED_AT", 5)
    monkeypatch.setattr(hits, "READ", 3)
    counted, every = edited.read(total, read(query)), len(of_all(edited, query))
    assert counted.number <= min(every, 5)
    assert counted.number == every or not counted.exact


def test_a_page_says_where_not_all_were_counted(edited: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "LOOKED_AT", 5)
    page = edited.read(search, edited.packs, "bridge", limit=8)
    assert (len(page.found), page.total, page.exact) == (8, 8, False)


def best(database: Database, query: str, limit: int = 100, shown: Sequence[int] = ()) -> list[int]:
    """The best matches first: so many, without those that were shown."""
    below = database.read(next_item)
    return database.read(best_first, read(query), limit, below, shown).items


def window(database: Database, query: str, size: int) -> dict[int, int]:
    """The newest versions that meet the query, by their items."""
    current = "SELECT item_id, id FROM versions WHERE current"
    versions = dict(database.read(lambda connection: [tuple(row) for row in connection.exec_driver_sql(current)]))
    met = sorted(database.read(all_newest, read(query)), key=lambda item: -versions[item])
    return {item: versions[item] for item in met[:size]}


def ranks(database: Database, words: str) -> dict[int, float]:
    """What FTS5 gives the versions that have any of the words."""
    answerable = in_one_index(read(words))
    assert answerable is not None
    sql, match = "SELECT rowid, bm25(version_text) FROM version_text WHERE version_text MATCH ?", answerable[1]
    return dict(
        database.read(lambda connection: [tuple(row) for row in connection.exec_driver_sql(sql, (fts5_match(match),))])
    )


@pytest.mark.parametrize("query", QUERIES)
def test_ranked_are_the_newest_versions_each_once_on_some_page(
    edited: Database, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "WINDOW", 10)
    found = best(edited, query)
    assert sorted(found) == sorted(window(edited, query, 10))
    assert [item for passed in range(0, 10, 3) for item in best(edited, query, 3, found[:passed])] == found
    more = len(edited.read(all_newest, read(query))) > 10
    below = edited.read(next_item)
    assert edited.read(among, read(query), below) == (10 if more else 0)
    assert edited.read(best_first, read(query), 3, below).among in (None, 10 if more else 0)


@pytest.mark.parametrize(
    ("query", "weighed"),
    [
        pytest.param("bridge", "bridge", id="a word"),
        pytest.param("tunnel OR ferry", "tunnel OR ferry", id="alternatives"),
        pytest.param('"bridge tunnel"', '"bridge tunnel"', id="a phrase"),
        pytest.param("bridge -river", "bridge", id="what must not be there weighs nothing"),
        pytest.param("bridge lang:ru source:mfa-ab", "bridge", id="a filter weighs nothing"),
        pytest.param("bridge =CSTO", "bridge", id="an exact form weighs nothing"),
        pytest.param("bridge AND (=CSTO OR tunnel)", "bridge OR tunnel", id="a word beside an exact form"),
        pytest.param("NOT =CSTO (river OR lang:ru)", "river", id="a word beside a filter"),
    ],
)
def test_the_best_by_bm25_comes_first_and_of_equal_ones_the_newest(edited: Database, query: str, weighed: str) -> None:
    versions, rank = window(edited, query, ranking.WINDOW), ranks(edited, weighed)
    assert len(versions) > 3
    assert best(edited, query) == sorted(versions, key=lambda item: (rank.get(versions[item], 0.0), -item))
