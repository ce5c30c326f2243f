"""Histories of sources: a year in which all is well, with all that a healthy section does, and then a fault.

A poll every second day, on a clock of numbers. The words of a history are a seed: the same seed, the same history.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from storage.operator.faults import health_change
from storage.sources.habits import ListingSample, learn
from storage.sources.health import judge
from storage.types import Published, Reason, Source
from tests.storage.examples import spec

DAY = timedelta(days=1)
_UNDATED = Published()
ZONE = "Europe/Minsk"
RATES = (10.0, 3.0, 1.0, 0.6, 0.4, 0.3)
"""Statements on a working day, in the mean."""
READ_ALL_THE_SAME = 0.1
"""Share of the pages in a section's place that no words give away: they are read as a list without entries."""


@dataclass
class Section:
    """A section of a site as it is while all is well."""

    chance: random.Random
    now: datetime
    rate: float = 0.0
    length: int = 0
    dated: float = 1.0
    folder: str = "news"
    by_years: bool = False
    shown: list[tuple[datetime, str]] = field(default_factory=list)
    """When each of its entries was published, and where it lies; the newest first."""

    def __post_init__(self) -> None:
        chance = self.chance
        self.rate = chance.choice(RATES)
        self.length = chance.randint(5, 30)
        self.dated = chance.choices((1.0, 0.5, 0.0), (77, 3, 20))[0]
        self.folder = chance.choices(("news", "press/news", "#/#", "", "rubric"), (35, 35, 15, 5, 10))[0]
        self.by_years = chance.random() < 0.2
        self.grows_on = self.now + chance.randint(20, 340) * DAY if chance.random() < 0.4 else None
        self.silent_august = chance.random() < 0.3
        self.free_may = chance.random() < 0.4
        self.free_weeks = [self.now + chance.randint(0, 360) * DAY for _ in range(2)]
        self.says_nothing = chance.random() < READ_ALL_THE_SAME
        self.slow_weeks = {chance.randint(0, 52) for _ in range(8)}
        at = self.now
        while len(self.shown) < self.length and at > self.now - 400 * DAY:
            self.shown += [self._entry(at) for _ in range(self._published(at))]
            at -= DAY
        self._leave_out_last_year()

    def publish(self) -> int:
        """What one day brings; returns how much of it is new."""
        new = [self._entry(self.now) for _ in range(self._published(self.now))]
        if self.grows_on is not None and self.now >= self.grows_on:
            self.length, self.grows_on = round(self.length * self.chance.uniform(0.6, 3)), None
        self.shown = [*new, *self.shown][: self.length]
        self._leave_out_last_year()
        return min(len(new), self.length)

    def _leave_out_last_year(self) -> None:
        if self.by_years and self.shown and self.shown[-1][0].year != self.now.year:
            self.shown = [entry for entry in self.shown if entry[0].year == self.now.year]

    def show(self, new: int) -> ListingSample:
        """The listing as a poll reads it: an entry more or less, where something is pinned to the top."""
        entries = self.shown[: len(self.shown) - self.chance.choice((0, 0, 0, 1)) or None]
        with_dates = round(self.dated * len(entries))
        claims = [Published(at.date()) for at, _ in entries[:with_dates]] + [_UNDATED] * (len(entries) - with_dates)
        return ListingSample(len(entries), min(new, len(entries)), claims, [place for _, place in entries])

    def _entry(self, at: datetime) -> tuple[datetime, str]:
        folder = f"rubric-{self.chance.choice('abcde')}" if self.folder == "rubric" else self.folder
        return at, f"mfa.example/{folder}"

    def _published(self, at: datetime) -> int:
        if at.weekday() > 4:
            return int(self.chance.random() < self.rate / 30)
        rest = at.timetuple().tm_yday <= 8 or (at.month == 8 and self.silent_august)
        rest = rest or (at.month == 5 and at.day < 10 and self.free_may)
        if rest or any(week <= at < week + 6 * DAY for week in self.free_weeks):
            return 0
        slow = 0.2 if int((at - datetime(2020, 1, 1, tzinfo=UTC)).days / 7) % 53 in self.slow_weeks else 1.0
        mean = self.rate * slow * (0.4 if at.month == 8 else 1.0)
        count = int(mean)
        return count + (self.chance.random() < mean - count) + self.chance.choice((-1, 0, 1)) * (count > 1)


