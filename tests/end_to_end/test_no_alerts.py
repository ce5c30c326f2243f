"""What must not alert, over a real site and the real crawl: a replica of a ministry, polled by real processes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.sources import sources
from storage.types import SearchForm
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink

CSTO = ["The Council of the Collective Security Treaty Organization met.", "The CSTO members spoke of Afghanistan."]
ODKB = ["Состоялось заседание Совета Организации Договора о коллективной безопасности.", "Обсуждены санкции."]


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as running:
        for number in range(4):
            running.publish(f"Reception {number}", [f"Guests came for the {number}. time."])
        running.publish("Приём", ["Пришли гости."], "ru")
        yield running


@pytest.fixture
def program(tmp_path: Path, site: ReplicaSite, sink: HTTPSink) -> Program:
    """Watches both sections and has polled them once."""
    return watching(tmp_path / "data", site, sink)


def watching(folder: Path, site: ReplicaSite, sink: HTTPSink) -> Program:
    program = Program(folder)
    program.watch(site)
    program("subscribe", "CSTO", "--to", sink.address)
    assert poll(program) == 0
    return program


def poll(program: Program) -> int:
    """Poll both sections; how many alerts there have been by now."""
    assert program("poll", "replica/news-en", "replica/news-ru").code == 0
    return len(program("alerts", "list", "--json").json)


def titles(program: Program) -> list[str]:
    return sorted(found["title"] for found in program("search", "alias:CSTO", "--limit", "100", "--json").json)


def test_a_page_with_another_date_is_no_news(program: Program, site: ReplicaSite, sink: HTTPSink) -> None:
    told = site.publish("A session of the CSTO", CSTO)
    assert poll(program) == 1
    site.redate(told, datetime.date.today() - datetime.timedelta(days=3))
    assert [poll(program) for _ in range(2)] == [1, 1]
    site.redate(told, datetime.date.today())
    assert poll(program) == 1
    assert len(sink.received) == 1
    assert titles(program) == ["A session of the CSTO"]


def test_the_edition_of_a_story_that_was_told_is_named_in_the_next_message(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    english = site.publish("A session of the CSTO", CSTO)
    assert poll(program) == 1
    russian = site.publish("О заседании ОДКБ", ODKB, "ru", edition_of=english)
    assert poll(program) == 1
    assert len(sink.received) == 1
    site.publish("Another session of the CSTO", CSTO[::-1])
    assert poll(program) == 2
    message = sink.wait_for(2)[1]["message"]
    assert f"Also in Russian: О заседании ОДКБ, {russian.address} (announced before: A session of the CSTO)" in message
    assert titles(program) == ["A session of the CSTO", "Another session of the CSTO", "О заседании ОДКБ"]


def test_a_statement_that_was_taken_away_and_returns_is_no_news(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    told = site.publish("A session of the CSTO", CSTO)
    assert poll(program) == 1
    site.withdraw(told)
    assert poll(program) == 1
    site.restore(told)
    assert [poll(program) for _ in range(2)] == [1, 1]
    assert len(sink.received) == 1


def test_a_site_whose_addresses_all_change_tells_nothing_anew(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    site.publish("A session of the CSTO", [*CSTO, "They agreed to meet again in the autumn. " * 5])
    assert poll(program) == 1
    site.move_all()
    assert [poll(program) for _ in range(2)] == [1, 1]
    assert len(sink.received) == 1


def test_a_backfill_stores_the_past_and_tells_nobody(tmp_path: Path, site: ReplicaSite, sink: HTTPSink) -> None:
    long_ago = datetime.date.today() - datetime.timedelta(days=60)
    for number in range(30):
        site.publish(f"CSTO, session {number}", CSTO, date=long_ago + datetime.timedelta(days=number))
    program = watching(tmp_path / "data", site, sink)
    since = (long_ago - datetime.timedelta(days=1)).isoformat()
    with program.database() as database:
        source = database.read(sources.get, "replica/news-en")
        database.write(sources.change, replace(source.spec, search=SearchForm()), alert_first=False, now=now())
    assert program("backfill", "replica/news-en", "--since", since).code == 0
    assert poll(program) == 0
    assert sink.received == []
    assert len(titles(program)) == 30
