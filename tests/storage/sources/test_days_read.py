"""On which days a source was read: what is said of it there, and what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.sources import days_read as room
from storage.sources import polls
from storage.sources.days_read import days_read
from storage.types import Reason, Source
from tests.storage.examples import MINUTE, NOW, poll_result, polling, watched

DAYS = 6
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
BEGINS = [MIDNIGHT + timedelta(days=day) for day in range(DAYS + 1)]


def _asked(database: Database, source: Source, day: int, minutes: int, reason: Reason) -> None:
    at = BEGINS[day] + minutes * MINUTE
    poll = polling(database, source, now=at)
    database.write(polls.end_polls, [poll_result(poll, reason, at=at)])


@pytest.mark.parametrize("marks", [1, 3, 500])
def test_a_day_is_read_on_which_one_poll_at_least_could_read(
    database: Database, monkeypatch: pytest.MonkeyPatch, marks: int
) -> None:
    monkeypatch.setattr(room, "_MARKS", marks)
    first, second, third = (watched(database, f"mfa-{each}/news") for each in ("aa", "bb", "cc"))
    for day in range(DAYS):
        for hour in range(0, 24, 6):
            if day != 3:  # presswatch did not run
                reason = Reason.LOGIN if day == 1 or hour else Reason.UNCHANGED
                _asked(database, first, day, 60 * hour, reason)
        if day == 5:
            _asked(database, second, day, 24 * 60 - 1, Reason.SILENT)
    assert database.read(days_read, [first.id, second.id, third.id], BEGINS) == {
        first.id: (True, False, True, False, True, True),
        second.id: (False, False, False, False, False, True),
        third.id: (False,) * DAYS,
    }


def test_where_nothing_was_asked_nothing_was_read(database: Database) -> None:
    source = watched(database)
    assert database.read(days_read, [source.id], BEGINS) == {source.id: (False,) * DAYS}
    assert database.read(days_read, [], BEGINS) == {}
