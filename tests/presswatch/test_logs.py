"""What a process that stays says: lines for people, lines with levels for a journal, JSON for programs."""

from __future__ import annotations

import io
import json
import logging
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from notify.channels.console import ConsoleSender
from notify.messages.content import MessageContent, NoticeContent
from notify.messages.message import Message
from presswatch.logs import NAMES, Level, Log, Records, level_of
from storage import events
from storage.events import (
    AlertsFailed,
    AlertsSent,
    Event,
    FaultBegan,
    FaultEnded,
    MissesRepaired,
    MistakeMade,
    NoticesSent,
    PollEnded,
    StatementStored,
    StatementWithdrawn,
)
from storage.types import REMEDIES, Decision, Published, Reason, Stored

AT = datetime(2026, 11, 28, 13, 5, tzinfo=UTC)
STORED = Stored(Decision.NEW, 7, 9, 1, "The bridge is open", "https://mfa.example/7")

EXAMPLES: tuple[tuple[Event, Level], ...] = (
    (PollEnded("mfa-xy/news", Reason.OK, "", 0.8, 20, 1), Level.INFO),
    (PollEnded("mfa-xy/news", Reason.SERVER_ERROR, "answered 503", 0.8), Level.WARNING),
    (StatementStored("mfa-xy/news", STORED, Published(date(2026, 11, 28)), False), Level.INFO),
    (StatementStored("mfa-xy/news", STORED, Published(), True), Level.INFO),
    (StatementWithdrawn("mfa-xy/news", 7, "The bridge is open", "https://mfa.example/7"), Level.INFO),
    (FaultBegan("mfa-xy/news", "server-error", "answered 503", "wait"), Level.WARNING),
    (FaultBegan("storage", Reason.STORAGE, "the disk is full", "free some space"), Level.ERROR),
    (FaultEnded("mfa-xy/news", "server-error"), Level.INFO),
    (AlertsSent("desk", ("The bridge is open",), ("Bridges",)), Level.INFO),
    (AlertsFailed("desk", 2, "answered 503", AT), Level.WARNING),
    (AlertsFailed("desk", 2, "answered 404", None), Level.ERROR),
    (NoticesSent("desk", ("mfa-xy/news",)), Level.INFO),
    (MissesRepaired(10, 2, 1), Level.WARNING),
    (MistakeMade("match and deliver", "LookupError: the clock has stopped"), Level.ERROR),
)

every_event = pytest.mark.parametrize(("event", "level"), EXAMPLES, ids=lambda value: type(value).__name__)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def logged(*happened: Event, as_json: bool = False, stream: io.StringIO | None = None) -> list[str]:
    stream = stream or io.StringIO()
    log = Log(stream, as_json=as_json)
    for event in happened:
        log(event)
    return stream.getvalue().splitlines()


def documented() -> dict[str, set[str]]:
    """What docs/server.md says of the fields of each event."""
    page = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")
    rows = page.partition("| `event` | its fields |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[set(re.findall(r"`(\w+)`", cell)) for cell in row.split("|")[1:3]] for row in rows]
    return {name: values for [name], values in cells}


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event, _ in EXAMPLES} == set(get_args(events.Event)) == set(NAMES)


@every_event
def test_an_event_has_the_level_of_what_it_asks_for(event: Event, level: Level) -> None:
    assert level_of(event) is level


@every_event
def test_where_there_is_no_terminal_a_line_has_date_level_and_word(event: Event, level: Level) -> None:
    [line] = logged(event)
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ {level:<7} \w+ .+", line)


@every_event
def test_on_a_terminal_a_line_has_the_time_of_day(event: Event, level: Level) -> None:
    [line] = logged(event, stream=Terminal())
    assert re.fullmatch(r"\d\d:\d\d:\d\d \w+ .+", line)


@every_event
def test_as_json_a_line_is_an_object_with_the_fields_that_are_documented(event: Event, level: Level) -> None:
    [line] = logged(event, as_json=True)
    shown = json.loads(line)
    assert datetime.fromisoformat(shown.pop("at")).tzinfo is not None
    assert shown.pop("level") == level
    assert shown.pop("text") == events.event_line(event)
    name = shown.pop("event")
    assert set(shown) == documented()[name]
    wanted = {field.name: getattr(event, field.name) for field in fields(event)}
    same = {name for name in wanted if json.loads(json.dumps(wanted[name], default=lambda _: None)) == shown.get(name)}
    assert same >= set(wanted) - {"stored", "published", "retry_at"}


def test_the_documentation_names_every_event_and_no_other() -> None:
    assert set(documented()) == set(NAMES.values()) | {"console", "said", "log"}


def test_what_is_not_known_is_null() -> None:
    [shown] = map(json.loads, logged(EXAMPLES[3][0], as_json=True))
    assert shown["published"] is None
    [shown] = map(json.loads, logged(AlertsFailed("desk", 2, "answered 404", None), as_json=True))
    assert shown["retry_at"] is None


