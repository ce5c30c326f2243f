"""What commands print of the history, as a person reads it on a screen of 80 characters."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from presswatch.commands.reports import print_coverage
from presswatch.formats.chart import bar_lines
from storage.search.coverage import Commented
from storage.search.intervals import Bar, Interval
from tests.fakes.program import Program

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("data"))


def rows(sources: int, topics: int) -> list[Commented]:
    return [
        Commented(f"mfa-{source:02}/news", f"topic-{topic:02}", {TODAY: source + topic})
        for source in range(1, sources + 1)
        for topic in range(1, topics + 1)
    ]


@pytest.mark.parametrize(("sources", "topics"), [(1, 1), (8, 2), (2, 21), (4, 21), (8, 21), (60, 40)])
def test_who_said_how_much_stands_within_the_screen(
    sources: int, topics: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("presswatch.output.PIPE_WIDTH", 80)
    print_coverage(rows(sources, topics), ())
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert len(out.splitlines()) <= sources * topics + 1
    for name in (f"mfa-{sources:02}/news", f"topic-{topics:02}"):
        assert name in out


def test_a_long_time_of_nothing_is_one_line() -> None:
    counts = [1, *[0] * 268, 2, 0, 0, 3]
    bars = [Bar(TODAY + timedelta(weeks=week), count) for week, count in enumerate(counts)]
    lines = list(bar_lines(bars, 60, Interval.WEEK))
    assert len(lines) == 6
    assert lines[1].endswith("268 without a statement")
    assert [re.sub(r".* ", "", line) for line in lines if "without" not in line] == ["1", "2", "0", "0", "3"]


def test_a_topic_s_name_in_a_query_is_told(program: Program) -> None:
    assert program("topics", "add", "sanctions", "sanctions OR санкции").code == 0
    others = cycle((["sanction"], ["sanctions banks"], ["--topic", "sanctions"]))
    for command, other in zip(("search", "trend", "facets", "export", "feed"), others, strict=False):
        asked = program(command, "Sanctions")
        assert f"with: presswatch {command} --topic sanctions" in asked.err
        assert "--topic" not in asked.out
        assert program(command, *other).err == ""


@pytest.mark.parametrize(
    ("query", "remarks"),
    [
        ("sanctions and banks", ["and is a word here; AND joins"]),
        ("sanctions or banks", ["or is a word here; OR joins"]),
        ("banks not sanctions", ["not is a word here; NOT joins"]),
        ("source:nosuch sanctions", ["there is no source nosuch yet."]),
        ("source:mfa-by/news-ne x", ["there is no source mfa-by/news-ne yet. did you mean mfa-by/news-en?"]),
        ("sanctions AND banks", []),
        ('"sanctions and banks"', []),
        ("source:mfa-by x", []),
        ("source:mfa-by/news-en x", []),
    ],
)
def test_what_a_topic_may_have_meant_otherwise_is_told(program: Program, query: str, remarks: list[str]) -> None:
    name = f"of {abs(hash(query))}"
    told = program("topics", "add", name, query)
    assert told.code == 0, told.err
    assert f"subscribe '{name}' --to console" in told.out
    assert re.findall(r"^note: (.*)$", told.out, re.MULTILINE) == remarks


@pytest.mark.parametrize("typed", ["52", "#52", " #52"])
def test_a_number_is_taken_as_search_shows_it(program: Program, typed: str) -> None:
    for command in (["show", typed], ["why", typed, "CSTO"]):
        assert "there is no statement 52" in program(*command).err


@pytest.mark.parametrize("typed", ["#", "x52", "5.2", "-1", "٥٢"])
def test_what_is_no_number_is_told(program: Program, typed: str) -> None:
    assert "is no statement's number" in program("show", "--", typed).err


def test_a_command_s_file_may_be_any_place(program: Program) -> None:
    program("topics", "add", "grain", "grain")
    shown = program("watchlist", "export", "--to", "-")
    assert "grain" in shown.out and "written" not in shown.out
    for words in (["export", "CSTO"], ["feed", "CSTO"]):
        assert program(*words, "--to", "/dev/null").code == 0
        assert program(*words, "--to", "-").out.splitlines()[0] == program(*words).out.splitlines()[0]
    assert not Path("-").exists()
