"""A poll ended while the clock was ahead: its source is due as soon as the clock is right, and no other is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.leases import SOURCE_LEASE
from storage.sources.polls import end_polls, put_times_right
from tests.storage.examples import HOUR, MINUTE, NOW, poll_result, polling, watched
from tests.storage.sources.claiming import claim


@pytest.mark.parametrize("ahead", [2 * MINUTE, HOUR, 24 * HOUR], ids=str)
def test_a_source_whose_last_poll_ended_in_the_future_is_due(database: Database, ahead: timedelta) -> None:
    wrong, right = watched(database, "mfa-xy/wrong"), watched(database, "mfa-xy/right")
    poll = polling(database, right)
    database.write(end_polls, [poll_result(poll, at=NOW)])
    poll = polling(database, wrong, now=NOW + ahead)
    database.write(end_polls, [poll_result(poll, at=NOW + ahead)])
    assert claim(database, "host/1/a") == []
    assert database.write(put_times_right, NOW) == 1
    assert claim(database, "host/1/a") == ["mfa-xy/wrong"]


def test_clocks_of_nodes_that_are_a_little_apart_are_no_jump(database: Database) -> None:
    poll = polling(database, watched(database))
    database.write(end_polls, [poll_result(poll, at=NOW + MINUTE)])
    assert database.write(put_times_right, NOW) == 0


def test_a_claim_of_the_future_ends_in_time(database: Database) -> None:
    polling(database, watched(database), now=NOW + 24 * HOUR)
    database.write(put_times_right, NOW)
    assert claim(database, "host/2/b", now=NOW + SOURCE_LEASE) == []
    assert claim(database, "host/2/b", now=NOW + SOURCE_LEASE + MINUTE) == ["mfa-xy/news"]