@pytest.mark.parametrize(
    "title",
    [
        "two\nlines",
        "a\rcarriage",
        "bell\a",
        "red \x1b[31m",
        "clear\x1b[2J",
        "a\u2028line",
        "next\x85line",
        "\u202eright to left",
        "embedded \u202bright to left",
        "isolated \u2067right to left",
        "delete\x7f\x7f",
        "a title\x1b]0;of a window\x07",
        "eight bits \x9b31m",
        "a link\x1b]8;;https://evil.example\x1b\\",
        "half \ud83d",
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_site_cannot_make_lines_or_move_a_terminal(title: str, as_json: bool, stream: type[io.StringIO]) -> None:
    fault = FaultBegan("mfa-xy/news", "unreadable", title)
    [line] = logged(fault, as_json=as_json, stream=stream())
    assert line.isprintable()
    if as_json:
        assert json.loads(line)["detail"] == title


@every_event
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_no_word_of_any_event_is_obeyed(event: Event, level: Level, stream: type[io.StringIO]) -> None:
    [line] = logged(hostile(event), stream=stream())
    assert line.isprintable()
    assert ("owned" in line) == (type(event) is not MissesRepaired), "what is said is still read; that one has no texts"


def hostile(thing: Any) -> Any:
    """The same event with words that a terminal would obey in all its texts."""
    words = "\x1b]0;owned\x07\x1b[2J\r\n\x9b31m\u202e"
    changed: dict[str, Any] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if type(value) is str:
            changed[field.name] = value + words
        elif isinstance(value, tuple):
            changed[field.name] = tuple(one + words for one in value)
        elif isinstance(value, Stored):
            changed[field.name] = hostile(value)
    return replace(thing, **changed)


def test_letters_that_are_merely_unseen_stay_in_a_line() -> None:
    title = "می\u200cخواهد \u200fو\u200e 👨\u200d👩"
    [line] = logged(FaultBegan("mfa-ir/news", "unreadable", title))
    assert title in line


def test_polls_that_found_nothing_new_may_be_left_out() -> None:
    stream = io.StringIO()
    log = Log(stream, quiet_polls=True)
    log(PollEnded("mfa-xy/news", Reason.UNCHANGED, "", 0.1))
    assert stream.getvalue() == ""
    log(PollEnded("mfa-xy/news", Reason.OK, "", 0.1, 20, 1))
    assert "mfa-xy/news" in stream.getvalue()


def test_a_fault_that_begins_is_one_line_and_its_poll_another_object_for_programs() -> None:
    poll = PollEnded("mfa-xy/news", Reason.TIMEOUT, "no complete answer in time", 35.0, begins_fault=True)
    fault = FaultBegan("mfa-xy/news", Reason.TIMEOUT, "no complete answer in time", "it is asked again")
    for stream in (io.StringIO(), Terminal()):
        log = Log(stream)
        for event in (poll, fault):
            log(event)
        [line] = stream.getvalue().splitlines()
        assert line.endswith("fault     mfa-xy/news: timeout: no complete answer in time - it is asked again")
    assert [json.loads(line)["event"] for each in (poll, fault) for line in logged(each, as_json=True)] == [
        "poll",
        "fault",
    ]


@pytest.mark.parametrize("called", ["./run", "presswatch", "python -m presswatch"])
def test_the_mend_of_a_fault_names_the_program_as_it_was_called(called: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_COMMAND", called)
    for reason, mend in REMEDIES.items():
        fault = FaultBegan("mfa-xy/news", reason, "whatever: presswatch said", mend)
        [line] = logged(fault)
        assert line.count(f"with: {called} sources ") == mend.count("with: presswatch sources "), reason
        assert "whatever: presswatch said - " in line, "what a site says stays as it is"
        [shown] = map(json.loads, logged(fault, as_json=True))
        assert shown["mend"] == mend.replace("presswatch sources", f"{called} sources")
    assert sum("with: presswatch sources " in mend for mend in REMEDIES.values()) >= 8


def test_alerts_of_the_console_are_lines_of_the_log_when_that_is_json() -> None:
    stream = io.StringIO()
    log = Log(stream, as_json=True)
    ConsoleSender(log.console).send(message("The bridge is open", "First line.", "Second line."), "console")
    log(EXAMPLES[0][0])
    alert, poll = map(json.loads, stream.getvalue().splitlines())
    assert alert["event"] == "console"
    assert "The bridge is open\n\nFirst line.\nSecond line." in alert["text"]
    assert poll["event"] == "poll"


def message(subject: str, headline: str, *lines: str) -> Message:
    said = MessageContent(subject, subject, "", "", notices=(NoticeContent(headline, lines),))
    return Message(said, key="")


@pytest.mark.parametrize("as_json", [False, True])
def test_what_libraries_log_and_the_traceback_of_a_mistake_have_date_and_level_too(as_json: bool) -> None:
    stream = io.StringIO()
    logger = logging.Logger("some.library")
    logger.addHandler(Records(Log(stream, as_json=as_json)))
    logger.info("left out")
    logger.warning("the %s is low", "tide")
    try:
        raise LookupError("the clock has stopped")
    except LookupError:
        logger.exception("a mistake in %s", "match and deliver")
    lines = stream.getvalue().splitlines()
    if as_json:
        warning, error = map(json.loads, lines)
        assert (warning["level"], warning["logger"]) == ("warning", "some.library")
        assert error["level"] == "error" and "Traceback" in error["text"] and "LookupError" in error["text"]
    else:
        assert re.fullmatch(r"\S+Z warning log       some.library: the tide is low", lines[0])
        assert len(lines) > 4 and all(re.match(r"\S+Z error   log       some.library: ", line) for line in lines[1:])
        assert "LookupError: the clock has stopped" in lines[-1]
