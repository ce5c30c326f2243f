"""Visible date lines. All right or none: never a wrong day, never an invented one. Pure.

Read exactly: `28.11.2024`, `28/11/2024` (in the source's order), `2024-11-28`, `2024年11月28日`, day, month and year in
the words of `months.toml`, in the orders in which our languages write them, and the years of Japan, Taiwan, Thailand
and Iran; each with or without a time. A time without a zone is in the source's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from crawler.dates.alone import day_alone
from crawler.dates.calendars import ERAS, JAPANESE_LETTERS, gregorian, month_of, solar_hijri, solar_hijri_month, year_of
from crawler.dates.clocks import clock_at, instant
from crawler.dates.text import plain, printed
from crawler.dates.words import UPDATED
from storage.types import Published

LINE_LIMIT = 100
"""Characters. A longer text is no date line."""

# Letters with the marks that Arabic, Hebrew, Thai and Indian scripts put on them.
_LETTER = (
    r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u05f3\u064b-\u065f\u0670\u0900-\u0963\u0970\u0981-\u09cd\u0e31\u0e34-\u0e3a"
    r"\u0e47-\u0e4e'’ʻʼ])"
)
_TWO_WORDS = rf"(?:كانون|تشرين)\s{_LETTER}{{2,8}}"
_ABBREVIATED_IN_THAI = r"[\u0e01-\u0e4e]{1,4}\.[\u0e01-\u0e2e]\."
_TWIN = rf"(?:\s?/\s?(?P<twin>(?!\d){_LETTER}{{3,12}}))?"  # 28 تشرين الثاني/نوفمبر 2024: two names of one month
_MONTH = rf"(?P<month>{_TWO_WORDS}|{_ABBREVIATED_IN_THAI}|[^\W\d_]{_LETTER}{{1,14}})\.?"
_DAY = r"(?P<day>\d{1,2})"
_NUMBER = r"(?P<number>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_ERA = r"(?:(?P<era>พ\.ศ\.|ค\.ศ\.)\s?)?"
_ERA_SIGN = r"(?P<era>令和|平成|昭和|令|平|昭|中華民國|民國|民国)"
_OTHER_YEAR = r"(?:\s?\((?:令和|平成|昭和|民國)?(?:\d{1,4}|元)年?\))?"
_CLOCK_FOLLOWS = r"(?!\d?:\d)"
_NO_NUMBER_BEFORE = (
    r"(?=\w)(?:(?<![\w./+-])|(?<=[\u3040-\u30ff\u4e00-\u9fff]))(?<!\d:)(?<!\d[-–—])"
    r"(?:(?<!\d[-–—/] )(?<!\d [-–—/] )|(?<=:\d\d [-–—/] ))"
)
_NO_NUMBER_AFTER = rf"(?![\w/]|[.:-]\d{_CLOCK_FOLLOWS})"
_YEAR_AFTER = rf"(?!\d|(?!r\b)[a-zA-Z]|[/:]\d|[.-]\d{_CLOCK_FOLLOWS})"
_AFTER_DAY = r"(?:st|nd|rd|th|er|o|º|°|[-‑]?(?:го|е|і|ші|шы|чи|ой|у?ми?|юми?|и|ի|ին|ს)(?!\w))?[.,]?"
_OF = r"(?:(?:de|of|di|du|del|di)\s|d['’])?"
_OF_YEAR = r"(?:(?:del?|соли|с\.|ماه|năm)\s)?"
_YEAR_WORD_BEFORE = (
    r"(?:жылғы|жылдың|жылдын|жылы|жыл|ж\.|йилнинг|йилги|йил|yilning|yilgi|yil|թվականի|թ\.|m\.|metų|gada|წლის|წ\.|оны"
    r"|(?:c[iıuü]\s)?ilin|(?:c[iıuü]\s)?il)"
)

_FORMS = tuple(
    re.compile(_NO_NUMBER_BEFORE + form, re.IGNORECASE)
    for form in (
        # 28 November 2024, 28th of November, 2024, 3. Juli 2018, 27 de enero de 2026, 17-ноябрь, 2025-жыл, 17-Nov-2025
        rf"{_DAY}{_AFTER_DAY}[\s/-]{{0,3}}{_OF}{_MONTH}{_TWIN},?[\s/-]{{0,3}}{_OF_YEAR}{_ERA}{_YEAR}{_YEAR_AFTER}",
        # 31Dec22, 11 Jan 23: a year of two digits only where nothing comes after it but a time
        rf"{_DAY}[\s-]?(?P<month>{_LETTER}{{3,9}})\.?[\s-]?['’]?(?P<short>\d{{2}})(?=\s*$|,?\s+\d{{1,2}}:\d{{2}})",
        # November 28, 2024 and Նոյեմբերի 28, 2024, noviembre 28 de 2024
        rf"{_MONTH}[\s/-]{{1,2}}{_DAY}(?:st|nd|rd|th)?,?[\s/-]{{1,2}}(?:del?\s)?{_YEAR}{_YEAR_AFTER}",
        # 2025 жылғы 17 қараша, 2025-жылдын 17-ноябры, 2025 ж. 17 қараша, 2025-yil 17-noyabr, 2024. gada 1. janvāris
        rf"{_YEAR}[.]?[\s-]?{_YEAR_WORD_BEFORE},?\s?{_DAY}\.?(?:[-‑](?:і|ші|шы))?[\s-]{{1,2}}{_MONTH}(?!\w)",
        # 2024, 28 noyabr
        rf"{_YEAR},\s{_DAY}\s{_MONTH}(?!\w|[.,]?\s\d{_CLOCK_FOLLOWS})",
        # 2024 թ. հունվարի 1, 2024 m. sausio 1 d., 2024. január 1., 2025 Nov 17
        rf"{_YEAR}[.,]?[\s-]{{0,2}}(?:{_YEAR_WORD_BEFORE}\s?)?{_MONTH}[\s-]{{1,2}}{_DAY}(?![\d:/]|[.-]\d)",
        rf"(?P<year>1\d{{2}}|\d{{2,3}}(?=\.))(?P<mark>[-/.]){_NUMBER}(?P=mark){_DAY}{_NO_NUMBER_AFTER}",
        rf"{_YEAR}(?P<mark>[-/.]|\.\s){_NUMBER}(?P=mark){_DAY}(?=T\d|\.?{_NO_NUMBER_AFTER})",
        rf"{_DAY}\.\s?{_NUMBER}\.\s?{_YEAR}{_YEAR_AFTER}",
        rf"{_DAY}[.\s]\s?(?P<roman>[IVX]{{1,4}})[.\s]\s?{_YEAR}{_YEAR_AFTER}",
        rf"(?P<first>\d{{1,2}})(?P<mark>[-/])(?P<second>\d{{1,2}})(?P=mark){_YEAR}{_YEAR_AFTER}",
    )
)
_SIGNED_FORMS = tuple(
    (signs, re.compile(_NO_NUMBER_BEFORE + form, re.IGNORECASE))
    for signs, form in (
        (
            ("年", "년"),
            rf"(?:{_ERA_SIGN}\s?)?(?P<year>\d{{1,4}}|元){_OTHER_YEAR}\s?[年년]{_OTHER_YEAR}\s?{_NUMBER}\s?[月월]\s?{_DAY}\s?[日일号號]",
        ),
        (
            ("令", "平", "昭", "民"),
            rf"{_ERA_SIGN}\s?(?P<year>\d{{1,3}})(?P<mark>[-/.]){_NUMBER}(?P=mark){_DAY}{_NO_NUMBER_AFTER}",
        ),
        (("R", "H", "S"), rf"(?P<letter>[RHS])(?P<year>\d{{1,2}})[./]{_NUMBER}[./]{_DAY}{_NO_NUMBER_AFTER}"),
        (
            ("оны",),
            rf"{_YEAR}\sоны\s(?:{_NUMBER}(?:-р|\sд[уү]г[аэ]{{2}}р)?|(?P<month>(?:арван\s)?{_LETTER}{{5,15}}))\sсарын\s{_DAY}(?:-н[ыий])?(?!\w)",
        ),
        (("háng", "thg"), rf"{_DAY}\s(?:tháng|thg)\s{_NUMBER},?\s{_OF_YEAR}{_YEAR}{_YEAR_AFTER}"),
    )
)
"""Forms that are looked for only where one of their signs stands: most lines have none. Mongolian and Vietnamese are
2024 оны 11 дүгээр сарын 28, 28 tháng 11 năm 2024."""
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_POINTED_CLOCK = re.compile(r"\s+,?\s*(?:0?0\.[0-5]\d|(?:[01]?\d|2[0-3])\.(?:00|1[3-9]|[2-5]\d))")
"""What stands after a whole date so is a time of day and no other day; it is not read, its zone is not told."""
# What may stand on a date line beside the date; more words than `_SPARE_WORDS` of others, and it is a sentence.
_SPARE_WORDS = 3
_UPDATED = re.compile(rf"(?:{UPDATED})(?:\s+\w{{1,3}})?\W*$", re.IGNORECASE)


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
        return find_date(text, languages=self.languages, zone=self.zone, day_first=self.day_first)


def claimed(text: str, *, languages: Sequence[str] = (), zone: str = "UTC", day_first: bool = True) -> Published:
    """What a visible date line says: a text that is a date, with at most a label or a place beside it.

    A line with two days says nothing, unless the others are marked as times of an update. `zone` is the source's IANA
    zone; `day_first` tells 02/05/2024 from 05/02/2024. Never raises.
    """
    shown = printed(text)
    if not shown or len(shown) > LINE_LIMIT or not any(char.isdigit() or char == "日" for char in shown):
        return Published(zone=zone)
    line = plain(shown)
    found = list(_scan(line, languages, zone, day_first)) or list(_alone(line, languages, zone, day_first))
    first_seen = [one.published for one in found if not one.is_update] or [one.published for one in found]
    if len({one.day for one in first_seen}) != 1 or not _is_date_line(line, found):
        return Published(zone=zone)
    return replace(max(first_seen, key=lambda one: one.at is not None), text=shown)


def find_date(text: str, *, languages: Sequence[str] = (), zone: str = "UTC", day_first: bool = True) -> Published:
    """The first date inside other text that is not marked as the time of an update. Never raises."""
    found = [one for one in _scan(plain(text), languages, zone, day_first) if not one.is_update]
    return found[0].published if found else Published(zone=zone)


# -- the exact reader ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _FoundDate:
    """A date on a line, and where on it it stands."""

    start: int
    end: int
    published: Published
    is_update: bool


def _scan(line: str, languages: Sequence[str], zone: str, day_first: bool) -> Iterator[_FoundDate]:
    """All dates of a line, in order."""
    forms = (*_FORMS, *(form for signs, form in _SIGNED_FORMS if any(sign in line for sign in signs)))
    matches = sorted((match for form in forms for match in form.finditer(line)), key=lambda match: match.start())
    end = 0
    for match in matches:
        day = _day(match, languages, zone, day_first) if match.start() >= end else None
        if day is None:
            continue
        start, end = match.span()
        clock = clock_at(line, start, end)
        if clock is not None:
            start, end = min(start, clock.start()), max(end, clock.end())
        is_update = bool(_UPDATED.search(line, max(0, start - LINE_LIMIT), start))
        yield _FoundDate(start, end, _published(day, clock, zone, line[start:end]), is_update)


def _alone(line: str, languages: Sequence[str], zone: str, day_first: bool) -> Iterator[_FoundDate]:
    found = day_alone(line, languages, day_first=day_first)
    if found is not None:
        day, end = found
        clock = clock_at(line, 0, end)
        yield _FoundDate(0, clock.end() if clock else end, _published(day, clock, zone, line), is_update=False)


def _day(match: re.Match[str], languages: Sequence[str], zone: str, day_first: bool) -> date | None:
    """The day that a form has found, or None where there is no such day."""
    parts = {name: value for name, value in match.groupdict().items() if value}
    if "short" in parts and month_of(match.string[: match.start()].strip().rpartition(" ")[2], languages):
        return None  # Nov 28 Nov 28 is two days of no year
    if "first" in parts:
        pair = (int(parts["first"]), int(parts["second"]))
        day, month = pair if day_first else pair[::-1]
    else:
        day, month = int(parts.get("day") or 0), _month(parts, languages)
    year = _year(parts)
    if "letter" in parts:
        return gregorian(year + JAPANESE_LETTERS.get(parts["letter"], -year), month, day) if "ja" in languages else None
    if "era" in parts:
        return gregorian(year + ERAS[parts["era"].replace(" ", "")], month, day)
    return _of_calendar(year, month, day, parts.get("month", ""), languages, zone)


def _year(parts: Mapping[str, str]) -> int:
    """The year as it is counted there: 元 is the first of an era, 70 is 1970, 69 is 2069."""
    if "short" in parts:
        return int(parts["short"]) + (1900 if int(parts["short"]) >= 70 else 2000)
    return 1 if parts.get("year") == "元" else int(parts.get("year") or 0)


def _of_calendar(year: int, month: int, day: int, name: str, languages: Sequence[str], zone: str) -> date | None:
    """The day of the calendar that the month's name tells, or the source's languages or zone."""
    if name and (persian := solar_hijri_month(name)):
        return solar_hijri(year, persian, day)
    if not name and year < 1500 and not {"fa", "ps"}.isdisjoint(languages):
        return solar_hijri(year, month, day)
    is_thai = name != "" and "\u0e00" <= name[0] <= "\u0e7f"
    return gregorian(year_of(year, (*languages, "th") if is_thai else languages, zone), month, day)


def _month(parts: Mapping[str, str], languages: Sequence[str]) -> int:
    if "month" in parts:
        month = month_of(parts["month"], languages) or 0
        return month if "twin" not in parts or month == month_of(parts["twin"], languages) else 0
    if "roman" in parts:
        return _ROMAN.index(parts["roman"]) if parts["roman"] in _ROMAN else 0
    return int(parts.get("number") or 0)


def _published(day: date, clock: re.Match[str] | None, zone: str, text: str) -> Published:
    at = instant(day, clock, zone) if clock is not None else None
    if at is None:
        return Published(day=day, zone=zone, text=text)
    return Published(day=at.astimezone(ZoneInfo(zone)).date(), at=at, zone=zone, text=text)


def _is_date_line(line: str, found: Sequence[_FoundDate]) -> bool:
    """Whether what stands beside the dates of a line leaves it a date line."""
    rest = line
    for one in reversed(found):
        rest = rest[: one.start] + " " + rest[one.end :]
    return _is_spare(rest) or _POINTED_CLOCK.fullmatch(rest) is not None


def _is_spare(rest: str) -> bool:
    return not any(char.isdigit() for char in rest) and len(re.findall(r"[^\W\d_]{3,}", rest)) <= _SPARE_WORDS
