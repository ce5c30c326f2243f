"""What a source's polls teach about it: when it publishes, in bursts or not, and what its listing looks like. Pure.

Each poll that finds something is learned from once, and what was learned fades with `HALF_LIFE`: a year of polls is a
few hundred bytes, and a ministry that changes its hours is understood within weeks. The first listing teaches already:
it says when its entries were published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from storage.types import Habits, Published

HALF_LIFE = timedelta(days=60)
"""After this time what was counted counts half."""

BURST = timedelta(minutes=30)
"""Statements that are found within this time of each other belong to one burst."""

HEAVIEST = 3
"""As how many statements those of one poll count, at most: a section that is filled up at night is no night owl."""

VAGUE_HOUR = timedelta(hours=3)
VAGUE_DAY = timedelta(days=1)
"""After a longer wait nobody knows any more at which hour, or on which day, a statement came out."""

WINDOW = 20
GAPS = 40

PLACES = 6
"""Places of one listing that are remembered; as many of the listings before."""

USUAL_STEP = 0.2
"""By how much of the difference the usual share of dated entries follows that of a new listing."""

TOO_LITTLE = 1 / 3
ENOUGH = 2 / 3
"""Share of a listing's entries that were known before: below `TOO_LITTLE` the waits are halved, above `ENOUGH` they
grow again, by a quarter for each poll that finds something."""


@dataclass(frozen=True, slots=True)
class ListingSample:
    """What the listing of one poll showed: its entries, and how many of them were new."""

    entries: int
    new: int
    claims: Sequence[Published] = ()
    """When its entries say that they were published."""
    places: Sequence[str] = ()
    """Where its entries lie, as `place_of` has it; one for each entry."""
    reader: str = ""
    """Which reader read it."""

    @property
    def dated(self) -> float | None:
        """The share of its entries that have a date."""
        return sum(claim.day is not None for claim in self.claims) / len(self.claims) if self.claims else None

    def at_home(self, places: Sequence[str]) -> float | None:
        """The share of its entries that lie at these places."""
        return sum(place in places for place in self.places) / len(self.places) if self.places and places else None


def place_of(address: str) -> str:
    """Where an entry lies: its host and the folder of its path, digits as `#`.

    A page that is asked by its parameters is its own folder.
    """
    parts = urlsplit(address)
    path = parts.path if parts.query else parts.path.rstrip("/").rpartition("/")[0]
    return re.sub(r"\d+", "#", f"{(parts.hostname or '').removeprefix('www.')}{path}").lower()


def learn(
    habits: Habits | None,
    shown: ListingSample,
    zone: str,
    now: datetime,
    last_poll_at: datetime | None,
    *,
    looks: bool = True,
    anew: bool = False,
) -> Habits | None:
    """The habits after a poll that could be read, or None where it taught nothing.

    `looks` says whether the listing teaches how it usually looks, `anew` whether what it taught before is forgotten.
    """
    if habits is None:
        return _begin(shown, zone, now)
    learned = replace(habits, entries=(), dated=None, places=(), at_home=None) if anew else habits
    if shown.new:
        learned = _found(learned, shown, zone, now, last_poll_at)
    if looks and (shown.new or not learned.entries or shown.entries != learned.entries[-1]):
        learned = _looked(learned, shown)
    return learned if learned != habits else None


def _looked(habits: Habits, shown: ListingSample) -> Habits:
    """The habits after a listing that was as it should be."""
    common = [place for place, _ in Counter(shown.places).most_common(PLACES)]
    at_home = shown.at_home(habits.places)
    return replace(
        habits,
        entries=(*habits.entries, shown.entries)[-WINDOW:],
        dated=_usual(habits.dated, shown.dated),
        places=tuple(dict.fromkeys((*common, *habits.places)))[: 2 * PLACES],
        at_home=_usual(habits.at_home, at_home),
        reader=shown.reader or habits.reader,
    )


def _usual(known: float | None, seen: float | None) -> float | None:
    """A share that follows what is seen slowly; what is seen first counts at once."""
    if seen is None:
        return known
    return round(seen if known is None else known + USUAL_STEP * (seen - known), 3)


def _begin(shown: ListingSample, zone: str, now: datetime) -> Habits:
    """What the first listing teaches by its entries' dates."""
    claims = [claim for claim in shown.claims if claim.day is not None and _instant(claim) <= now]
    days, hours = [0.0] * 7, [0.0] * 24
    for claim in claims:
        assert claim.day is not None
        days[claim.day.weekday()] += _faded(now - _instant(claim))
    for at in _told_times(claims):
        hours[at.astimezone(ZoneInfo(zone)).hour] += _faded(now - at)
    instants = sorted(map(_instant, claims))
    gaps = [later - earlier for earlier, later in pairwise(instants) if later - earlier > BURST]
    begun = Habits(
        since=now,
        days=_rounded(days),
        hours=_rounded(hours),
        last_new_at=instants[-1] if instants else None,
        gaps=tuple(int(gap.total_seconds()) for gap in gaps)[-GAPS:],
        longest_gap=int(max(gaps, default=timedelta()).total_seconds()),
    )
    return _looked(replace(begun, at_home=1.0 if shown.places else None), shown)