@dataclass
class History:
    """A source in the course of its polls, as the rows would have it; `told` are the changes that were told."""

    section: Section
    source: Source
    last_poll_at: datetime
    told: list[tuple[datetime, bool, Reason]] = field(default_factory=list)

    def poll(self, reason: Reason, shown: ListingSample | None) -> None:
        """End a poll as `crawler.run` and `storage.sources.sources` do."""
        at, before, habits = self.section.now, self.source, self.source.habits
        verdict = judge(before, reason, shown, at)
        if shown is not None and verdict.reason.readable:
            taught = {"looks": verdict.looks, "anew": verdict.anew}
            habits = learn(habits, shown, ZONE, at, self.last_poll_at, **taught) or habits
        change = health_change(before, verdict.reason)
        if change is None and verdict.reason.healthy and before.reason.healthy and habits is before.habits:
            self.last_poll_at = at
            return
        told = before.told_reason
        if change is not None:
            self.told.append((at, change.began, change.reason))
            told = change.reason if change.began else None
        state = Reason.OK if verdict.reason.healthy else verdict.reason
        self.source = replace(
            before,
            habits=habits,
            reason=state,
            reason_since=before.reason_since if state is before.reason else at,
            failures=0 if verdict.reason.readable else before.failures + 1,
            told_reason=told,
        )
        self.last_poll_at = at


def begin(seed: int) -> History:
    """A source after its first poll."""
    chance = random.Random(seed)
    section = Section(chance, datetime(2024, 1, 15, 12, tzinfo=UTC) + chance.randint(0, 364) * DAY)
    entries = len(section.shown)
    shown = replace(section.show(0), new=entries)
    habits = learn(None, shown, ZONE, section.now, None)
    source = Source(1, spec(zone=ZONE), "user", True, False, baseline_at=section.now, habits=habits)
    return History(section, source, section.now)


def live(history: History, days: int = 365) -> None:
    """Days on which all is well, but that the site does not answer now and then, once or twice in a row."""
    section, silent_until, missed, entries = history.section, 0, 0, 0
    for day in range(days):
        section.now += DAY
        missed += section.publish()
        if day % 2:
            continue
        if day > silent_until + 1 and section.chance.random() < 0.008:
            silent_until = day + section.chance.choice((1, 1, 3))
        if day < silent_until:
            history.poll(section.chance.choice((Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.UNREACHABLE)), None)
            continue
        if not missed and len(section.shown) == entries:
            history.poll(Reason.UNCHANGED, None)
            continue
        entries = len(section.shown)
        shown, missed = section.show(missed), 0
        history.poll(Reason.OK if shown.entries else Reason.EMPTY, shown)


# -- what goes wrong in silence ----------------------------------------------------------------------------------------


def zero(history: History) -> None:
    """Nothing is found in the page any more."""
    history.poll(Reason.EMPTY, ListingSample(0, 0))


def truncated(history: History) -> None:
    """A third of the list is left, or less."""
    whole = history.section.show(0)
    left = max(len(whole.claims) // 3, 1)
    history.poll(Reason.OK, ListingSample(left, 0, whole.claims[:left], whole.places[:left]))


def menu(history: History) -> None:
    """What is read is the menu: links without dates that lead to pages of the site."""
    chance = random.Random(history.source.id)
    count = history.section.chance.randint(5, 25)
    places = [f"mfa.example/{chance.choice(('', 'ministry', 'ministry/structure', 'contacts'))}" for _ in range(count)]
    history.poll(
        Reason.OK, ListingSample(count, count if history.source.reason.healthy else 0, [Published()] * count, places)
    )


def soft_404(history: History) -> None:
    _in_its_place(history, Reason.SOFT_404)


def challenge(history: History) -> None:
    _in_its_place(history, Reason.CHALLENGE)


def _in_its_place(history: History, reason: Reason) -> None:
    """Another page stands there; it says so, or is read as a list without entries."""
    if history.section.says_nothing:
        history.poll(Reason.EMPTY, ListingSample(0, 0))
    else:
        history.poll(reason, None)


def frozen(history: History) -> None:
    """A cache shows the same list for ever."""
    history.poll(Reason.UNCHANGED, None)


FAULTS = (zero, truncated, menu, soft_404, challenge)
