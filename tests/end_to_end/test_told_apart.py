"""Statements at one address, as who watches them hears of them: real processes, a real site, a real receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.clock import now
from storage.sources import sources
from storage.types import Shape, SourceSpec
from tests.crawler.website import Website
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


@pytest.fixture
def program(tmp_path: Path, site: Website, sink: HTTPSink) -> Program:
    """It watches a feed of briefings, and a desk is told of them from the first poll on."""
    program = Program(tmp_path / "data")
    spec = SourceSpec("test/news", "News", site.address("/feed.xml"), languages=("en",), delay=0.0, shape=Shape.FEED)
    with program.database() as database:
        database.write(sources.add, spec, alert_first=True, now=now())
    assert program("topics", "add", "briefing", "briefing").code == 0
    assert program("subscribe", "briefing", "--to", sink.address).code == 0
    return program


def entry(site: Website, title: str, identifier: str, day: int, path: str = "/briefing") -> str:
    return (
        f"<item><title>{title}</title><link>{site.address(path)}</link><guid isPermaLink='false'>{identifier}</guid>"
        f"<pubDate>{day} Nov 2026 09:00:00 +0300</pubDate></item>"
    )


def publish(site: Website, text: str, *entries: str) -> None:
    feed = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Briefings</title>{''.join(entries)}</channel></rss>"
    )
    site.answer("/feed.xml", feed, Content_Type="application/rss+xml")
    site.answer(
        "/briefing",
        f"<title>Briefing</title><main><article><h1>Briefing</h1><p>The spokesman answered on {text} and on the many "
        f"questions of the journalists who had come to the briefing of the ministry.</p></article></main>",
    )


def titles(program: Program) -> list[str]:
    """Of the alerts that were sent, the first one first."""
    listed = program("alerts", "list", "--json").json
    assert {alert["state"] for alert in listed} <= {"sent"}
    return [alert["title"] for alert in reversed(listed)]


def test_each_day_s_briefing_at_one_address_has_an_alert_of_its_own(
    program: Program, site: Website, sink: HTTPSink
) -> None:
    for number, (day, text) in enumerate([(12, "bridges"), (13, "ferries"), (14, "tunnels")], 1):
        publish(site, text, entry(site, f"Briefing of {day} November", f"b-{day}", day))
        assert program("poll", "test/news").code == 0
        assert len(sink.wait_for(number)) == number
        assert program("poll", "test/news").code == 0
        assert len(sink.received) == number, "nothing is told twice"
    assert len(titles(program)) == 3
    assert [alert["item"] for alert in program("alerts", "list", "--json").json] == [3, 2, 1]
    shown = program("show", site.address("/briefing"), "--json").json
    assert "tunnels" in shown["body"], "the address is the newest one's"
    assert "bridges" in program("show", "1", "--json").json["body"], "the first one is kept"


@pytest.mark.parametrize(
    ("title", "identifier", "day"),
    [
        ("Briefing of 12 November", "b-12 again", 12),
        ("Briefing of 12 November", "b-12", 13),
        ("Briefing of 12 November, updated", "b-13", 13),
        ("Briefing of 12 November", "b-13", 13),
        ("Another briefing", "b-12", 12),
    ],
    ids=["another id", "another day", "a word more", "the same title", "another title"],
)
def test_what_is_still_the_same_briefing_has_no_second_alert(
    program: Program, site: Website, sink: HTTPSink, title: str, identifier: str, day: int
) -> None:
    publish(site, "bridges", entry(site, "Briefing of 12 November", "b-12", 12))
    assert program("poll", "test/news").code == 0
    publish(site, "bridges", entry(site, title, identifier, day))
    assert program("poll", "test/news").code == 0
    assert len(sink.wait_for(1)) == 1
    assert len(titles(program)) == 1


def test_a_statement_at_an_anchor_is_shown_by_its_address(program: Program, site: Website, sink: HTTPSink) -> None:
    days = (12, 13, 14)
    parts = "".join(f"<section id='d{day}'><h2>Briefing</h2><p>The {day}th day.</p></section>" for day in days)
    publish(site, "", *(entry(site, f"Briefing of {day} November", f"b-{day}", day, f"/2026#d{day}") for day in days))
    site.answer("/2026", f"<title>2026</title><h1>2026</h1>{parts}")
    assert program("poll", "test/news").code == 0
    for day in days:
        shown = program("show", site.address(f"/2026#d{day}"), "--json").json
        assert shown["body"] == f"The {day}th day."
        assert program("show", f"#{shown['id']}", "--json").json == shown
        why = program("why", site.address(f"/2026#d{day}"), "briefing")
        assert f"#{shown['id']} meets briefing" in why.out
    nowhere = program("show", site.address("/2027#d12"))
    assert nowhere.code == 2
    assert "there is no statement at" in nowhere.err
