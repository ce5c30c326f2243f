"""A year of a ministry's publishing, and the polls that find it, on a clock of numbers: nothing sleeps."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from scheduler.plan import next_poll
from scheduler.poll_frequency import OFFICE_DAYS, OFFICE_HOURS
from storage.sources.habits import ListingSample, learn
from storage.types import Published, Reason, Source, SourceSpec

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 365
ENTRIES = 20
FIXED = DAYS * 24 * 4
"""Polls of a year, one each quarter of an hour."""

Profile = Callable[[random.Random, date], Iterator[float]]
"""Gives the hours of a day, in the ministry's zone, at which it publishes something."""


def busy(chance: random.Random, day: date) -> Iterator[float]:
    """A large foreign ministry: ten to twenty a day in office hours, several at a time, a few at the weekend."""
    left = chance.randint(0, 3) if day.weekday() > 4 else chance.randint(10, 20)
    while left > 0:
        event = chance.triangular(8.5, 18.9, 12)
        together = min(left, chance.choice((1, 1, 2, 3, 4)))
        left -= together
        yield from (event + chance.uniform(0, 0.4) for _ in range(together))


def small(chance: random.Random, day: date) -> Iterator[float]:
    """A small ministry: two a week, in office hours."""
    if day.weekday() < 5 and chance.random() < 0.4:
        yield chance.uniform(9, 18)


def president(chance: random.Random, day: date) -> Iterator[float]:
    """A president: every day, until the evening."""
    for _ in range(chance.randint(1, 3) if day.weekday() > 4 else chance.randint(3, 7)):
        yield chance.triangular(8, 22, 13)


def weekends(chance: random.Random, day: date) -> Iterator[float]:
    """A body whose events are at weekends, and which speaks of them in the week now and then."""
    if day.weekday() > 4:
        yield from (chance.uniform(11, 20) for _ in range(chance.randint(1, 4)))
    elif chance.random() < 0.6:
        yield chance.uniform(9, 17)


def holidays(chance: random.Random, day: date) -> Iterator[float]:
    """A ministry that says nothing in August and in the first days of the year."""
    if day.month != 8 and day.timetuple().tm_yday > 8 and day.weekday() < 5:
        yield from (chance.uniform(9, 18) for _ in range(chance.randint(1, 5)))


def crisis(chance: random.Random, day: date) -> Iterator[float]:
    """A ministry with a crisis of three weeks, in which it speaks at night."""
    if day.weekday() < 5:
        yield from (chance.uniform(9, 18) for _ in range(chance.randint(2, 7)))
    if 120 <= day.timetuple().tm_yday < 141:
        yield from (chance.uniform(19, 24) if chance.random() < 0.6 else chance.uniform(0, 5) for _ in range(5))


PROFILES: dict[str, Profile] = {
    profile.__name__: profile for profile in (busy, small, president, weekends, holidays, crisis)
}


@dataclass(frozen=True, slots=True)
class Year:
    """What the polls of a year came to. Waits are minutes between a statement and the poll that found it."""

    polls: int
    waits: Sequence[float]
    in_office_hours: Sequence[float]

    @property
    def share(self) -> float:
        """The polls, as a share of those of fixed quarters of an hour."""
        return self.polls / FIXED


def p95(waits: Sequence[float]) -> float:
    return quantiles(waits, n=20)[-1]


def row(name: str, year: Year) -> str:
    """One line of the table of what a year came to."""
    return (
        f"{name:<10} {len(year.waits):>6} statements {year.polls:>7} polls ({year.share:.0%} of fixed 15 min); "
        f"office hours: median {median(year.in_office_hours):4.1f} min, 95 % {p95(year.in_office_hours):4.1f} min; "
        f"all hours: median {median(year.waits):4.1f} min, 95 % {p95(year.waits):4.1f} min"
    )


def publish(profile: Profile, seed: int, zone: str, days: range) -> list[datetime]:
    """When the profile publishes on these days of the year, in order."""
    chance, place = random.Random(seed), ZoneInfo(zone)
    at = []
    for number in days:
        day = (START + number * DAY).date()
        for hour in profile(chance, day):
            civil = datetime(day.year, day.month, day.day, tzinfo=place) + timedelta(hours=hour)
            at.append(civil.astimezone(UTC))
    return sorted(at)


def spend(profile: Profile, seed: int = 1, zone: str = "Europe/Minsk") -> Year:
    """Poll a source of that profile for a year, each poll when the plan says, and learn from each."""
    random.seed(seed)  # the plan's jitter
    before = publish(profile, seed + 1, zone, range(-20, 0))[-ENTRIES:]
    coming = publish(profile, seed, zone, range(DAYS))
    source = Source(1, SourceSpec("a/b", "A", "https://a.example/", zone=zone), "user", True, False)
    claims = [Published(at.date(), at, zone) for at in before]
    source = replace(source, habits=learn(None, ListingSample(ENTRIES, ENTRIES, claims), zone, START, None))
    at, polls, found, waits, office = START, 0, 0, [], []
    while at < START + DAYS * DAY:
        last, at, polls = at, next_poll(source, Reason.OK, at), polls + 1
        new = [moment for moment in coming[found : found + 100] if moment <= at]
        found += len(new)
        for moment in new:
            waits.append((at - moment).total_seconds() / 60)
            local = moment.astimezone(ZoneInfo(zone))
            if local.weekday() in OFFICE_DAYS and local.hour in OFFICE_HOURS:
                office.append(waits[-1])
        if new:
            habits = learn(source.habits, ListingSample(ENTRIES, min(len(new), ENTRIES)), zone, at, last)
            source = replace(source, habits=habits or source.habits)
    return Year(polls, waits, office)
