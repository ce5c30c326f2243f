"""Thousands of sources that are due in one second: the scheduler's loop on the real store, on a fake clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine

from crawler.jobs.poll_end import PollOutcome, result_of
from crawler.jobs.runs import POLLS_OF_A_HOST
from crawler.queue import Steady
from crawler.run import Crawl
from scheduler.jobs import POLLS_AT_ONCE, poll_due
from scheduler.timetable import TICK
from storage.clock import now
from storage.database import Database
from storage.sources import polls
from storage.sources.polls import Poll, host_of
from storage.types import FORGOTTEN, Reason
from tests.hostile.crawl import watch

START = datetime(2026, 11, 28, 6, tzinfo=UTC)
SOME, ALL = 1_000, 10_000
OF_A_HOST = 3
LONGEST = 20
"""Ticks that a poll takes at most."""


@pytest.mark.slow
@pytest.mark.parametrize("quick", [True, False], ids=["answers within a tick", "hosts that hang"])
async def test_of_sources_that_are_due_in_one_second_none_is_passed_over_and_none_polled_twice(
    database: Database, pytestconfig: pytest.Config, quick: bool
) -> None:
    many = ALL if pytestconfig.getoption("--full") else SOME
    random = Random(many)
    claimed: Counter[str] = Counter()
    under_way: dict[Poll, int] = {}
    most_of_a_host, ticks = 0, 0
    crawl = Crawl(database)
    jobs = crawl.jobs()
    with time_machine.travel(START, tick=False) as clock:
        watch(database, {f"m/{n}": f"http://host{n // OF_A_HOST}.example/{n}" for n in range(many)})
        while sum(claimed.values()) < many or under_way:
            for _ in range(await poll_due(crawl)):
                poll = await anext(jobs)
                assert isinstance(poll, Poll)
                claimed[poll.source.key] += 1
                under_way[poll] = ticks + (1 if quick else random.randint(1, LONGEST))
            assert len(under_way) <= POLLS_AT_ONCE
            hosts = Counter(host_of(poll.source.spec.address) for poll in under_way)
            most_of_a_host = max(most_of_a_host, *hosts.values())
            clock.shift(timedelta(seconds=TICK))
            ticks += 1
            over = [poll for poll, end in under_way.items() if end <= ticks]
            results = [result_of(poll, PollOutcome(Reason.OK, FORGOTTEN), Steady(), now()) for poll in over]
            await database.write_async(polls.end_polls, results)
            for poll in over:
                crawl.done(poll)
                del under_way[poll]
            assert ticks <= (1 if quick else LONGEST) * (many // POLLS_AT_ONCE + 2), "a place is never left empty"
    assert claimed == Counter({f"m/{n}": 1 for n in range(many)})
    assert most_of_a_host <= POLLS_OF_A_HOST
