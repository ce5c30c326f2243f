"""How a poll ends: what it came to, judged, as what is written of it and what is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.fetching.failures import REMEDIES
from crawler.queue import Plan, Steady, wants_whole
from storage.events import Event, FaultBegan, FaultEnded, PollEnded
from storage.sources import health
from storage.sources.habits import ListingSample, learn
from storage.sources.polls import Poll, PollResult, healthy_reason
from storage.types import FORGOTTEN, Habits, Reason, Validators


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll has come to."""

    reason: Reason
    validators: Validators
    """What the next poll compares with."""
    detail: str = ""
    entries: int = 0
    new_items: int = 0
    sample: ListingSample | None = None
    """What its listing teaches of the source's habits."""
    retry_after: float | None = None
    """Seconds that the host asked for."""
    goes_on: bool = False
    """Whether only its time was over before all was read: the next poll comes as soon as it is its turn."""


def result_of(poll: Poll, outcome: PollOutcome, plan: Plan, at: datetime) -> PollResult:
    """What is written of a poll that came to this at that time."""
    judged = health.judge(poll.source, outcome.reason, outcome.sample, at, outcome.detail)
    learned = _learned(poll, outcome.sample, judged, at)
    source = replace(poll.source, habits=learned) if learned else poll.source
    next_poll_at = plan.next_poll(source, judged.reason, at, outcome.retry_after)
    is_whole = judged.reason.readable and wants_whole(source, poll.started_at)
    return PollResult(
        poll=poll,
        ended_at=at,
        reason=judged.reason,
        next_poll_at=at if outcome.goes_on and not outcome.retry_after else next_poll_at,
        detail=judged.detail,
        entries=outcome.entries,
        new_items=outcome.new_items,
        # An unchanged answer would hide that the listing still is odd.
        validators=FORGOTTEN if judged.reason is Reason.DRIFTED else outcome.validators,
        full_fetch_at=poll.started_at if is_whole else None,
        baseline_at=at if outcome.reason.readable and judged.reason.readable else None,
        habits=learned,
    )


def after_mistake(poll: Poll, error: Exception, at: datetime) -> PollResult:
    """What is written of a poll that a mistake of ours broke off: without judgement or plan, which may be mistaken."""
    return PollResult(
        poll=poll,
        ended_at=at,
        reason=Reason.UNREADABLE,
        next_poll_at=Steady().next_poll(poll.source, Reason.UNREADABLE, at),
        detail=f"{type(error).__name__}: {error}",
        validators=poll.source.validators,
    )


def events_of(result: PollResult) -> Iterator[Event]:
    """What is told of a poll that has ended so."""
    source, reason, detail = result.poll.source, result.reason, result.detail
    seconds = (result.ended_at - result.poll.started_at).total_seconds()
    before, after = source.reason, healthy_reason(reason)
    begins = not after.healthy and before != after
    yield PollEnded(source.key, reason, detail, seconds, result.entries, result.new_items, begins_fault=begins)
    if begins:
        yield FaultBegan(source.key, after, detail, REMEDIES.get(after, ""))
    elif after.healthy and not before.healthy:
        yield FaultEnded(source.key, before)


def _learned(poll: Poll, sample: ListingSample | None, judged: health.HealthJudgement, at: datetime) -> Habits | None:
    """What the poll teaches of its source's habits, if it could be read."""
    if sample is None or not judged.reason.readable:
        return None
    source = poll.source
    return learn(source.habits, sample, source.spec.zone, at, source.last_poll_at, looks=judged.looks, anew=judged.anew)
