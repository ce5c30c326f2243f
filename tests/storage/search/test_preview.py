"""What a query would have found, and why a statement meets a topic or not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.database import Database
from storage.items import items
from storage.outbox.trace import outcome
from storage.people import topics
from storage.query.parser import parse
from storage.query.resolve import resolve
from storage.query.text import AnalysedText, analyse
from storage.search.days import days
from storage.search.explain import explain
from storage.search.preview import Preview, QueryChange, preview
from storage.types import SOLE_OWNER, Item, Source
from tests.storage.examples import BODY, HOUR, NOW, draft, matched, store, subscribed, watched

ANALYSED = items.analysed


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def tried(database: Database, query: str, saved: str | None = None) -> Preview:
    return database.read(preview, database.packs, query, NOW, saved=saved)


def test_a_query_is_tried_on_the_last_ninety_days(database: Database, source: Source) -> None:
    store(database, draft(source, 1), now=NOW - timedelta(days=91))
    store(database, draft(source, 2), now=NOW - timedelta(days=21))
    store(database, draft(source, 3, body="A bridge."), draft(source, 4, body="A tunnel."))
    tested = tried(database, "bridge")
    assert (tested.found, tested.since, tested.warning) == (2, date(2024, 8, 30), "")
    assert [found.item.id for found in tested.samples] == [3, 2]
    assert tested.per_week == pytest.approx(2 / (22 / 7))


def test_a_story_makes_one_alert_however_many_tell_it(database: Database, source: Source) -> None:
    store(database, draft(source, 1, title="Same"), draft(source, 2, title="Same"))
    tested = tried(database, "bridge")
    assert (tested.found, tested.alerts) == (2, 1)


def test_hits_are_counted_by_clause_and_by_the_names_of_an_alias(database: Database, source: Source) -> None:
    store(
        database,
        draft(source, 1, body="The CSTO council met."),
        draft(source, 2, body="Совет ОДКБ. Снова ОДКБ.", language="ru"),
        draft(source, 3, body="A bridge."),
    )
    tested = tried(database, "alias:CSTO OR bridge")
    assert tested.by_clause == {"alias:CSTO": 2, "bridge": 1}
    assert tested.by_name == {"CSTO": {"CSTO": 1, "ОДКБ": 1}}


def test_what_was_met_is_counted_without_a_look_at_the_texts(
    database: Database, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(database, *(draft(source, number, body=f"The CSTO met at a bridge of {number}.") for number in range(30)))
    analysed: list[int] = []

    def noting(item: Item) -> AnalysedText:
        analysed.append(item.id)
        return ANALYSED(item)

    monkeypatch.setattr(items, "analysed", noting)
    tested = tried(database, "(alias:CSTO OR tunnel) bridge")
    assert (tested.by_clause, tested.by_name) == ({"alias:CSTO": 30, "bridge": 30}, {"CSTO": {"CSTO": 30}})
    assert analysed == [found.item.id for found in tested.samples] == [30, 29, 28, 27, 26]


def test_what_is_older_is_not_even_named_by_the_index(database: Database, source: Source) -> None:
    store(database, draft(source, 1), now=NOW - timedelta(days=91))
    store(database, draft(source, 2), draft(source, 3), now=NOW)
    span = database.read(days, (NOW - timedelta(days=90)).date())
    assert span.oldest == 2
    assert database.read(days, (NOW + timedelta(days=1)).date()).oldest > 3


def test_a_changed_query_is_compared_with_the_saved_one(database: Database, source: Source) -> None:
    store(database, draft(source, 1, body="A bridge."), draft(source, 2, body="A tunnel and a bridge."),
          draft(source, 3, body="A ferry."))  # fmt: skip
    assert tried(database, "tunnel OR ferry", saved="bridge").change == QueryChange(gained=(3,), lost=(1,))


def test_a_query_that_finds_nothing_or_too_much_is_warned_of(database: Database, source: Source) -> None:
    store(database, *(draft(source, number) for number in range(60)))
    assert "nothing of the last 90 days" in tried(database, "tunnel").warning
    assert "60 times a week" in tried(database, "bridge").warning


@pytest.mark.parametrize(
    ("query", "what", "why"),
    [
        ("tunnel", "tunnel", "it does not occur"),
        ('"bridge ministers"', '"bridge ministers"', "its words occur, but not side by side"),
        ("title:bridge", "title:bridge", "it occurs, but not in the title"),
        ("alias:CSTO", "alias:CSTO", "names occurs"),
        ("treaty NEAR/2 Riverland", "treaty NEAR/2 Riverland", "not so close together"),
        ("treaty NEAR/2 tunnel", "treaty NEAR/2 tunnel", "tunnel does not occur"),
        ("lang:ru", "lang:ru", "it is of en"),
        ("country:BY", "country:BY", "that is not known of it"),
        ("after:2024", "after:2024", "it has no date"),
    ],
)
def test_a_clause_that_is_not_met_says_why(query: str, what: str, why: str) -> None:
    verdict = explain(resolve(parse(query)), analyse("A title", BODY, "en"))
    assert (verdict.holds, verdict.what) == (False, what)
    assert why in verdict.why


def test_every_part_of_a_query_has_its_verdict() -> None:
    verdict = explain(resolve(parse("bridge AND (tunnel OR treaty) -ferry")), analyse("", BODY, "en"))
    assert verdict.holds
    assert [part.what for part in verdict.parts] == ["bridge", "OR", "NOT"]
    assert [part.holds for part in verdict.parts[1].parts] == [False, True]
    [hit] = verdict.parts[0].hits
    assert BODY[hit.start : hit.end] == "bridge"


def test_it_is_said_what_became_of_a_statement(database: Database, source: Source) -> None:
    told = subscribed(database)
    topic = database.read(topics.get, SOLE_OWNER, "Bridges")
    stored = store(
        database, draft(source, 1), draft(source, 2, silent=True, body="A bridge."), draft(source, 3, body=".")
    )

    def became(number: int) -> str:
        return database.read(outcome, database.read(items.get, number), topic)

    assert became(1) == "the topics have not been asked about it yet"
    matched(database, told, *stored[:2])
    assert became(1) == "it was matched: alert 1 to console is pending"
    assert "without an alert: it was found by the first poll" in became(2)
    matched(database, told, stored[2])
    younger = database.write(topics.add, SOLE_OWNER, database.packs, "Late", "treaty", NOW + HOUR)
    assert "younger than the statement" in database.read(outcome, database.read(items.get, 1), younger)
