"""Ranked search, paging, facets, histograms, and the index's upkeep."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st

from scheduler import jobs
from storage.database import Database
from storage.errors import InvalidInputError
from storage.items import facts
from storage.migrations import _config, upgrade
from storage.people import topics
from storage.search import ranking
from storage.search.facets import bars, facets, facets_and_days, histogram
from storage.search.intervals import Bar, Interval
from storage.search.search import Order, SearchPage, every, search
from storage.types import SOLE_OWNER, Published, Source
from tests.storage.examples import NOW, draft, matched, store, subscribed, watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def numbers(page: SearchPage) -> list[int]:
    return [found.item.id for found in page.found]


def on(day: date) -> Published:
    return Published(day=day)


def test_the_best_statement_comes_first_when_asked_so(database: Database, source: Source) -> None:
    store(
        database,
        draft(source, 1, body="A bridge, the bridge and only the bridge."),
        draft(source, 2, body="Many other things were said, and in passing somebody spoke of a bridge."),
    )
    assert numbers(database.read(search, database.packs, "bridge", order=Order.RANKED)) == [1, 2]
    assert numbers(database.read(search, database.packs, "bridge", order=Order.NEWEST)) == [2, 1]


@pytest.mark.parametrize("order", Order)
def test_pages_neither_repeat_nor_leave_out_a_statement_while_others_arrive(
    database: Database, source: Source, order: Order
) -> None:
    store(database, *(draft(source, number) for number in range(1, 8)))
    seen: list[int] = []
    start = ""
    for arriving in (10, 11, 12, 13):
        page = database.read(search, database.packs, "bridge", limit=2, order=order, start=start)
        seen += numbers(page)
        start = page.next
        store(database, draft(source, arriving))
    assert sorted(seen) == [1, 2, 3, 4, 5, 6, 7]
    assert start == ""


def test_of_a_common_word_only_the_newest_matches_are_ranked_and_the_page_says_so(
    database: Database, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "WINDOW", 3)
    store(database, *(draft(source, number) for number in range(1, 8)))
    page = database.read(search, database.packs, "bridge", limit=10, order=Order.RANKED)
    assert sorted(numbers(page)) == [5, 6, 7]
    assert (page.total, page.ranked_among) == (7, 3)


def test_what_cannot_be_weighed_comes_newest_first(database: Database, source: Source) -> None:
    store(database, draft(source, 1, body="CSTO."), draft(source, 2, body="CSTO."))
    assert numbers(database.read(search, database.packs, "=CSTO", order=Order.RANKED)) == [2, 1]
    assert numbers(database.read(search, database.packs, "lang:en", order=Order.RANKED)) == [2, 1]


@pytest.mark.parametrize("start", ["x", "-1", "1.x", "1.2.3", "9" * 50, "²"])
def test_a_start_of_no_page_is_refused(database: Database, start: str) -> None:
    with pytest.raises(InvalidInputError, match="no page begins"):
        database.read(search, database.packs, "bridge", start=start)


def test_all_that_meets_a_query_can_be_had_in_batches(database: Database, source: Source) -> None:
    store(database, *(draft(source, number) for number in range(1, 8)))
    found = database.read(lambda connection: [each.item.id for each in every(connection, {}, "bridge", batch=3)])
    assert found == [7, 6, 5, 4, 3, 2, 1]


def test_facets_count_what_the_found_statements_have(database: Database, source: Source) -> None:
    other = watched(database, "mfa-ab/news")
    stored = store(
        database,
        draft(source, 1, published=on(date(2024, 10, 31))),
        draft(source, 2, published=on(date(2024, 11, 1))),
        draft(other, 3, published=on(date(2024, 11, 2)), language="ru"),
        draft(other, 4, body="About tunnels."),
    )
    matched(database, subscribed(database), stored[0])
    counted = database.read(facets, database.packs, "bridge", database.read(topics.every, SOLE_OWNER))
    assert counted.total == 3
    assert counted.sources == {"mfa-xy/news": 2, "mfa-ab/news": 1}
    assert counted.languages == {"en": 2, "ru": 1}
    assert counted.months == {"2024-10": 1, "2024-11": 2}
    assert counted.topics == {"Bridges": 3}, "not the one alone that was matched"


def test_facets_of_a_query_that_the_index_cannot_answer_alone(database: Database, source: Source) -> None:
    store(database, draft(source, 1, language="ru"), draft(source, 2))
    assert database.read(facets, database.packs, "bridge lang:ru", ()).languages == {"ru": 1}
    assert database.read(facets, database.packs, "NOT bridge", ()).total == 0


def test_an_edited_statement_is_counted_once_as_it_now_is(database: Database, source: Source) -> None:
    store(database, draft(source, 1, published=on(date(2024, 10, 1))))
    store(database, draft(source, 1, body="A bridge, as edited.", published=on(date(2024, 11, 1))))
    counted = database.read(facets, database.packs, "bridge", ())
    assert (counted.total, counted.months) == (1, {"2024-11": 1})


@pytest.mark.parametrize(
    ("step", "counts"),
    [
        (Interval.DAY, [(date(2024, 10, 31), 1), (date(2024, 11, 1), 0), (date(2024, 11, 2), 2)]),
        (Interval.WEEK, [(date(2024, 10, 28), 3)]),
        (Interval.MONTH, [(date(2024, 10, 1), 1), (date(2024, 11, 1), 2)]),
    ],
)
def test_a_histogram_counts_every_step_the_empty_ones_too(
    database: Database, source: Source, step: Interval, counts: list[tuple[date, int]]
) -> None:
    days = [date(2024, 10, 31), date(2024, 11, 2), date(2024, 11, 2)]
    store(database, *(draft(source, number, published=on(day)) for number, day in enumerate(days)))
    drawn = tuple(Bar(first, count) for first, count in counts)
    assert database.read(histogram, database.packs, "bridge", step) == drawn


@pytest.mark.parametrize(
    ("query", "until", "weeks"),
    [
        pytest.param(
            "bridge", date(2024, 11, 28), [(28, 10, 1), (4, 11, 0), (11, 11, 0), (18, 11, 0), (25, 11, 0)], id="today"
        ),
        pytest.param(
            "bridge published:..2024-11-08", date(2024, 11, 28), [(28, 10, 1), (4, 11, 0)], id="what is asked for"
        ),
        pytest.param("bridge", date(2024, 10, 1), [(28, 10, 1)], id="what is found"),
    ],
)
def test_a_histogram_shows_the_silence_until(
    database: Database, source: Source, query: str, until: date, weeks: list[tuple[int, int, int]]
) -> None:
    store(database, draft(source, 1, published=on(date(2024, 10, 31))))
    drawn = tuple(Bar(date(2024, month, day), count) for day, month, count in weeks)
    assert database.read(histogram, database.packs, query, Interval.WEEK, until) == drawn


def test_facets_bring_the_days_of_a_histogram_along(database: Database, source: Source) -> None:
    claimed = (date(2024, 10, 31), date(2024, 11, 2), date(2024, 11, 2), None)
    store(database, *(draft(source, number, published=Published(day=day)) for number, day in enumerate(claimed)))
    spread, days = database.read(facets_and_days, database.packs, "bridge", ())
    assert spread == database.read(facets, database.packs, "bridge", ())
    assert days == {date(2024, 10, 31): 1, date(2024, 11, 2): 2, NOW.date(): 1}
    drawn = database.read(histogram, database.packs, "bridge", Interval.WEEK, NOW.date())
    assert bars("bridge", days, Interval.WEEK, NOW.date()) == drawn


def test_a_histogram_of_nothing_is_empty(database: Database) -> None:
    assert database.read(histogram, database.packs, "bridge", Interval.DAY) == ()
    assert database.read(histogram, database.packs, "bridge", Interval.DAY, NOW.date()) == ()


@pytest.mark.parametrize(
    ("claimed", "day"),
    [
        pytest.param(None, NOW.date(), id="no claim"),
        pytest.param(date(2024, 5, 1), date(2024, 5, 1), id="a claim"),
        pytest.param(date(2034, 5, 1), NOW.date(), id="a claim of the future"),
        pytest.param(date(1970, 1, 1), NOW.date(), id="a claim of long ago"),
    ],
)
def test_a_doubtful_day_is_not_counted_by(claimed: date | None, day: date) -> None:
    assert facts.day_of(Published(day=claimed), NOW) == day


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(Interval))
def test_a_step_holds_its_days_and_the_next_one_begins_after_it(day: date, step: Interval) -> None:
    first = step.first(day)
    assert first <= day < step.next(first)
    assert step.first(step.next(first)) == step.next(first)


def test_the_facts_can_be_made_anew_from_the_versions(database: Database, source: Source) -> None:
    store(database, draft(source, 1), draft(source, 2, published=on(date(2024, 10, 1))))
    store(database, draft(source, 1, body="Edited."), now=datetime(2024, 12, 1, tzinfo=UTC))
    rows = "SELECT * FROM version_facts ORDER BY id"
    before = database.read(lambda connection: connection.exec_driver_sql(rows).all())
    database.write(lambda connection: command.downgrade(_config(connection), "0007"))
    database.write(upgrade)
    assert database.read(lambda connection: connection.exec_driver_sql(rows).all()) == before
    assert [row.current for row in before] == [0, 1, 1]


@pytest.mark.sqlite
def test_the_nightly_optimization_leaves_one_segment_and_every_statement(
    database: Database, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MERGE_PAUSE", 0)
    for number in range(30):
        store(database, draft(source, number))
    asyncio.run(jobs.optimize(database))
    segments = "SELECT count(DISTINCT segid) FROM version_text_idx"
    assert database.read(lambda connection: connection.exec_driver_sql(segments).scalar_one()) == 1
    assert database.read(search, database.packs, "bridge").total == 30


def test_topics_are_counted_by_the_history_and_not_by_their_matches(database: Database, source: Source) -> None:
    store(
        database,
        draft(source, 1, title="Bridges", body="A bridge over the river."),
        draft(source, 2, title="Bridges and gas", body="The bridge brings gas."),
        draft(source, 3, title="Gas", body="Gas alone."),
    )
    for name, query in (("Gas", "gas"), ("Rivers", "river OR lake"), ("No gas", "bridge NOT gas"), ("Snow", "snow")):
        database.write(topics.add, SOLE_OWNER, database.packs, name, query, NOW)

    def counted(query: str) -> dict[str, int]:
        return database.read(facets, database.packs, query, database.read(topics.every, SOLE_OWNER)).topics

    assert counted("bridge") == {"Gas": 1, "No gas": 1, "Rivers": 1}
    assert counted("gas") == {"Gas": 2}
    assert counted("snow") == {}
    database.write(topics.remove, SOLE_OWNER, "Gas", NOW)
    assert counted("gas") == {}
