"""What a person is told to type names the program as he called it, wherever it is told."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.discovery.drift import Drift
from presswatch.cli import app
from presswatch.commands.proposals import print_drift
from presswatch.output import command
from storage.clock import now
from storage.errors import as_called
from storage.opening import open_database
from storage.sources import polls, sources
from storage.types import REMEDIES, Reason
from tests.storage.examples import poll_result, polling, spec

CALLED = ("./run", "presswatch", "/opt/presswatch/venv/bin/python -m presswatch")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a section that has gone."""
    with open_database(tmp_path) as database:
        source = database.write(sources.add, spec(), alert_first=False, now=now())
        poll = polling(database, source, now=now())
        database.write(polls.end_polls, [poll_result(poll, Reason.GONE, at=now())])
    return tmp_path


def told(data: Path, *words: str) -> str:
    return CliRunner().invoke(app, ["--data", str(data), *words]).output


@pytest.mark.parametrize("called", CALLED)
def test_a_list_of_sources_names_the_program_as_it_was_called(
    data: Path, called: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSWATCH_COMMAND", called)
    shown = " ".join(told(data, "sources", "list").split())
    assert f"add it with: {called} --data {data} sources add" in shown


@pytest.mark.parametrize("called", CALLED)
def test_so_does_what_is_said_of_drift(
    called: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRESSWATCH_COMMAND", called)
    print_drift([Drift("it shows nothing", REMEDIES[Reason.SOFT_404])])
    assert f"add it with: {called} sources add" in capsys.readouterr().out


@pytest.mark.parametrize("called", CALLED)
def test_every_remedy_names_its_commands_as_they_are_typed(called: str) -> None:
    for remedy in REMEDIES.values():
        assert as_called(remedy, called).count(f"{called} sources") == remedy.count("presswatch sources")
        assert remedy.count("sources ") == remedy.count(": presswatch sources "), "a command has the program before it"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see it with: presswatch sources check", "see it with: ./run sources check"),
        ("with: presswatch a; and with: presswatch b", "with: ./run a; and with: ./run b"),
        ("presswatch does not connect there", "presswatch does not connect there"),
        ("a mistake of ours: presswatch", "a mistake of ours: presswatch"),
        ("stop every presswatch on it", "stop every presswatch on it"),
        ("", ""),
    ],
)
def test_what_is_no_command_stays(text: str, shown: str) -> None:
    assert as_called(text, "./run") == shown


def test_a_module_is_called_with_the_python_that_was_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "presswatch", "topics", "list", "--data", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PRESSWATCH_COMMAND"},
    )
    named = f"{shlex.quote(sys.executable)} -m presswatch --data {shlex.quote(str(tmp_path / 'none'))}"
    assert f"begin with: {named} subscribe" in done.stderr


@pytest.mark.parametrize("argument", ["/usr/bin/presswatch", "/srv/pytest/__main__.py", "", "-c"])
def test_whatever_else_starts_it_is_presswatch(argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESSWATCH_COMMAND", raising=False)
    monkeypatch.setattr(sys, "argv", [argument])
    assert command() == "presswatch"
