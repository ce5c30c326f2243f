"""How presswatch does is counted from rows, and what was counted once is not counted again."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from notify.delivery.dispatch import Dispatch
from storage.database import Database
from storage.operator.vitals import UNREAD, Totals, Vitals, look
from storage.sources import polls
from storage.types import AlertState, Reason
from tests.storage.examples import HOUR, MINUTE, NOW, draft, matched, poll_result, polling, store, subscribed, watched


def steps_of_a_look(database: Database, before: Totals) -> int:
    """Steps of the database's machine, in tens."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    def counted(connection) -> Vitals:  # type: ignore[no-untyped-def]
        connection.connection.driver_connection.set_progress_handler(count, 10)
        seen = look(connection, before, NOW)
        connection.connection.driver_connection.set_progress_handler(None, 0)
        return seen

    database.read(counted)
    return steps[0]


async def test_what_is_counted_on_is_what_is_counted_at_once(database: Database) -> None:
    source, told = watched(database), subscribed(database)
    refusing = subscribed(database, "Others", "bridge", "json://127.0.0.1:9/", "nobody")
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO(), clock=lambda: NOW + HOUR)
    seen = database.read(look, Totals(), NOW)
    assert (seen.totals, seen.oldest_pending, seen.overdue, seen.last_poll) == (Totals(), None, timedelta(), None)
    for number in (1, 2, 3):
        stored = store(database, draft(source, number), draft(source, 1, body=f"Edited for the {number}. time."))
        matched(database, told, stored[0], now=NOW - MINUTE)
        matched(database, refusing, stored[0], now=NOW)
        seen = database.read(look, seen.totals, NOW)
        assert seen == database.read(look, Totals(), NOW)
        assert seen.oldest_pending is not None
        await dispatch.deliver_due()
        await dispatch.settled()
    seen = database.read(look, seen.totals, NOW)
    assert seen == database.read(look, Totals(), NOW)
    assert (seen.totals.statements, seen.totals.versions) == (3, 6)
    assert (seen.totals.taken, seen.totals.refused) == (3, 1)
    assert (seen.sent, seen.unsent[AlertState.PENDING] + seen.unsent[AlertState.FAILED]) == (3, 3)


def test_alerts_that_wait_for_their_hour_are_old_but_not_overdue(database: Database) -> None:
    told = subscribed(database)
    matched(database, told, *store(database, draft(watched(database))), now=NOW)
    early, late = database.read(look, Totals(), NOW - MINUTE), database.read(look, Totals(), NOW + HOUR)
    assert (early.overdue < timedelta(), late.overdue) == (True, HOUR)
    assert late.oldest_pending == HOUR


def test_sources_are_counted_by_their_health(database: Database) -> None:
    unread, read = watched(database), watched(database, "mfa-xz/news")
    database.write(polls.end_polls, [poll_result(polling(database, read), Reason.GONE, at=NOW - MINUTE)])
    assert unread.enabled
    seen = database.read(look, Totals(), NOW)
    assert (seen.sources, seen.last_poll) == ({UNREAD: 1, "gone": 1}, MINUTE)


@pytest.mark.sqlite
def test_a_look_costs_no_more_after_a_long_history_than_after_a_short_one(database: Database) -> None:
    source = watched(database)
    store(database, draft(source))
    few = database.read(look, Totals(), NOW).totals
    before = steps_of_a_look(database, few)
    store(database, *(draft(source, number) for number in range(2, 1_000)))
    many = database.read(look, few, NOW).totals
    assert many == replace(few, version_id=999, versions=999, statements=999)
    assert steps_of_a_look(database, many) <= before + 1
    assert steps_of_a_look(database, few) > before + 100, "what is new is counted"
