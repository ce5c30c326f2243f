"""The fields by which a person says when alerts may leave. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from presswatch.actions import subscriptions
from storage.errors import InvalidInputError
from storage.people.rhythms import WantedRhythm
from storage.people.subscriptions import PUBLISHED
from storage.types import WEEKDAYS, AlertEvent, Rhythm, RhythmKind

Typed = Mapping[str, str]

FIELDS = ("kind", "minutes", "at", "weekday", "zone", "quiet", "cap", "on")
_OF_WORDS = {RhythmKind.GROUPED: "minutes", RhythmKind.DAILY: "at", RhythmKind.WEEKLY: "at"}


def fields_of(rhythm: Rhythm, zone: str, events: tuple[AlertEvent, ...] = PUBLISHED) -> dict[str, str]:
    """A rhythm and events as the fields say them; `zone` is the reader's, for what has none of its own yet."""
    timed = rhythm.digest or rhythm.quiet is not None
    return {
        "kind": rhythm.kind,
        "minutes": str(rhythm.minutes or 15),
        "at": f"{rhythm.at:%H:%M}" if rhythm.digest else "08:00",
        "weekday": str(rhythm.weekday),
        "zone": rhythm.zone if timed or rhythm.zone != "UTC" else zone,
        "quiet": rhythm.written_quiet,
        "cap": str(rhythm.cap or ""),
        "on": " ".join(events),
    }


def typed(form: Mapping[str, object], zone: str) -> dict[str, str]:
    """What was sent; a field that was not is as it is at first."""
    usual = fields_of(Rhythm(), zone)
    return {name: str(form.get(name, usual[name])).strip() for name in FIELDS}


def wanted(said: Typed) -> WantedRhythm:
    """The rhythm that the fields say. What is no number is none that is allowed."""
    kind, at = said["kind"], said["at"]
    words = {
        RhythmKind.GROUPED: f"grouped {said['minutes']}m",
        RhythmKind.DAILY: f"daily {at}",
        RhythmKind.WEEKLY: f"weekly {_weekday(said['weekday'])} {at}",
    }
    cap = int(said["cap"]) if said["cap"].isascii() and said["cap"].isdigit() and len(said["cap"]) < 9 else -1
    return WantedRhythm(words.get(RhythmKind(kind)) if kind in _OF_WORDS else kind, said["zone"], said["quiet"],
                        cap if said["cap"] else 0, said["on"])  # fmt: skip


def mistakes(said: Typed) -> dict[str, InvalidInputError]:
    """What is wrong, by the field in which it stands."""
    found = subscriptions.mistakes(wanted(said))
    kind = said["kind"]
    names = {"words": _OF_WORDS[RhythmKind(kind)] if kind in _OF_WORDS else "kind"}
    return {names.get(part, part): error for part, error in found.items()}


def _weekday(number: str) -> str:
    return WEEKDAYS[int(number)] if number in map(str, range(7)) else number
