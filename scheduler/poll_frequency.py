"""How often a source is polled at each hour of its week. Pure.

What is found is found late by half the wait, so a given number of polls finds statements soonest where the polls of an
hour are in proportion to the square root of what that hour brings (Sia, Cho and Cho, Efficient Monitoring Algorithm for
Fast News Alerts, 2007). What an hour brings is learned (`storage.sources.habits`); until then it is what ministries do:
office hours from Monday to Friday.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from storage.sources.habits import BURST, HALF_LIFE
from storage.types import Habits, SourceSpec

OFFICE_DAYS = range(5)
OFFICE_HOURS = range(8, 19)
"""When ministries are at work, in their zone, until a source teaches otherwise."""

LEARNING = timedelta(days=7)
"""How long a new source is polled at its floor in office hours: by then it has shown its week."""

SHARE = 1 / 7
"""Of the polls that the floor would cost all week, how many a source gets."""

PRIOR = 10.0
PRIOR_SHARE = 0.25
"""As how many statements the usual office hours count beside those that a source has shown, at least, and as which
share of these: whoever speaks at weekends has an office all the same."""

_NIGHT = 0.05
_WEEKEND = 0.15
"""Shares of a working hour's and a working day's statements, before anything is known."""
_USUAL_DAYS = tuple(1.0 if day in OFFICE_DAYS else _WEEKEND for day in range(7))
_USUAL_HOURS = tuple(1.0 if hour in OFFICE_HOURS else _NIGHT for hour in range(24))
_NOTHING = (0.0,)
_LEAST_FINDS = 0.5
"""Finds a week, at least, with which the rate of a burst is compared."""
_WEEK = 168
_HOUR = 3600.0


def wait(spec: SourceSpec, habits: Habits | None, now: datetime) -> float:
    """Seconds from `now` to the next poll while all is well: from the source's floor to its ceiling."""
    floor, ceiling = float(spec.interval), float(max(spec.interval, spec.slowest))
    if floor == ceiling or floor <= 0:
        return floor
    if habits is not None and habits.overlap_wait > 0:
        ceiling = min(ceiling, max(floor, float(habits.overlap_wait)))
    zone = ZoneInfo(spec.zone)
    asked, waited = 0.0, 0.0
    while waited < ceiling:  # the polls of the hours to come, until they make up one
        at = (now + timedelta(seconds=waited)).astimezone(zone)
        polls = _polls_an_hour(spec, habits, at, now)
        left = min(_HOUR - at.minute * 60 - at.second - at.microsecond / 1e6, ceiling - waited)
        if asked + polls * left / _HOUR >= 1:
            return min(max(waited + (1 - asked) * _HOUR / polls, floor), ceiling)
        asked += polls * left / _HOUR
        waited += max(left, 1e-3)
    return ceiling


def _polls_an_hour(spec: SourceSpec, habits: Habits | None, at: datetime, now: datetime) -> float:
    """How often to poll at that local time, given what is known now."""
    most = _HOUR / spec.interval
    is_new = habits is None or now - habits.since < LEARNING
    if is_new and at.weekday() in OFFICE_DAYS and at.hour in OFFICE_HOURS:
        return most
    days, hours = (habits.days, habits.hours) if habits is not None else (_NOTHING, _NOTHING)
    week = _polls_of_the_week(days, hours, spec.interval, max(spec.interval, spec.slowest))
    polls = week[at.weekday() * 24 + at.hour]
    return polls if habits is None else min(polls * _burst(habits, at, now), most)


def _burst(habits: Habits, at: datetime, now: datetime) -> float:
    """How much more often to poll shortly after a find, where finds follow each other closely."""
    if habits.last_new_at is None or not timedelta() <= at - habits.last_new_at <= BURST or habits.finds <= 0:
        return 1.0
    age = max(now - habits.since, LEARNING) / HALF_LIFE
    weeks = HALF_LIFE / timedelta(weeks=1) * (1 - 0.5**age) / math.log(2)
    finds = max(habits.finds / weeks, _LEAST_FINDS) * _shares(habits.days, habits.hours)[at.weekday() * 24 + at.hour]
    more = min(habits.bursts / habits.finds, 1.0) / (BURST / timedelta(hours=1))
    return math.sqrt((finds + more) / finds)


@lru_cache(maxsize=4096)
def _shares(days: Sequence[float], hours: Sequence[float]) -> tuple[float, ...]:
    """Which share of a week's statements each of its hours brings."""
    of_day, of_hour = _smooth(days, _USUAL_DAYS), _smooth(hours, _USUAL_HOURS)
    return tuple(day * hour for day in of_day for hour in of_hour)


def _smooth(counts: Sequence[float], usual: Sequence[float]) -> list[float]:
    """Counts as shares, the usual ones among them; counts that are none count nothing."""
    seen = [count if 0 <= count < math.inf else 0.0 for count in counts]
    seen = seen if len(seen) == len(usual) else [0.0] * len(usual)
    prior, whole = max(PRIOR, PRIOR_SHARE * sum(seen)), sum(usual)
    weight = sum(seen) + prior
    return [(count + prior * share / whole) / weight for count, share in zip(seen, usual, strict=True)]


@lru_cache(maxsize=4096)
def _polls_of_the_week(days: Sequence[float], hours: Sequence[float], floor: int, ceiling: int) -> tuple[float, ...]:
    """Polls an hour in each hour of the week: as the square root of what it brings, between floor and ceiling.

    The factor is looked for with which the whole week costs its share.
    """
    roots = [math.sqrt(share) for share in _shares(days, hours)]
    most, least, budget = _HOUR / floor, _HOUR / ceiling, _WEEK * _HOUR / floor * SHARE

    def week(factor: float) -> list[float]:
        return [min(max(factor * root, least), most) for root in roots]

    factor = budget / sum(roots)
    polls = week(factor)
    for _ in range(8):  # what is not bounded gets what is left; it settles after three or four rounds
        whole, free = sum(polls), sum(each for each in polls if least < each < most)
        if not free or abs(whole - budget) < budget / 1000:
            break
        factor *= max((budget - whole + free) / free, 0.0)
        polls = week(factor)
    return tuple(polls)
