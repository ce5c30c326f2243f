"""Times of day beside a date: read exactly, in their own zone or the source's, or not at all. Pure.

A time that has a half of the day beside it which is not known, an unknown zone or no such hour claims nothing: the day
alone is left. Hours and minutes with a dot between them look like a day and a month, and need a word that tells.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_AHEAD = {"午前": "a", "上午": "a", "오전": "a", "午後": "p", "下午": "p", "오후": "p"}
_HALVES = (
    (re.compile(r"a\.?\s?m\b|π|ق|صب|ص|öö", re.IGNORECASE), "a"),
    (re.compile(r"p\.?\s?m\b|μ|ب|عصر|مس|م|ös", re.IGNORECASE), "p"),
)
_HALF = (
    r"(?P<half>(?i:[ap]\.?\s?m)\b|[πμ]\.?\s?μ\b|[قب]\.?\s?ظ(?!\w)|صباحا?ً?(?!\w)|مساءا?ً?(?!\w)|صبح(?!\w)|عصر(?!\w)|[صم](?!\w)|ÖÖ\b|ÖS\b"
    r"|[^\W\d_]\.\s?[^\W\d_]\.)\.?"
)
"""What tells the halves of a day, and in the end any two letters with dots that may do so in another language."""
_AT = (
    r"(?P<at>T|(?i:at|klockan|klo?|um|godz|o godz|saat|soat|сағат|саат|соати|ժամը|a las|às|الساعة|ساعت|در ساعت|เวลา)"
    r"\b\.?\s?|(?i:[ваоуoà])\s)?"
)
_ZONE = r"(?:\s*(?P<zone>Z\b|[+\-−]\d{2}:?\d{2}\b|[A-ZÖ]{2,5}(?:[+-]\d{1,2})?\b|(?i:МСК)\b|\((?:[A-Z]{2,5}|МСК)\)))?"
_CLOCK = (
    rf"(?:(?P<ahead>{'|'.join(_AHEAD)})\s?)?"
    r"(?P<hour>\d{1,2})(?:(?P<mark>[:.])|\s?[時时시点點hHч]\s?(?=\d))(?P<minute>\d{2}|\d(?=\s?[分분]))"
    r"(?:\s?[分분]|:(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?![:：\d]|[./]\d)"
    rf"(?:\s?{_HALF})?(?:\s?(?P<after>(?i:Uhr|Std)\b|น\.|(?i:hrs?|horas)\b))?{_ZONE}"
)
_YEAR_WORD = (
    r"(?:[\s-]?(?i:года|годзе|год|г|року|р|ж|жылы|жылғы|жыл|йил|yil|y|соли|сол|с|ум|թվական|թ|წელი|წ|roku|r|d"
    r"|c[iıuü] il|il|م|ม)(?!\w)\.?)?"
)
_WEEKDAY = (
    r"(?:,?\s?(?:\(\w{1,3}\)|(?i:pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
    r"|понеділок|вівторок|середа|четвер|п['’ʼ]ятниця|субота|неділя)(?!\w)"
    r"|(?:星期|[週周])[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일))?"
)
_AFTER_DATE = re.compile(rf"{_YEAR_WORD}{_WEEKDAY}[\s,|·•–—،/-]{{0,4}}{_AT}{_CLOCK}")
_AFTER_STOP = re.compile(rf"\.(?:\s\(\w\))?\s{_AT}{_CLOCK}")
_BEFORE_DATE = re.compile(rf"{_AT}{_CLOCK}[\s,|·•–—،/-]{{1,4}}$")
_LONGEST_CLOCK = 40
"""Characters."""
_ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), 0),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},  # RFC 822, 5.1
    **{"MSK": 3, "МСК": 3, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3},
}


def clock_at(line: str, start: int, end: int) -> re.Match[str] | None:
    """The clock right after a date that stands from `start` to `end` on a line, else the one right before it."""
    after = _AFTER_DATE.match(line, end) or _AFTER_STOP.match(line, end)
    if _is_clock(after):
        return after
    before = _BEFORE_DATE.search(line, max(0, start - _LONGEST_CLOCK), start)
    return before if _is_clock(before) else None


def _is_clock(found: re.Match[str] | None) -> bool:
    return found is not None and bool(found["mark"] != "." or found["at"] or found["half"] or found["after"])


def instant(day: date, clock: re.Match[str], zone: str) -> datetime | None:
    """The instant that a clock names, or None where it names none that we know: then the day alone is claimed."""
    hour = int(clock["hour"])
    half = _half(clock)
    if half is None or (half and not 0 <= hour <= 12):
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    place = _zone(clock["zone"], zone)
    try:
        civil = datetime.combine(day, time(hour, int(clock["minute"]), int(clock["second"] or 0)))
        return civil.replace(tzinfo=place).astimezone(UTC) if place is not None else None
    except (ValueError, OverflowError):
        return None


def _half(clock: re.Match[str]) -> str | None:
    """`a` before noon, `p` after it, nothing where the clock has 24 hours; None for a half that is not known."""
    if clock["ahead"]:
        return _AHEAD[clock["ahead"]]
    if not clock["half"]:
        return ""
    return next((half for pattern, half in _HALVES if pattern.match(clock["half"])), None)


def _zone(name: str | None, own: str) -> tzinfo | None:
    if not name:
        return ZoneInfo(own)
    name = name.strip("()").replace("−", "-").upper()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if offset is None:
        return None
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(shift if offset[1] == "+" else -shift) if shift < timedelta(hours=24) else None
