"""Dates that programs write: RFC 822 with all its relatives, ISO 8601, seconds since 1970. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from crawler.dates import DateReader
from storage.types import Published

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:(GMT|UTC|Z|[ECMP][SD]T)|([+-])(\d\d)(\d\d))"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)")
_AMERICAN = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""Source: RFC 822, 5.1."""
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?\s?(Z|[+-]\d\d:?\d\d)?)?")
_ASCTIME = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3,9})\s+(\d{1,2}),?\s+(\d\d?:\d\d(?::\d\d)?)\s*([A-Z]{2,5}|[+-]\d{4})?\s+(\d{4})"
)
_SHORT_YEAR = re.compile(r"(?:[^\W\d]{2,10}\.?,?\s*)?(\d{1,2})[\s-]([^\W\d]{3,9})\.?[\s-](\d\d)(?=\s|$)(.*)")
_DAY_AND_CLOCK = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2}\s[^\W\d_]{2,14}\.?,?\s\d{4}),?\s+(\d\d?)[:.](\d\d)(?:[:.](\d\d))?(.*)"
)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+|\d{3})?")
_NOT_BEFORE = 500_000_000
"""Seconds: the end of 1985. A smaller number is none that counts from 1970."""


# Names of zones that mean one thing, beside those that every date line knows. Not IST, AMT, GST: they mean several.
_ZONES = {
    "BST": "+0100", "WET": "+0000", "WEST": "+0100", "TRT": "+0300", "EAT": "+0300", "CAT": "+0200", "SAST": "+0200",
    "WAT": "+0100", "PKT": "+0500", "WIB": "+0700", "WITA": "+0800", "WIT": "+0900", "HKT": "+0800", "SGT": "+0800",
    "JST": "+0900", "KST": "+0900", "AEST": "+1000", "AEDT": "+1100", "AWST": "+0800", "NZST": "+1200",
    "NZDT": "+1300", "z": "Z",
}  # fmt: skip
_ZONE_NAME = re.compile(rf"(?<=\d)\s*\b({'|'.join(_ZONES)})$")


def read_stamp(text: str, dates: DateReader) -> Published:
    """What a date field says; no day if it is none that we know. A time without a zone is in the source's. Pure."""
    line = " ".join(text.split())
    exact = _exact(line)
    if exact is not None:
        return _at(exact, dates.zone, line)
    written = _ZONE_NAME.sub(lambda name: f" {_ZONES[name[1]]}", line)
    published = dates.claimed(written)
    if published.day is None and (epoch := _EPOCH.fullmatch(line)):
        return _of_epoch(int(epoch[1]), dates.zone, line)
    if published.day is None:
        found = ((form.fullmatch(written), rewrite) for form, rewrite in _REWRITTEN)
        published = next((dates.claimed(rewrite(one, dates)) for one, rewrite in found if one), published)
    return replace(published, text=line) if published.day is not None else published


def _exact(line: str) -> datetime | None:
    """An instant as the standards write it. Nine dates of ten are one, and it costs a tenth of the general reader."""
    try:
        if _ISO.fullmatch(line):
            return datetime.fromisoformat(line)
        if found := _RFC822.fullmatch(line):
            day, month, year, hour, minute, second, name, sign, hours, minutes = found.groups("0")
            shift = timedelta(hours=int(hours) + _AMERICAN.get(name, 0), minutes=int(minutes))
            zone = timezone(-shift if sign == "-" else shift)
            return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except (ValueError, KeyError):
        pass
    return None


def _of_epoch(seconds: int, zone: str, text: str) -> Published:
    return _at(datetime.fromtimestamp(seconds, UTC), zone, text) if seconds >= _NOT_BEFORE else Published(zone=zone)


def _at(instant: datetime, zone: str, text: str) -> Published:
    try:
        at = instant.astimezone(UTC)
        return Published(day=at.astimezone(ZoneInfo(zone)).date(), at=at, zone=zone, text=text)
    except OverflowError:  # .NET's first and last moments, which stand for none
        return Published(zone=zone)


def _compact(found: re.Match[str], dates: DateReader) -> str:
    year, month, day, hour, minute, second, zone = found.groups("")
    clock = f" {hour}:{minute}:{second or '00'} {zone}" if hour else ""
    return f"{year}-{month}-{day}{clock}"


def _asctime(found: re.Match[str], dates: DateReader) -> str:
    """Source: C11, 7.27.3.1, and `date` of POSIX, which puts the zone before the year."""
    month, day, clock, zone, year = found.groups("")
    return f"{day} {month} {year} {clock} {zone}"


def _day_in_words(found: re.Match[str], dates: DateReader) -> str:
    """A day in the words of a language that is only read alone, and a time of day behind it."""
    words, hour, minute, second, zone = found.groups("")
    day = dates.claimed(words).day
    return f"{day} {hour}:{minute}:{second or '00'}{zone}" if day else ""


def _short_year(found: re.Match[str], dates: DateReader) -> str:
    """Source: RFC 2822, 4.3: 00 to 49 are 2000 to 2049."""
    day, month, year, rest = found.groups("")
    return f"{day} {month} {'20' if int(year) < 50 else '19'}{year}{rest}"


_REWRITTEN = ((_COMPACT, _compact), (_ASCTIME, _asctime), (_SHORT_YEAR, _short_year), (_DAY_AND_CLOCK, _day_in_words))
