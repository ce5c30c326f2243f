"""Visible date lines. All right or none: never a wrong day, never an invented one. Pure.

Read exactly: `28.11.2024`, `28/11/2024` (in the source's order), `2024-11-28`, `2024年11月28日`, and day, month and
year in the words of `months.toml`, in the orders in which our languages write them; each with or without a time.
A time without a zone is in the source's zone. Everything else is left to dateparser, if it is sure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import dateparser
from dateparser.data import language_locale_dict

from storage.types import Published

LINE_LIMIT = 100
"""Characters. A longer text is no date line."""

_YEARS = range(1970, 2101)
"""Other calendars write 1405, 2569 or 113: their years are not ours to read."""

_MONTHS: dict[str, int] = {
    word: number
    for months in tomllib.loads((Path(__file__).parent / "months.toml").read_text("utf-8")).values()
    for number, words in enumerate(months, start=1)
    for word in words.split()
}

_MONTH = r"(?P<month>[^\W\d_]{2,14})\.?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_NO_NUMBER_BEFORE = r"(?<![\w./:+-])(?<!\d[-–—/] )(?<!\d [-–—/] )(?<!\d[-–—])"
_NO_NUMBER_AFTER = r"(?![\w/]|[.:-]\d)"
_YEAR_AFTER = r"(?!\d|[/:]\d|[.-]\d)"

_FORMS = tuple(
    re.compile(_NO_NUMBER_BEFORE + form, re.IGNORECASE)
    for form in (
        # 28 November 2024, 28th of November, 2024, 3. Juli 2018, 27 de enero de 2026, 17-ноябрь, 2025-жыл
        rf"{_DAY}(?:st|nd|rd|th|er|[-‑]?(?:го|е|і|ші|шы))?[.,]?[\s-]{{0,3}}(?:de\s|of\s)?{_MONTH},?[\s-]{{1,3}}(?:de[l]?\s)?"
        rf"{_YEAR}{_YEAR_AFTER}",
        # November 28, 2024 and Նոյեմբերի 28, 2024
        rf"{_MONTH}\s{{1,2}}{_DAY}(?:st|nd|rd|th)?,?\s{{1,2}}{_YEAR}{_YEAR_AFTER}",
        # 2025 жылғы 17 қараша, 2025-жылдын 17-ноябры, 2025 ж. 17 қараша, 2025-yil 17-noyabr
        rf"{_YEAR}[\s-]?(?:жылғы|жылдың|жылдын|жылы|жыл|ж\.|yil|թ\.|թվականի)\s?{_DAY}(?:[-‑](?:і|ші|шы))?[\s-]{{1,2}}"
        rf"{_MONTH}(?!\w)",
        rf"{_YEAR}\s?[年년]\s?(?P<number>\d{{1,2}})\s?[月월]\s?{_DAY}\s?[日일]",
        rf"{_YEAR}(?P<mark>[-/.])(?P<number>\d{{1,2}})(?P=mark){_DAY}(?=T\d|{_NO_NUMBER_AFTER})",
        rf"{_DAY}\.(?P<number>\d{{1,2}})\.{_YEAR}{_YEAR_AFTER}",
        rf"(?P<first>\d{{1,2}})(?P<mark>[-/])(?P<second>\d{{1,2}})(?P=mark){_YEAR}{_YEAR_AFTER}",
    )
)

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?![:\d])"
    r"(?:\s?(?P<half>[apAP])\.?[mM]\b\.?)?"
    r"(?:\s*(?P<zone>Z\b|[+\-−]\d{2}:?\d{2}\b|[A-Z]{2,5}(?:[+-]\d{1,2})?\b|МСК\b|\((?:[A-Z]{2,5}|МСК)\)))?"
)
_YEAR_WORD = r"(?:\s?(?:г\.|года|год|р\.|г|ж\.|жыл|сол)(?!\w))?"
_AT = r"(?:T|at\s|в\s|о\s|à\s|um\s|kl\.?\s)?"
_CLOCK_AFTER = re.compile(rf"{_YEAR_WORD}[\s,|·•–—-]{{0,4}}{_AT}{_CLOCK}")
_CLOCK_BEFORE = re.compile(rf"{_CLOCK}[\s,|·•–—-]{{1,4}}$")
_ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), 0),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},  # RFC 822, 5.1
    **{"MSK": 3, "МСК": 3, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3},
}

# What may stand on a date line beside the date; more words than `_SPARE_WORDS` of others, and it is a sentence.
_SPARE_WORDS = 3
_UPDATED = re.compile(
    r"(?:updated|modified|changed|edited|обновл\w+|изменен\w+|оновлен\w+|uppdaterad|aktualisiert|geändert|mise? à jour"
    r"|actualizad[oa]|aktualizacja|zmodyfikowan\w+)(?:\s+\w{1,3})?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateReader:
    """How a source writes its dates."""

    languages: tuple[str, ...] = ()
    zone: str = "UTC"
    day_first: bool = True

    def claimed(self, text: str) -> Published:
        """See `claimed`."""
        return claimed(text, languages=self.languages, zone=self.zone, day_first=self.day_first)

    def find(self, text: str) -> Published:
        """See `find_date`."""
        return find_date(text, zone=self.zone, day_first=self.day_first)


def claimed(text: str, *, languages: Sequence[str] = (), zone: str = "UTC", day_first: bool = True) -> Published:
    """What a visible date line says: a text that is a date, with at most a label or a place beside it.

    A line with two days says nothing, unless the others are marked as times of an update. `zone` is the source's IANA
    zone; `day_first` tells 02/05/2024 from 05/02/2024. Never raises.
    """
    line = " ".join(text.split())
    if not line or len(line) > LINE_LIMIT or not any(char.isdigit() for char in line):
        return Published(zone=zone)
    found = list(_scan(line, zone, day_first))
    if not found:
        return _by_dateparser(line, tuple(languages), zone, day_first)
    rest = line
    for one in reversed(found):
        rest = rest[: one.start] + " " + rest[one.end :]
    first_seen = [one for one in found if not one.is_update] or found
    if len({one.published.day for one in first_seen}) > 1 or not _is_spare(rest):
        return Published(zone=zone)
    return replace(max((one.published for one in first_seen), key=lambda one: one.at is not None), text=line)


def find_date(text: str, *, zone: str = "UTC", day_first: bool = True) -> Published:
    """The first date inside other text that is not marked as the time of an update. Never raises."""
    found = [one for one in _scan(" ".join(text.split()), zone, day_first) if not one.is_update]
    return found[0].published if found else Published(zone=zone)


# -- the exact reader ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    published: Published
    is_update: bool


def _scan(line: str, zone: str, day_first: bool) -> Iterator[_Found]:
    """All dates of a line, in order."""
    matches = sorted((match for form in _FORMS for match in form.finditer(line)), key=lambda match: match.start())
    end = 0
    for match in matches:
        day = _day(match, day_first)
        if day is None or match.start() < end:
            continue
        start, end = match.span()
        before = _CLOCK_BEFORE.search(line, 0, start)
        clock = _CLOCK_AFTER.match(line, end) or before
        if clock is not None:
            start, end = min(start, clock.start()), max(end, clock.end())
        is_update = bool(_UPDATED.search(line, 0, start))
        yield _Found(start, end, _published(day, clock, zone, line[start:end]), is_update)


def _day(match: re.Match[str], day_first: bool) -> date | None:
    parts = match.groupdict()
    day, month = parts.get("day"), parts.get("number")
    if parts.get("first"):
        day, month = (parts["first"], parts["second"]) if day_first else (parts["second"], parts["first"])
    number = _MONTHS.get(parts["month"].lower(), 0) if parts.get("month") else int(month or 0)
    try:
        found = date(int(parts["year"]), number, int(day or 0))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _published(day: date, clock: re.Match[str] | None, zone: str, text: str) -> Published:
    at = _instant(day, clock, zone) if clock is not None else None
    if at is None:
        return Published(day=day, zone=zone, text=text)
    return Published(day=at.astimezone(ZoneInfo(zone)).date(), at=at, zone=zone, text=text)


def _instant(day: date, clock: re.Match[str], zone: str) -> datetime | None:
    """The instant that a clock names, or None where it names none that we know: then the day alone is claimed."""
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    place = _zone(clock["zone"], zone)
    try:
        civil = datetime.combine(day, time(hour, int(clock["minute"]), int(clock["second"] or 0)))
        return civil.replace(tzinfo=place).astimezone(UTC) if place is not None else None
    except (ValueError, OverflowError):
        return None


def _zone(name: str | None, own: str) -> tzinfo | None:
    if not name:
        return ZoneInfo(own)
    name = name.strip("()").replace("−", "-")
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if offset is None:
        return None
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(shift if offset[1] == "+" else -shift) if shift < timedelta(hours=24) else None


def _is_spare(rest: str) -> bool:
    """Whether what stands beside the dates of a line leaves it a date line."""
    return not any(char.isdigit() for char in rest) and len(re.findall(r"[^\W\d_]{3,}", rest)) <= _SPARE_WORDS


# -- what the exact reader does not know -----------------------------------------------------------------------------


@cache
def _known_to_dateparser(languages: tuple[str, ...]) -> list[str]:
    return [language for language in languages if language in language_locale_dict]


def _by_dateparser(line: str, languages: tuple[str, ...], zone: str, day_first: bool) -> Published:
    """A date in the words of another language, if day and year stand in it as numbers."""
    known = _known_to_dateparser(languages)
    numbers = [int(number) for number in re.findall(r"\d+", line)]
    if not known or len(numbers) != 2 or not re.search(r"[^\W\d_]{3,}", line):
        return Published(zone=zone)
    settings = {
        "DATE_ORDER": "DMY" if day_first else "MDY",
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "RETURN_AS_TIMEZONE_AWARE": False,
        "RELATIVE_BASE": datetime(2000, 1, 1),
    }
    try:
        found = dateparser.parse(line, languages=known, settings=settings)
    except (ValueError, OverflowError, RecursionError, TypeError, KeyError):
        return Published(zone=zone)
    if found is None or found.year not in _YEARS or sorted(numbers) != sorted((found.day, found.year)):
        return Published(zone=zone)
    return Published(day=found.date(), zone=zone, text=line)
