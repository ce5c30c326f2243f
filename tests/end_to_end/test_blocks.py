"""A menu inside of each statement, on a real site over HTTP: it never trips a topic. Real processes."""

from __future__ import annotations

from pathlib import Path

from storage.clock import now
from storage.sources import sources
from storage.types import SourceSpec
from tests.crawler.website import Website
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink

BLOCK = "<p>Our country presides over the CSTO in this year. See the special section on the CSTO of this site.</p>"


def publish(site: Website, newest: int, *news: str) -> None:
    """Show the last eight statements; each has the block within its article, the newest says what it is given."""
    numbers = range(newest, newest - 8, -1)
    rows = "".join(
        f'<p>{number} November 2024 <a href="/news/{number}">The bridge number {number} is open</a></p>'
        for number in numbers
    )
    site.answer("/news", f"<h1>News</h1>{rows}")
    for number in numbers:
        own = "".join(f"<p>{text}</p>" for text in news) if number == newest else ""
        site.answer(
            f"/news/{number}",
            f"<html><head><title>The bridge number {number} is open</title></head><body><article>"
            f"<h1>The bridge number {number} is open</h1><p>{number} November 2024</p>{BLOCK}"
            f"<p>The minister opened the bridge number {number} and thanked its {number * 7} masons for their work.</p>"
            f"{own}</article></body></html>",
        )


def test_a_block_within_each_article_alerts_nobody_and_a_statement_s_own_words_do(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    with Website() as site, HTTPSink() as sink:
        publish(site, 10)
        with program.database() as database:
            spec = SourceSpec("test/news", "News", site.address("/news"), languages=("en",), delay=0.0)
            database.write(sources.add, spec, alert_first=False, now=now())
        assert program("subscribe", "CSTO", "--to", sink.address).code == 0
        assert program("poll", "test/news").code == 0
        publish(site, 11)
        assert program("poll", "test/news").code == 0
        assert sink.received == [], "the block alone says nothing"
        found = {one["title"] for one in program("search", "CSTO", "--json").json}
        assert "The bridge number 11 is open" not in found

        publish(site, 12, "The ministers of the CSTO countries crossed it together on the first day.")
        assert program("poll", "test/news").code == 0
        (message,) = sink.wait_for(1)
        assert "number 12 is open" in message["title"] + message["message"]
        assert "presides" not in message["message"]
        newest = program("search", "CSTO", "--json").json[0]
        shown = program("show", str(newest["id"]), "--json").json
        assert "presides" not in shown["body"]
        assert "presides over the CSTO" in " ".join(shown["cut"]), "nothing is lost"
