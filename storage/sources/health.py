"""Whether a listing that can be read shows what it used to show, and whether its source has fallen silent. Pure.

A listing drifts when it has less than half of the fewest entries that it had lately, or when its entries lose what
they had in common: their dates, or the places where they lie. What has drifted teaches nothing of how a listing looks,
so the state lasts until the listing is its old self, or has gone on bringing news for `ACCEPTED`: then it is as it is.

A source is silent when nothing new has come for `LONGER` times its longest gap, and for so long that chance alone is no
explanation; days on which ministries rest count a quarter. A list that is emptied at New Year is neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage.sources.habits import ListingSample
from storage.types import Habits, Reason, Source, day_in_words

FEW = 0.5
LATELY = 3
"""Less than this share of the fewest entries that the listing had, the last times it changed, is too few."""

USUAL = 0.8
LOST = 0.2
"""Shares of a listing's entries: what `USUAL` of them had and no more than `LOST` of them have is lost."""

LEAST_ENTRIES = 3
"""Fewer entries have nothing in common that could be lost."""
LEAST_SEEN = 20
"""Entries, in all listings together, from which it is known what they have in common."""

ACCEPTED = timedelta(days=3)
"""After this time a listing that looks otherwise and brings news all the same is taken as it is."""

LONGER = 2
UNLIKELY = 9
"""A gap so many times the mean one comes by chance once in 8,000 gaps, where statements come at random."""
LEAST_SILENCE = timedelta(days=7)
UNKNOWN_SILENCE = timedelta(days=90)
"""What counts where too few gaps are known."""
LEAST_GAPS = 5

REST = 0.25
"""What a day counts on which ministries rest."""
NEW_YEAR = 2
"""Days of January in which a list by years is emptied."""
LONGEST_LOOK = 400
"""Days of a silence that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class HealthJudgement:
    """What a poll says of its source, and what its listing teaches."""

    reason: Reason
    detail: str = ""
    looks: bool = True
    """Whether the listing teaches how it usually looks."""
    anew: bool = False
    """Whether what it taught before no longer counts."""


def judge(
    source: Source, reason: Reason, shown: ListingSample | None, now: datetime, detail: str = ""
) -> HealthJudgement:
    """What the poll that ended with `reason` says of the source; `shown` is what its listing showed, if it was read."""
    habits = source.habits
    if habits is None or source.baseline_at is None:
        return HealthJudgement(reason, detail)
    if shown is not None and reason in (Reason.OK, Reason.MOVED, Reason.EMPTY):
        odd = oddity(habits, shown)
        if odd and (_turned_over(shown, source.spec.zone, now) or _is_accepted(source, shown, now)):
            return HealthJudgement(Reason.OK if reason is Reason.EMPTY else reason, detail, anew=True)
        if odd:
            return (
                HealthJudgement(Reason.DRIFTED, odd, looks=False)
                if shown.entries
                else HealthJudgement(Reason.EMPTY, detail or odd)
            )
        reason = Reason.OK if reason is Reason.EMPTY else reason
    if reason.healthy and not (shown and shown.new) and (words := silence(habits, source.spec.zone, now)):
        return HealthJudgement(Reason.SILENT, words)
    return HealthJudgement(reason, detail)


# -- drift -----------------------------------------------------------------------------------------------------------


def oddity(habits: Habits, shown: ListingSample) -> str:
    """What the listing lacks that it used to have, in words, or nothing."""
    lately = habits.entries[-LATELY:]
    fewest = min(filter(None, lately), default=0) if lately and lately[-1] else 0
    if shown.entries < fewest * FEW:
        return f"it shows {_entries(shown.entries)}, and {fewest} or more before"
    if shown.entries < LEAST_ENTRIES or sum(habits.entries) < LEAST_SEEN:
        return ""
    dated, at_home = shown.dated, shown.at_home(habits.places)
    if habits.dated is not None and dated is not None and habits.dated >= USUAL and dated <= LOST:
        return "its entries had dates before, and now have none"
    if habits.at_home is not None and at_home is not None and habits.at_home >= USUAL and at_home <= LOST:
        return f"its entries led to {habits.places[0]} before, and now lead elsewhere, such as {shown.places[0]}"
    return ""


def _entries(count: int) -> str:
    return "no entries" if count == 0 else "one entry" if count == 1 else f"{count} entries"


def _turned_over(shown: ListingSample, zone: str, now: datetime) -> bool:
    """Whether the listing is one by years that has just begun a new one."""
    local = now.astimezone(ZoneInfo(zone))
    if local.month != 1 or local.day > NEW_YEAR:
        return False
    years = {claim.day.year for claim in shown.claims if claim.day is not None}
    return years <= {local.year} and (bool(years) or shown.entries < LEAST_ENTRIES)


def _is_accepted(source: Source, shown: ListingSample, now: datetime) -> bool:
    since = source.reason_since if source.reason is Reason.DRIFTED else None
    return since is not None and now - since >= ACCEPTED and 0 < shown.new < shown.entries


# -- silence ---------------------------------------------------------------------------------------------------------


def silence(habits: Habits, zone: str, now: datetime) -> str:
    """Why the source counts as silent, in words, or nothing."""
    since = habits.last_new_at or habits.since
    patience = silent_after(habits)
    if now - since <= patience or _working_time(since, now, zone) <= patience:
        return ""
    longest = max(habits.longest_gap, *habits.gaps, 0)
    if not longest:
        return f"nothing new since {day_in_words(since)}"
    return f"nothing new since {day_in_words(since)}, and its longest gap before was {longest / 86_400:.0f} days"


def silent_after(habits: Habits) -> timedelta:
    """How long a source may bring nothing new, days of rest counted as `REST`."""
    longest = timedelta(seconds=LONGER * max(habits.longest_gap, *habits.gaps, 0))
    if len(habits.gaps) < LEAST_GAPS:
        return max(longest, UNKNOWN_SILENCE)
    return max(longest, timedelta(seconds=UNLIKELY * sum(habits.gaps) / len(habits.gaps)), LEAST_SILENCE)


def _working_time(since: datetime, now: datetime, zone: str) -> timedelta:
    place = ZoneInfo(zone)
    first, last = since.astimezone(place).date(), now.astimezone(place).date()
    days = min((last - first).days, LONGEST_LOOK)
    resting = sum(_is_rest(last - timedelta(days=back)) for back in range(days))
    return now - since - timedelta(days=resting * (1 - REST))


def _is_rest(day: date) -> bool:
    """August, the days around New Year in both calendars, and those of early May: ministries rest, or say little."""
    return day.month == 8 or (day.month, day.day) >= (12, 20) or day < date(day.year, 1, 13) or _is_may(day)


def _is_may(day: date) -> bool:
    return day.month == 5 and day.day <= 11
