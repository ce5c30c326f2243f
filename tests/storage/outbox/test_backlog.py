"""What is done for one alert costs the same, however many wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage.database import Database
from storage.outbox import matches
from storage.outbox.matches import FoundMatch
from storage.people import rhythms
from tests.steps import steps_of
from tests.storage.examples import HOUR, NOW, draft, store, subscribed, watched

FEW, MANY = 20, 400


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_new_alert_costs_as_much_however_many_wait_for_the_next_digest(database: Database) -> None:
    source, daily = watched(database), subscribed(database, rhythm=rhythms.parse("daily 08:00"))

    def alert(number: int, do: Callable[[Callable[[], object]], object] = lambda make: make()) -> object:
        """Make the alert of a statement, each at a time of its own, by what does it."""
        at = NOW + timedelta(seconds=number)
        [stored] = store(database, draft(source, number), now=at)
        found = [FoundMatch(stored.version_id, daily.topic_id, ())]
        digest = NOW + 20 * HOUR
        return do(
            lambda: database.write(
                matches.record_matches, [stored.version_id], found, at, lambda rhythm, timing: digest
            )
        )

    def steps_after(first: int, last: int) -> int:
        for number in range(first, last):
            alert(number)
        return int(str(alert(last, steps_of)))

    few = steps_after(0, FEW)
    assert steps_after(FEW + 1, MANY) < 1.3 * few
