"""The commands about the history, as a person types them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import feedparser
import pytest
from typer.testing import CliRunner

from crawler.catalog import catalogue
from presswatch.cli import app
from storage.clock import now
from storage.errors import InvalidInputError, NotFoundError, QueryError
from storage.opening import open_database
from storage.people import topics
from storage.search import hits
from storage.sources import polls, sources
from storage.types import SOLE_OWNER, Published, Reason
from tests.storage.examples import BODY, draft, matched, poll_result, polling, spec, store, subscribed

pytestmark = pytest.mark.slow

runner = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with three statements and a topic that one of them met."""
    with open_database(tmp_path) as database:
        source = database.write(sources.add, spec(), alert_first=False, now=now())
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", now() - timedelta(days=1))
        said = draft(source, 1), draft(source, 2, body="A tunnel."), draft(source, 3, body="The bridge opens.")
        store(database, *said, now=now())
        subscribed(database)
    return tmp_path


def typed(data: Path, *words: str) -> str:
    """What a command answers."""
    outcome = runner.invoke(app, ["--data", str(data), *words], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def test_of_very_many_matches_a_search_says_that_there_are_at_least_so_many(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2 found" in typed(data, "search", "bridge", "--limit", "1")
    monkeypatch.setattr(hits, "LOOKED_AT", 1)
    assert "at least 1 found" in typed(data, "search", "bridge", "--limit", "1")


def test_a_search_can_be_ranked_and_paged_or_be_a_topics(data: Path) -> None:
    assert [each["id"] for each in json.loads(typed(data, "search", "--topic", "Bridges", "--json"))] == [3, 1]
    page = typed(data, "search", "bridge", "--ranked", "--limit", "1")
    start = page.rsplit("--start ", 1)[1].strip()
    assert "#1" in page + typed(data, "search", "bridge", "--ranked", "--limit", "1", "--start", start)
    with pytest.raises(InvalidInputError, match="expected a query, or a topic"):
        typed(data, "search")


def test_a_query_is_tried_before_it_is_a_topic(data: Path) -> None:
    tested = typed(data, "topics", "test", "bridge OR tunnel", "--against", "Bridges")
    assert "3 statements since" in tested
    assert "it gains 1 statement #2" in tested
    assert "it loses 0 statements" in tested
    assert json.loads(typed(data, "topics", "test", "ferry", "--json"))["warning"]


def test_a_topic_is_given_another_query_and_goes_on(data: Path) -> None:
    told = json.loads(typed(data, "subscriptions", "list", "--json"))
    assert typed(data, "topics", "change", "bridges", "tunnel") == "topic Bridges asks from now on: tunnel\n"
    assert [topic["query"] for topic in json.loads(typed(data, "topics", "list", "--json"))] == ["tunnel"]
    assert json.loads(typed(data, "subscriptions", "list", "--json")) == told
    with pytest.raises(QueryError):
        typed(data, "topics", "change", "Bridges", "NOT tunnel")
    assert [topic["query"] for topic in json.loads(typed(data, "topics", "list", "--json"))] == ["tunnel"]


def test_a_topic_and_who_is_told_of_it_are_paused_until_a_day_and_go_on(data: Path) -> None:
    until = f"{now() + timedelta(days=8):%Y-%m-%d}"
    for noun in ("topics", "subscriptions"):
        said = typed(data, noun, "pause", "bridges", "--until", until)
        assert "until" in said
        [paused] = json.loads(typed(data, noun, "list", "--json"))
        assert paused["paused_until"] > str(now())
        assert "until" in typed(data, noun, "list")
        assert "seen from now on" in typed(data, "topics", "go-on", "bridges")
        typed(data, "subscriptions", "go-on", "bridges", "--to", "console")
        assert "until" not in typed(data, noun, "list")
    with pytest.raises(InvalidInputError, match="within a year"):
        typed(data, "subscriptions", "pause", "Bridges", "--until", "2000-01-01")
    with pytest.raises(NotFoundError, match="no channel"):
        typed(data, "subscriptions", "pause", "Bridges", "--until", until, "--to", "nowhere")


@pytest.mark.parametrize("command", ["search", "trend"])
def test_whoever_asks_for_one_name_of_a_thing_learns_of_the_others(data: Path, command: str) -> None:
    assert "csto is one of " in typed(data, command, "csto")
    assert "ask for all of them with 'alias:CSTO'" in typed(data, command, "csto")
    assert "alias:" not in typed(data, command, "csto meets")
    assert "ask for all" not in typed(data, command, "bridge")
    assert json.loads(typed(data, command, "csto", "--json")) == []


def test_it_is_said_why_a_statement_meets_a_topic_or_not(data: Path) -> None:
    assert "yes  bridge" in typed(data, "why", "3", "Bridges")
    assert "[bridge] opens." in typed(data, "why", "3", "Bridges")
    [met] = re.findall(r"body, character \d+: (.+)", typed(data, "why", "1", "drivers"))
    assert "thanked the [drivers], and agreed" in met
    assert f" {met.replace('[', '').replace(']', '')} " in BODY, "whole words"
    answer = typed(data, "why", "2", "bridge OR title:tunnel")
    assert "no   title:tunnel: it occurs, but not in the title" in answer
    assert "#2 does not meet" in answer
    assert json.loads(typed(data, "why", "2", "Bridges", "--json"))["holds"] is False


def test_the_spread_and_the_course_of_a_query(data: Path) -> None:
    assert json.loads(typed(data, "facets", "bridge", "--json"))["sources"] == {"mfa-xy/news": 2}
    assert "2 found" in typed(data, "facets", "bridge")
    [bar] = json.loads(typed(data, "trend", "bridge", "--by", "day", "--json"))
    assert bar == {"first": str(now().date()), "count": 2}
    assert "█ 2" in typed(data, "trend", "bridge")
    typed(data, "trend", "bridge", "--to", str(data / "trend.svg"))
    assert (data / "trend.svg").read_text(encoding="utf-8").startswith("<svg")
    typed(data, "trend", "bridge", "--to", str(data / "trend.PNG"))
    assert (data / "trend.PNG").read_bytes().startswith(b"\x89PNG")


def test_who_has_not_commented_is_shown(data: Path) -> None:
    [row] = [row for row in json.loads(typed(data, "silence", "--json")) if row["source"] == "mfa-xy/news"]
    assert (row["topic"], row["total"], row["days"]) == ("Bridges", 2, {str(now().date()): 2})
    assert "pairs of a source and a topic without a statement" in typed(data, "silence", "--days", "1")


def test_who_has_not_commented_on_a_topic_is_shown_day_by_day(data: Path) -> None:
    with open_database(data) as database:
        said = store(database, draft(database.read(sources.get, "mfa-xy/news"), 4), now=now())
        matched(database, subscribed(database), *said)
    typed(data, "topics", "add", "Tunnels", "tunnel")
    head, *lines, _ = typed(data, "silence", "--topic", "bridges", "--days", "3").splitlines()
    days = [now() - timedelta(days=ago) for ago in (2, 1, 0)]
    assert head.split() == ["source", *(word for day in days for word in (f"{day.day}", f"{day:%b}"))]
    assert lines[-1].split()[-3:] == ["?", "?", "3"]
    with pytest.raises(NotFoundError, match="there is no topic"):
        typed(data, "silence", "--topic", "nobody")


def test_whoever_could_not_be_read_is_not_said_to_be_silent(data: Path) -> None:
    with open_database(data) as database:
        for key, reason in (("mfa-by/news-en", Reason.OK), ("mfa-by/news-ru", Reason.BLOCKED)):
            database.write(sources.sync_catalogue, catalogue(), now())
            poll = polling(database, database.read(sources.get, key), now=now())
            database.write(polls.end_polls, [poll_result(poll, reason, at=now())])
    unread = {row["source"]: row["unread"] for row in json.loads(typed(data, "silence", "--json"))}
    assert unread == {"mfa-by/news-en": None, "mfa-by/news-ru": "blocked", "mfa-xy/news": "not polled yet"}
    shown = typed(data, "silence").splitlines()
    assert [line.split()[-1] for line in shown[1:4]] == ["-", "?", "2"]
    assert shown[-1].endswith("1 of 3 pairs of a source and a topic without a statement, 1 not known")


def test_a_query_is_exported_and_fed(data: Path) -> None:
    for name in ("csv", "ndjson", "json", "md"):
        typed(data, "export", "bridge", "--as", name, "--to", str(data / f"bridges.{name}"))
    assert len((data / "bridges.ndjson").read_text(encoding="utf-8").splitlines()) == 2
    assert [path.name for path in data.glob("*.part")] == []
    feed = typed(data, "feed", "--topic", "Bridges", "--as", "atom")
    assert [entry.id for entry in feedparser.parse(feed).entries] == ["urn:presswatch:item:3", "urn:presswatch:item:1"]


def test_a_file_that_cannot_be_written_is_a_clear_mistake(data: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be written"):
        typed(data, "export", "bridge", "--to", str(data / "no" / "such" / "folder.csv"))
    with pytest.raises(InvalidInputError, match="no picture's name"):
        typed(data, "trend", "bridge", "--to", str(data / "trend.gif"))


def test_an_edit_is_shown_by_its_words_a_moved_paragraph_as_moved_and_the_date_that_is_claimed_now(data: Path) -> None:
    first, second = "The bridge opens on Friday.", "The masons were praised for their patience."
    dated = Published(day=date(2024, 11, 29))
    with open_database(data) as database:
        [source] = database.read(sources.every)
        store(database, draft(source, 3, body=f"{first}\n\n{second}\n\nAll may come."), now=now())
        edited = draft(source, 3, title="On Friday", body=f"{second}\n\n{first}\n\nAll are invited.", published=dated)
        store(database, edited, now=now())
    shown = typed(data, "diff", "3")
    assert re.match(r"version 2, seen .* -> 3, seen .*\n4 words added, 4 removed, 1 paragraph moved\n", shown)
    assert "dated without a date -> 2024-11-29" in shown
    assert "{+On Friday+}" in shown
    assert "(moved here) " in shown
    assert "All [-may come-]{+are invited+}." in shown
    answer = json.loads(typed(data, "diff", "#3", "1", "3", "--json"))
    assert (answer["before"], answer["after"], answer["published_after"]) == (1, 3, "2024-11-29")
    with pytest.raises(NotFoundError, match="has no version 4"):
        typed(data, "diff", "3", "1", "4")
    with pytest.raises(NotFoundError, match="no version before the first"):
        typed(data, "diff", "1")
