"""What is seen of a thousand sources' health, and what is told of it."""

from __future__ import annotations

from collections import Counter
from statistics import median

import pytest

from storage.sources.health import silent_after
from storage.types import Reason
from tests.storage.sources.histories import DAY, FAULTS, History, begin, frozen, live

HISTORIES = 1_000

pytestmark = [
    pytest.mark.xdist_group("health"),  # what they look at is made once
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def year_of_health() -> list[History]:
    histories = [begin(seed) for seed in range(HISTORIES)]
    for history in histories:
        live(history)
    return histories


def test_of_a_thousand_years_of_health_at_most_ten_raise_a_false_alarm(year_of_health: list[History]) -> None:
    alarms = Counter(
        reason for history in year_of_health for reason in {reason for _, began, reason in history.told if began}
    )
    alarmed = sum(bool(history.told) for history in year_of_health)
    assert alarmed <= HISTORIES // 100, alarms


def test_ninety_nine_of_a_hundred_silent_failures_are_told_within_three_polls(year_of_health: list[History]) -> None:
    missed: Counter[str] = Counter()
    for number, history in enumerate(year_of_health):
        fault, healthy = FAULTS[number % len(FAULTS)], History(history.section, history.source, history.last_poll_at)
        for _ in range(3):
            healthy.section.now += DAY
            fault(healthy)
        missed[fault.__name__] += not any(began for _, began, _ in healthy.told)
    assert missed.total() <= HISTORIES // 100, missed


def test_a_frozen_listing_is_told_as_silence_when_its_own_patience_is_over(year_of_health: list[History]) -> None:
    """By nature nobody can tell it from a quiet ministry sooner; at most days of rest make it later."""
    waits = []
    for history in year_of_health[::5]:
        healthy = History(history.section, history.source, history.last_poll_at)
        assert healthy.source.habits is not None
        began, patience = healthy.source.habits.last_new_at or healthy.section.now, silent_after(healthy.source.habits)
        for _ in range(1_000):
            if healthy.told:
                break
            healthy.section.now += DAY
            frozen(healthy)
        [(at, _, reason)] = healthy.told[:1]
        assert reason is Reason.SILENT
        assert at - began <= 4 * (patience + 3 * DAY), "a day of rest counts a quarter"
        waits.append((at - began) / DAY)
    assert median(waits) < 60
