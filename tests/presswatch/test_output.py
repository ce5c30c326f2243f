"""How the command line speaks: every letter somehow, every table within the screen, every command as it is called."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from presswatch.logs import Level, Log
from presswatch.output import as_it_can_be_shown, claimed, command, moment, named, table, typed
from storage.types import Published

AT = datetime(2026, 11, 28, 0, 46, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "koi8-r", "latin-1", "cp437", "utf-8"])
@pytest.mark.parametrize("text", ["外交部发言人", "Заява МЗС", "العقوبات", "Côte d’Ivoire", "a lone \ud83d", "🇧🇾"])
def test_what_a_terminal_has_no_letters_for_is_escaped(encoding: str, text: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    as_it_can_be_shown(stream)
    print(text, file=stream, flush=True)
    shown = raw.getvalue().decode(encoding).rstrip("\n")
    assert shown.encode(encoding, "backslashreplace").decode("unicode_escape", "ignore") or shown == text
    assert "?" not in shown


def test_a_time_is_written_one_way_with_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    assert moment(AT) == "28 Nov 2026, 00:46 UTC"
    assert claimed(Published(day=date(2024, 11, 8))) == "8 Nov 2024"
    assert claimed(Published()) == moment(None) == ""
    monkeypatch.setenv("TZ", "Europe/Minsk")
    time.tzset()
    assert moment(AT) == "28 Nov 2026, 03:46 +03"
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_table_stands_within_the_screen_and_cuts_no_word(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("presswatch.output.PIPE_WIDTH", width)
    columns = [f"column-{number}" for number in range(10)]
    cells = [f"cell-number-{number}-of-ten" for number in range(10)]
    table(columns, [cells, cells], empty="")
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= max(width, 35)
    assert all(out.count(cell) == 2 for cell in cells)


def test_a_hint_names_the_folder_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_COMMAND", "./run")
    named(Path("/srv/the desk"))
    assert command() == "./run --data '/srv/the desk'"
    assert command(Path("/tmp/demo")) == "./run --data /tmp/demo"
    named(None)
    assert command() == "./run"


def test_a_screen_that_is_gone_is_no_fault_of_what_is_told() -> None:
    reading, writing = os.pipe()
    stream = os.fdopen(writing, "w")
    os.close(reading)
    Log(stream).write(Level.INFO, "what happens", "said")
    with suppress(BrokenPipeError):
        stream.close()


@pytest.mark.parametrize("width", [200, 40, 10], ids=["lines", "folded", "blocks"])
def test_control_characters_of_a_table_are_shown_not_obeyed(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("presswatch.output.PIPE_WIDTH", width)
    table(("title",), [("\x1b]0;owned\x07 red " + "and more " * 5 + "\x1b[31m",)], empty="")
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\\x1b[31m" in out


def test_a_row_that_fits_stands_under_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    """Counted in the cells of a terminal: a Chinese letter takes two."""
    table(("source", "said"), [("外交部", "new"), ("mfa", "an edit")], empty="")
    assert capsys.readouterr().out.splitlines() == ["source  said", "外交部  new", "mfa     an edit"]


@pytest.mark.parametrize(
    ("called", "mend", "told"),
    [
        ("./run", "see all of them with: presswatch topics list", "see all of them with: ./run topics list"),
        ("", "see all of them with: presswatch topics list", "see all of them with: presswatch topics list"),
        ("./run", "free some space; presswatch goes on by itself", "free some space; presswatch goes on by itself"),
    ],
)
def test_a_mend_names_commands_as_the_program_is_called(
    called: str, mend: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(None)
    monkeypatch.setenv("PRESSWATCH_COMMAND", called)
    assert typed(mend) == told