def _told_times(claims: Iterable[Published]) -> list[datetime]:
    """The times of day that were claimed; one that all have, such as midnight, is a template's and tells nothing."""
    told = [claim.at for claim in claims if claim.at is not None]
    by_time = {(at.hour, at.minute): at for at in told}
    return list(by_time.values()) if len(by_time) > 1 else []


def _found(habits: Habits, shown: ListingSample, zone: str, now: datetime, last_poll_at: datetime | None) -> Habits:
    now = max(now, habits.last_new_at or now)  # a clock that was put back teaches nothing wrong
    fade = _faded(now - habits.last_new_at) if habits.last_new_at else 1.0
    waited = max(now - last_poll_at, timedelta()) if last_poll_at else None
    days, hours = [count * fade for count in habits.days], [count * fade for count in habits.hours]
    if waited is not None:
        local = (now - waited / 2).astimezone(ZoneInfo(zone))  # between the two polls, nobody knows where
        weight = min(shown.new, HEAVIEST)
        days[local.weekday()] += weight if waited <= VAGUE_DAY else 0
        hours[local.hour] += weight if waited <= VAGUE_HOUR else 0
    gap = now - habits.last_new_at if habits.last_new_at else None
    in_burst = gap is not None and gap <= BURST
    longest = max(habits.longest_gap * fade, gap.total_seconds() if gap else 0)
    return replace(
        habits,
        days=_rounded(days),
        hours=_rounded(hours),
        finds=round(habits.finds * fade + 1, 3),
        bursts=round(habits.bursts * fade + in_burst, 3),
        last_new_at=now,
        gaps=habits.gaps if gap is None or in_burst else (*habits.gaps, int(gap.total_seconds()))[-GAPS:],
        longest_gap=int(longest),
        overlap_wait=_overlap_wait(habits.overlap_wait, shown, waited),
    )


def _overlap_wait(limit: int, shown: ListingSample, waited: timedelta | None) -> int:
    """How long a poll may wait, in seconds, for its listing to overlap with the one before; 0: as long as it likes."""
    known = 1 - shown.new / max(shown.entries, 1)
    if known < TOO_LITTLE and waited:
        halved = max(int(waited.total_seconds() / 2), 1)
        return min(limit or halved, halved)
    if not limit or known < ENOUGH:
        return limit
    longer = limit + limit // 4 + 1
    return longer if longer < VAGUE_DAY.total_seconds() else 0


def _instant(claim: Published) -> datetime:
    at = claim.sort_key
    assert at is not None
    return at.astimezone(UTC)


def _faded(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta()) / HALF_LIFE))


def _rounded(counts: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(count, 3) for count in counts)
