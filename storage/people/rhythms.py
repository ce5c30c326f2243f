"""Rhythms as words: what a person writes, and what the table of subscriptions holds. Pure.

    immediately                each poll's statements as one message, at once
    grouped 15m                what is found within 15 minutes of the first statement as one message
    daily 08:00                a digest a day, at that hour of the person's zone
    weekly monday 08:00        a digest a week

Quiet hours are `22:00-07:00`: what is due then waits until they are over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo, available_timezones

from storage.errors import InvalidInputError, did_you_mean
from storage.types import WEEKDAYS, AlertEvent, Rhythm, RhythmKind

LONGEST_WINDOW = 24 * 60
"""Minutes; what is to be collected for longer is a digest."""
MOST_MESSAGES = 1000
"""An hour; more is no limit."""

_FORMS = "use one of: immediately, 'grouped 15m', 'daily 08:00', 'weekly monday 08:00'"
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_WINDOW = re.compile(r"(\d+)\s*(m|min|minutes?|h|hours?)")


def parse(words: str, *, zone: str = "UTC", quiet: str = "", cap: int = 0) -> Rhythm:
    """The rhythm that a person wrote. Raises `InvalidInputError`, which names the part that is wrong and its mend."""
    kind, minutes, at, weekday = _kind(words)
    zone = zone_named(zone)
    if not 0 <= cap <= MOST_MESSAGES:
        raise InvalidInputError(
            f"{cap} messages an hour are no limit", mend=f"use a number from 1 to {MOST_MESSAGES}, or 0 for no limit"
        )
    rhythm = Rhythm(kind, minutes, at, weekday, zone, _quiet(quiet), cap)
    if rhythm.digest and rhythm.quiet and within(at, rhythm.quiet):
        raise InvalidInputError(
            f"the digest at {at:%H:%M} falls into the quiet hours {quiet}", mend="move the digest or the quiet hours"
        )
    return rhythm


def zone_named(name: str) -> str:
    """The name of a time zone as it is known. Raises `InvalidInputError` with the nearest one."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        mend = f"{did_you_mean(name, available_timezones())}name one like Europe/Minsk"
        raise InvalidInputError(f"there is no time zone {name!r}", mend=mend) from None


def within(clock: time, hours: tuple[time, time]) -> bool:
    """Whether a time of day lies in these hours, which may pass midnight. Their end is outside of them."""
    start, end = hours
    return start <= clock < end if start < end else clock >= start or clock < end


def _kind(words: str) -> tuple[RhythmKind, int, time, int]:
    first, _, rest = " ".join(words.lower().split()).partition(" ")
    match first:
        case "immediately" if not rest:
            return RhythmKind.IMMEDIATELY, 0, time(), 0
        case "grouped":
            return RhythmKind.GROUPED, _window(rest), time(), 0
        case "daily":
            return RhythmKind.DAILY, 0, _clock(rest, f"daily {rest}"), 0
        case "weekly":
            day, _, clock = rest.partition(" ")
            return RhythmKind.WEEKLY, 0, _clock(clock, f"weekly {rest}"), _weekday(day)
    raise InvalidInputError(f"there is no rhythm {words!r}", mend=f"{did_you_mean(first, RhythmKind)}{_FORMS}")


def _window(text: str) -> int:
    found = _WINDOW.fullmatch(text)
    minutes = int(found[1]) * (60 if found[2].startswith("h") else 1) if found and len(found[1]) < 6 else 0
    if not 1 <= minutes <= LONGEST_WINDOW:
        raise InvalidInputError(
            f"'grouped {text}' does not say for how long to collect",
            mend="write minutes or hours, up to a day: 'grouped 15m', 'grouped 2h'",
        )
    return minutes


def _clock(text: str, where: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise InvalidInputError(f"{text!r} in {where!r} is no time of day", mend="write hours and minutes: 08:00")
    return time(int(found[1]), int(found[2]))


def _weekday(text: str) -> int:
    days = [number for number, name in enumerate(WEEKDAYS) if len(text) >= 3 and name.startswith(text)]
    if not days:
        raise InvalidInputError(f"{text!r} is no day of the week", mend=f"use one of: {', '.join(WEEKDAYS)}")
    return days[0]


def _quiet(text: str) -> tuple[time, time] | None:
    if not text:
        return None
    start, dash, end = (part.strip() for part in text.partition("-"))
    hours = _clock(start, text), _clock(end, text) if dash else time()
    if not dash or hours[0] == hours[1]:
        raise InvalidInputError(
            f"{text!r} are no quiet hours", mend="write when they begin and end: 22:00-07:00; 'none' ends them"
        )
    return hours


def events_of(words: str) -> tuple[AlertEvent, ...]:
    """The events that these words name, with commas or blanks between them. Raises `InvalidInputError`."""
    named = words.replace(",", " ").lower().split()
    if unknown := [word for word in named if word not in list(AlertEvent)]:
        raise InvalidInputError(f"nobody is told of {unknown[0]!r}", mend=f"name some of: {', '.join(AlertEvent)}")
    if not named:
        raise InvalidInputError("no event is named", mend=f"name some of: {', '.join(AlertEvent)}")
    return tuple(each for each in AlertEvent if each in named)


@dataclass(frozen=True, slots=True)
class WantedRhythm:
    """What a person says of when alerts may leave, and of what. None is left as it is; a new subscription alerts
    immediately, of what is published."""

    words: str | None = None
    zone: str | None = None
    quiet: str | None = None
    """`none` ends them."""
    cap: int | None = None
    on: str | None = None
    """Words: published, edited, withdrawn, restored."""

    @property
    def events(self) -> tuple[AlertEvent, ...] | None:
        """Of what it is told from now on. Raises `InvalidInputError`."""
        return None if self.on is None else events_of(self.on)

    def check(self) -> None:
        """Raises `InvalidInputError` where something of it cannot be."""
        self.over(Rhythm())
        if self.on is not None:
            events_of(self.on)

    def over(self, known: Rhythm) -> Rhythm:
        """The known rhythm with what is wanted. Raises `InvalidInputError`."""
        quiet = known.written_quiet if self.quiet is None else self.quiet
        return parse(
            known.written if self.words is None else self.words,
            zone=known.zone if self.zone is None else self.zone,
            quiet="" if quiet == "none" else quiet,
            cap=known.cap if self.cap is None else self.cap,
        )


AS_IT_IS = WantedRhythm()
"""Nothing is said of it."""
