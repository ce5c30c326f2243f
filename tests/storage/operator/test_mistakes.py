"""What the operator is told of mistakes of our own."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from notify.messages.notices import compose
from storage.database import Database
from storage.events import Event, MistakeMade, event_line, heard, mistake
from storage.operator import mistakes, notices
from storage.operator.notices import DAY, GATHERING
from storage.people import channels
from storage.types import SOLE_OWNER
from tests.storage.examples import HOUR, MINUTE, NOW

LEASE = 10 * MINUTE


@pytest.fixture
def desk(database: Database) -> None:
    """An operator who can be told."""
    database.write(
        notices.set_operator, database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW), NOW
    )


def err(database: Database, where: str, error: Exception, after: timedelta = timedelta(0)) -> None:
    database.write(mistakes.record, [(mistake(where, error), NOW + after)])


def told(database: Database) -> list[str]:
    return [one.detail for one in reversed(database.read(notices.listing, SOLE_OWNER))]


def test_a_mistake_is_an_event_whose_traceback_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    try:
        [].pop()
    except IndexError as error:
        made = mistake("a test", error)
    assert event_line(made) == "mistake   a test: IndexError: pop from empty list"
    assert "test_mistakes.py" in caplog.text and "[].pop()" in caplog.text
    assert caplog.records[0].levelno == logging.ERROR


async def test_work_that_nobody_waits_for_is_heard() -> None:
    told: list[Event] = []

    async def slip() -> None:
        raise LookupError("no such row")

    await heard(slip(), "a task", told.append)
    assert told == [MistakeMade("a task", "LookupError: no such row")]


def test_each_kind_in_each_place_is_told_once_a_day(database: Database) -> None:
    for minutes in range(0, 100, 10):
        err(database, "a poll", LookupError(f"row {minutes}"), minutes * MINUTE)
    err(database, "a poll", TypeError("not a row"), HOUR)
    err(database, "a delivery", LookupError("row 5"), HOUR)
    assert told(database) == [
        "a poll: LookupError: row 0",
        "a poll: TypeError: not a row",
        "a delivery: LookupError: row 5",
    ]
    err(database, "a poll", LookupError("row 100"), DAY)
    assert told(database)[3:] == ["a poll: LookupError: row 100"]


def test_places_with_similar_names_are_told_apart(database: Database) -> None:
    err(database, "poll_1", LookupError("x"))
    err(database, "poll%", LookupError("x"))
    err(database, "pollA1", LookupError("x"))
    err(database, "poll", LookupError("x"))
    assert len(told(database)) == 4


def test_mistakes_reach_the_operator_together_with_what_to_do(database: Database, desk: None) -> None:
    err(database, "a poll", LookupError("<b>row</b>"))
    err(database, "a delivery", LookupError("row"), MINUTE)
    assert database.write(notices.claim, NOW + MINUTE, LEASE) == (), "others are waited for"
    claimed = database.write(notices.claim, NOW + GATHERING, LEASE)
    message = compose(claimed)
    assert message.subject == "presswatch: 2 notices, 2 began"
    assert "a mistake of presswatch's own" in message.text
    assert "a poll: LookupError: <b>row</b>" in message.text and "<b>row" not in message.html
    assert "Mend: report it" in message.text
    assert {one.where for one in claimed} == {"presswatch itself"}


def test_a_mistake_says_nothing_of_our_own_network(database: Database) -> None:
    from storage.operator import own_network

    err(database, "a poll", LookupError("row"))
    database.write(own_network.see_whether_the_network_is_back, NOW + HOUR)
    assert told(database) == ["a poll: LookupError: row"]
    assert database.read(own_network._network_notice) is None
