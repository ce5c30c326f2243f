"""How a poll ends: what is written and told of what it came to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.jobs.poll_end import PollOutcome, after_mistake, events_of, result_of
from crawler.queue import FULL_FETCH, Steady
from storage.events import Event, FaultBegan, FaultEnded, PollEnded
from storage.sources.habits import ListingSample
from storage.sources.polls import Poll, PollResult
from storage.types import FORGOTTEN, Habits, Reason, Source, Validators
from tests.storage.examples import NOW, spec

KNOWN, SHOWN = Validators('"known"', body_hash="00"), Validators('"shown"', body_hash="ff")
SECOND = timedelta(seconds=1)

SOURCE = Source(1, spec(), "user", True, False, validators=KNOWN, baseline_at=NOW, full_fetch_at=NOW)


def ended(outcome: PollOutcome, source: Source = SOURCE) -> PollResult:
    return result_of(Poll(1, source, NOW), outcome, Steady(), NOW + SECOND)


def told(source: Source, reason: Reason) -> list[Event]:
    return list(events_of(PollResult(Poll(1, source, NOW), NOW + SECOND, reason, NOW)))


def test_what_a_readable_poll_saw_is_what_the_next_one_compares_with() -> None:
    result = ended(PollOutcome(Reason.OK, SHOWN, entries=3, new_items=1, sample=ListingSample(3, 1)))
    assert (result.reason, result.validators, result.entries, result.new_items) == (Reason.OK, SHOWN, 3, 1)
    assert result.habits is not None


def test_a_listing_that_has_drifted_is_read_whole_the_next_time() -> None:
    source = replace(SOURCE, habits=Habits(NOW, entries=(20, 20, 20), last_new_at=NOW))
    result = ended(PollOutcome(Reason.OK, SHOWN, entries=1, sample=ListingSample(1, 0)), source)
    assert (result.reason, result.validators) == (Reason.DRIFTED, FORGOTTEN)


@pytest.mark.parametrize("reason", [Reason.OK, Reason.BLOCKED], ids=str)
def test_only_a_poll_that_could_be_read_is_a_baseline_and_a_full_fetch(reason: Reason) -> None:
    source = replace(SOURCE, baseline_at=None, full_fetch_at=NOW - FULL_FETCH)
    result = ended(PollOutcome(reason, SHOWN), source)
    expected = (NOW + SECOND, NOW) if reason is Reason.OK else (None, None)
    assert (result.baseline_at, result.full_fetch_at) == expected


def test_a_host_that_asks_for_time_gets_it() -> None:
    wait = timedelta(seconds=SOURCE.spec.interval + 100)
    result = ended(PollOutcome(Reason.THROTTLED, KNOWN, retry_after=wait.total_seconds()))
    assert result.next_poll_at == NOW + SECOND + wait


def test_a_mistake_of_ours_leaves_what_was_known_and_the_next_interval() -> None:
    result = after_mistake(Poll(1, SOURCE, NOW), LookupError("nobody thought of it"), NOW + SECOND)
    assert (result.reason, result.detail) == (Reason.UNREADABLE, "LookupError: nobody thought of it")
    assert (result.validators, result.habits, result.baseline_at) == (KNOWN, None, None)
    assert result.next_poll_at == NOW + SECOND + timedelta(seconds=SOURCE.spec.interval)


def test_a_fault_is_told_when_it_begins_when_it_changes_and_when_it_ends() -> None:
    for before, reason, kinds in (
        (Reason.OK, Reason.UNCHANGED, [PollEnded]),
        (Reason.OK, Reason.BLOCKED, [PollEnded, FaultBegan]),
        (Reason.BLOCKED, Reason.BLOCKED, [PollEnded]),
        (Reason.BLOCKED, Reason.TIMEOUT, [PollEnded, FaultBegan]),
        (Reason.TIMEOUT, Reason.UNCHANGED, [PollEnded, FaultEnded]),
    ):
        assert [type(event) for event in told(replace(SOURCE, reason=before), reason)] == kinds


@pytest.mark.parametrize("before", list(Reason))
def test_a_poll_says_that_a_fault_begins_where_the_next_event_says_so(before: Reason) -> None:
    for after in Reason:
        poll, *others = told(replace(SOURCE, reason=before), after)
        assert isinstance(poll, PollEnded)
        assert poll.begins_fault == any(isinstance(event, FaultBegan) for event in others), after
