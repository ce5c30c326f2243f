"""What a terminal would obey is shown, wherever the command line prints."""

from __future__ import annotations

import ast
import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch import output
from presswatch.commands.history import print_found, print_topic
from presswatch.visible import on_one_line, visible, visible_json
from storage.errors import InvalidInputError, MistakesError
from storage.search.search import SearchHit
from storage.types import Hit
from tests.notify.examples import alert

PRESSWATCH = Path(__file__).parents[2] / "presswatch"
OBEYED = "\x1b]0;owned\x07 \x1b[31m\x1b[2J \x9b2J \x7f \r \u2028 \u202e \u2066 \b\v\f\x00"
UNSEEN = "می\u200cخواهد \u200fو\u200e 👨\u200d👩 soft\u00adhyphen no\u00a0break"
MAY_STAND = {"\n", *UNSEEN}


def obeyed(text: str) -> set[str]:
    """The characters that a terminal does not simply show."""
    return {char for char in text if not char.isprintable()} - MAY_STAND


@given(st.text(st.characters(), max_size=60))
def test_nothing_is_obeyed_and_nothing_is_lost(text: str) -> None:
    shown, line = visible(text), on_one_line(text)
    for char in shown + line:
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") or char == "\n"
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    assert "\n" not in line and len(line) == len(text)
    assert visible(shown) == shown
    escaped = visible_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(escaped) == text
    assert obeyed(visible(escaped)) == obeyed(escaped)


def test_what_is_shown_tells_what_it_was() -> None:
    assert visible("a\x1b[31m\u202e\tb\r\nc") == "a\\x1b[31m\\u202e    b\\r\nc"
    assert visible(UNSEEN) == on_one_line(UNSEEN) == UNSEEN


def _found(words: str) -> SearchHit:
    hits = (Hit("bridge", "bridge", "body", 2, 8),)
    return SearchHit(alert(title=f"The bridge {words}", body=f"A bridge was opened. {words}", hits=hits).item, hits)


SAID: dict[str, Callable[[str], object]] = {
    "a line": output.say,
    "a note": output.note,
    "an error and its mend": lambda words: output.fail(InvalidInputError(words, mend=words)),
    "several mistakes": lambda words: output.fail(MistakesError(words, _mistakes(words))),
    "a table": lambda words: output.table(("title", "address"), [(words, words)], empty=""),
    "a table that does not fit": lambda words: output.table(["x"] * 30, [(words,) * 30], empty=""),
    "no table": lambda words: output.table(("title",), [], empty=words),
    "fields": lambda words: output.fields({"title": words}),
    "JSON": lambda words: output.as_json([{"title": words, words: 1}]),
    "what was found": lambda words: print_found([_found(words)]),
    "a topic's name": lambda words: print_topic(words, "search"),
    "progress": lambda words: _progress(words),
    "what is looked at": lambda words: _looking(words),
}


def _mistakes(words: str) -> tuple[InvalidInputError, ...]:
    return (InvalidInputError(words, mend=words),) * 2


def _progress(words: str) -> None:
    with output.progress(1, "reading") as done:
        done(words)


def _looking(words: str) -> None:
    with output.looking() as look:
        look(words)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_no_words_are_obeyed_whatever_prints_them(
    said: Callable[[str], object], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SECONDS_BETWEEN_LINES", 0.0)
    for words in (OBEYED, UNSEEN, "[red]not a colour[/red] [/]"):
        with suppress(SystemExit):  # of errors
            said(words)
        printed = "".join(capsys.readouterr())
        assert obeyed(printed) == set()
        assert "owned" in printed if words is OBEYED else words in printed.replace("\n", "")


def test_the_commands_print_through_one_room() -> None:
    prints = {
        f"{file.relative_to(PRESSWATCH)}"
        for file in (*PRESSWATCH.glob("*.py"), *(PRESSWATCH / "commands").glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print" and node.args
    }
    assert prints == {"cli.py", "logs.py", "output.py"}, "cli: its help and its version"
