"""The clock is an hour or a day wrong, and right again: nothing is lost or said twice, and the next is in time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from notify.channels.rate_limits import Limit, allowed_at, arrived, taken
from notify.delivery.dispatch import Dispatch
from notify.rhythm import leaves_at
from scheduler import jobs
from storage.database import Database
from storage.people import rhythms
from storage.types import Rhythm, Source
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, publish
from tests.storage.examples import HOUR, MINUTE, NOW, subscribed

DAY = 24 * HOUR
STEP = 20 * MINUTE
DAYS = 6
HISTORIES = 2
"""Ten times as many with `--full`."""
JUMPS = (-DAY, -HOUR, HOUR, DAY)
RHYTHMS = {
    "at once": rhythms.parse("immediately"),
    "together": rhythms.parse("grouped 2h"),
    "at night": rhythms.parse("immediately", zone="Europe/Minsk", quiet="22:00-07:00"),
    "few": rhythms.parse("immediately", cap=2),
    "daily": rhythms.parse("daily 08:00", zone="Europe/Minsk"),
    "weekly": rhythms.parse("weekly monday 08:00", zone="Europe/Minsk"),
}


def address_of(name: str) -> str:
    """Where a subscription is told, by the name of its rhythm."""
    return f"json://desk.example/{name.replace(' ', '-')}"


@dataclass
class WrongClock:
    """What time it is, and what time the clock shows."""

    shown: Clock
    true: datetime = NOW
    offset: timedelta = timedelta()
    right_since: datetime | None = NOW
    wrong_since: datetime = NOW
    wrong: list[tuple[datetime, datetime]] = field(default_factory=list)
    """The stretches in which it was wrong."""

    def jump(self, offset: timedelta) -> None:
        """Be wrong by so much from now on, or right by nothing."""
        if self.right_since is None:
            self.wrong.append((self.wrong_since, self.true))
        self.offset, self.right_since = offset, None if offset else self.true
        self.wrong_since = self.true
        self.shown.at = self.true + self.offset

    def passes(self, step: timedelta) -> None:
        self.true += step
        self.shown.at = self.true + self.offset


class Office:
    """Whoever is told, in true time, and what is published."""

    def __init__(self, database: Database, source: Source, dispatch: Dispatch, clock: WrongClock, desk: Desk) -> None:
        self.database, self.source, self.dispatch, self.clock, self.desk = database, source, dispatch, clock, desk
        self.published: list[datetime] = []
        self.told: list[tuple[datetime, str, str]] = []

    async def step(self, count: int = 0) -> None:
        """A step of time; so many statements come in it."""
        numbers = range(len(self.published), len(self.published) + count)
        publish(self.database, self.source, *numbers, at=self.clock.shown())
        self.published += [self.clock.true] * count
        await jobs.put_times_right(self.database, self.clock.shown)
        await match_and_deliver(self.dispatch)
        new = self.desk.received[len(self.told) :]
        self.told += [(self.clock.true, address, message.text) for _, address, message in new]
        self.clock.passes(STEP)

    async def until(self, end: datetime) -> None:
        while self.clock.true < end:
            await self.step()

    def arrivals(self, name: str, number: int) -> list[datetime]:
        """When a subscription was told of a statement, each time."""
        address = address_of(name)
        return [at for at, to, text in self.told if to == address and f"/news/{number}\n" in text]


def histories(seed: int, days: int) -> Iterator[tuple[timedelta | None, int]]:
    """For each step of time: to what the clock jumps, if it does, and how many statements come."""
    chance = random.Random(seed)
    wrong_for = 0
    for _ in range(int(days * DAY / STEP)):
        jump: timedelta | None = None
        if wrong_for:
            wrong_for -= 1
            jump = None if wrong_for else timedelta()
        elif chance.random() < 0.02:
            jump, wrong_for = chance.choice(JUMPS), chance.choice((1, 3, 10, 40, 90))
        yield jump, chance.choices((0, 1, 2), (88, 10, 2))[0]


def fair(told: Rhythm, published: datetime, wrong: list[tuple[datetime, datetime]]) -> datetime:
    """When a statement is to have been told of at the latest: as if it came when the clock was right for good.

    The clock was right for good from a moment on if it still was at the time at which that moment's alert leaves.
    """
    start = published
    for began, ended in wrong:
        if ended > start and began <= leaves_at(told, start) + STEP:
            start = ended
    return leaves_at(told, start)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(HISTORIES * (10 if metafunc.config.getoption("--full") else 1)))


@pytest.mark.slow
async def test_a_clock_that_jumps_loses_nothing_doubles_nothing_and_delays_nothing_once_it_is_right(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk, seed: int
) -> None:
    for name, told in RHYTHMS.items():
        subscribed(database, channel=address_of(name), name=name, rhythm=told)
    watch = WrongClock(clock)
    office = Office(database, source, dispatch, watch, desk)
    for jump, count in histories(seed, DAYS):
        if jump is not None:
            watch.jump(jump)
        await office.step(count)
    watch.jump(timedelta())
    await office.until(watch.true + 8 * DAY)
    assert watch.wrong, "the clock was wrong"
    assert office.published, "statements came"
    for name, told in RHYTHMS.items():
        arrived_at = [office.arrivals(name, number) for number in range(len(office.published))]
        assert {len(each) for each in arrived_at} == {1}, f"each statement once: {name}"
        patience = 2 * STEP + (HOUR if told.cap else timedelta())
        fair_times = [fair(told, published, watch.wrong) + patience for published in office.published]
        late = [(name, number) for number, [at] in enumerate(arrived_at) if at > fair_times[number]]
        assert late == []


@pytest.mark.parametrize("limit", [Limit(1, 1.0), Limit(20, 60.0, burst=5), Limit(60, 300.0, burst=20)], ids=str)
@pytest.mark.parametrize("jump", [HOUR, DAY], ids=["an hour", "a day"])
def test_what_was_taken_out_of_a_bucket_in_the_future_is_back_within_its_length(limit: Limit, jump: timedelta) -> None:
    limits = {"chat": limit}
    full_at: dict[str, datetime] = {}
    for _ in range(limit.burst + 3):
        at = allowed_at(limits, full_at, NOW + jump)
        full_at = arrived(limits, taken(limits, full_at, at), at)
    assert NOW < allowed_at(limits, full_at, NOW) <= NOW + limit.interval, "as if the last had left now"
    assert taken(limits, full_at, NOW)["chat"] <= NOW + limit.interval * (limit.burst + 2)


async def test_a_channel_that_failed_in_the_future_is_tried_again(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    clock.at, desk.down = NOW + DAY, True
    publish(database, source, 1, at=clock.at)
    await match_and_deliver(dispatch)
    clock.at, desk.down = NOW, False
    await jobs.put_times_right(database, clock)
    await match_and_deliver(dispatch)
    assert len(desk.received) == 1


async def test_what_waits_as_it_should_is_left_alone(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    for name, told in RHYTHMS.items():
        subscribed(database, channel=address_of(name), name=name, rhythm=told)
    publish(database, source, *range(1, 4), at=clock.at)
    await match_and_deliver(dispatch)
    desk.down = True
    publish(database, source, *range(4, 6), at=clock.at)
    await match_and_deliver(dispatch)
    for hours in range(4):
        clock.at = NOW + hours * HOUR
        assert await jobs.put_times_right(database, clock) == 0
