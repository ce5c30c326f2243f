"""Visible date lines. All right or none: never a wrong day, never an invented one. Pure.

Read exactly: `28.11.2024`, `28/11/2024` (in the source's order), `2024-11-28`, `2024年11月28日`, day, month and year in
the words of `months.toml`, in the orders in which our languages write them, and the years of Japan, Taiwan, Thailand
and Iran; each with or without a time. A time without a zone is in the source's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from crawler.calendars import ERAS, JAPANESE_LETTERS, gregorian, month_of, solar_hijri, solar_hijri_month, year_of
from storage.types import Published

LINE_LIMIT = 100
"""Characters. A longer text is no date line."""

# Direction marks, zero-width characters and soft hyphens stand inside numbers and words, and mean nothing.
_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
)

# Letters with the marks that Arabic, Hebrew, Thai and Indian scripts put on them.
_LETTER = (
    r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e'’ʻʼ])"
)
_TWO_WORDS = rf"(?:كانون|تشرين)\s{_LETTER}{{2,8}}"
_ABBREVIATED_IN_THAI = r"[\u0e01-\u0e4e]{1,4}\.[\u0e01-\u0e2e]\."
_MONTH = rf"(?P<month>{_TWO_WORDS}|{_ABBREVIATED_IN_THAI}|[^\W\d_]{_LETTER}{{1,14}})\.?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_ERA = r"(?:(?P<era>พ\.ศ\.|ค\.ศ\.)\s?)?"
_NO_NUMBER_BEFORE = r"(?<![\w./:+-])(?<!\d[-–—/] )(?<!\d [-–—/] )(?<!\d[-–—])"
_NO_NUMBER_AFTER = r"(?![\w/]|[.:-]\d)"
_YEAR_AFTER = r"(?![\da-zA-Z]|[/:]\d|[.-]\d)"
_AFTER_DAY = r"(?:st|nd|rd|th|er|º|°|[-‑]?(?:го|е|і|ші|шы|чи|ой|и|ի|ին|ს)(?!\w))?[.,]?"
_OF = r"(?:(?:de|of|di|du|del|di)\s|d['’])?"
_YEAR_WORD_BEFORE = (
    r"(?:жылғы|жылдың|жылдын|жылы|жыл|ж\.|йилнинг|йилги|йил|yilning|yilgi|yil|թվականի|թ\.|m\.|metų|gada|წლის|წ\.|il)"
)

_FORMS = tuple(
    re.compile(_NO_NUMBER_BEFORE + form, re.IGNORECASE)
    for form in (
        # 28 November 2024, 28th of November, 2024, 3. Juli 2018, 27 de enero de 2026, 17-ноябрь, 2025-жыл, 17-Nov-2025
        rf"{_DAY}{_AFTER_DAY}[\s/-]{{0,3}}{_OF}{_MONTH},?[\s/-]{{0,3}}(?:del?\s)?{_ERA}{_YEAR}{_YEAR_AFTER}",
        # 31Dec22, 11 Jan 23: a year of two digits only where nothing comes after it but a time
        rf"{_DAY}[\s-]?(?P<month>{_LETTER}{{3,9}})\.?[\s-]?['’]?(?P<short>\d{{2}})(?=\s*$|,?\s+\d{{1,2}}:\d{{2}})",
        # November 28, 2024 and Նոյեմբերի 28, 2024
        rf"{_MONTH}[\s/-]{{1,2}}{_DAY}(?:st|nd|rd|th)?,?[\s/-]{{1,2}}{_YEAR}{_YEAR_AFTER}",
        # 2025 жылғы 17 қараша, 2025-жылдын 17-ноябры, 2025 ж. 17 қараша, 2025-yil 17-noyabr, 2024. gada 1. janvāris
        rf"{_YEAR}[.]?[\s-]?{_YEAR_WORD_BEFORE},?\s?{_DAY}\.?(?:[-‑](?:і|ші|шы))?[\s-]{{1,2}}{_MONTH}(?!\w)",
        # 2024 թ. հունվարի 1, 2024 m. sausio 1 d., 2024. január 1., 2025 Nov 17
        rf"{_YEAR}[.,]?[\s-]{{0,2}}(?:{_YEAR_WORD_BEFORE}\s?)?{_MONTH}[\s-]{{1,2}}{_DAY}(?![\d:/]|[.-]\d)",
        rf"(?:(?P<era>令和|平成|昭和|中華民國|民國|民国)\s?)?(?P<year>\d{{1,4}}|元)\s?[年년]\s?(?P<number>\d{{1,2}})\s?[月월]"
        rf"\s?{_DAY}\s?[日일号號]",
        rf"(?P<letter>[RHS])(?P<year>\d{{1,2}})[./](?P<number>\d{{1,2}})[./]{_DAY}{_NO_NUMBER_AFTER}",
        rf"(?P<year>1\d{{2}}|\d{{2,3}}(?=\.))(?P<mark>[-/.])(?P<number>\d{{1,2}})(?P=mark){_DAY}{_NO_NUMBER_AFTER}",
        rf"{_YEAR}(?P<mark>[-/.]|\.\s)(?P<number>\d{{1,2}})(?P=mark){_DAY}(?=T\d|\.?{_NO_NUMBER_AFTER})",
        rf"{_DAY}\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}{_YEAR_AFTER}",
        rf"{_DAY}[.\s]\s?(?P<roman>[IVX]{{1,4}})[.\s]\s?{_YEAR}{_YEAR_AFTER}",
        rf"(?P<first>\d{{1,2}})(?P<mark>[-/])(?P<second>\d{{1,2}})(?P=mark){_YEAR}{_YEAR_AFTER}",
    )
)
_SHORT = re.compile(r"(\d{1,2})\.(\d{2})\.(\d{2})(?=$|,?\s+\d{1,2}:\d{2}$)")
"""28.11.24: only as a whole line, for versions and chapters look the same."""
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_CHINESE_DIGITS = {char: str(number) for number, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_CHINESE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,4})([日号號])"
)

_CLOCK = (
    r"(?:(?P<ahead>午前|午後|上午|下午|오전|오후)\s?)?"
    r"(?P<hour>\d{1,2})(?:[:：]|\s?[時时点點h]\s?(?=\d))(?P<minute>\d{2})(?:分|[:：](?P<second>\d{2})(?:[.,]\d{1,9})?)?(?![:：\d])"
    r"(?:\s?(?P<half>[apAP])\.?[mM]\b\.?|\s?(?P<arabic>[صم])(?!\w))?"
    r"(?:\s?Uhr\b)?"
    r"(?:\s*(?P<zone>Z\b|[+\-−]\d{2}:?\d{2}\b|[A-Z]{2,5}(?:[+-]\d{1,2})?\b|МСК\b|\((?:[A-Z]{2,5}|МСК)\)))?"
)
_YEAR_WORD = r"(?:\s?(?:г\.|года|год|годзе|р\.|року|г|ж\.|жыл|йил|yil|сол|թ\.|d\.)(?!\w))?"
_AT = r"(?:T|at\s|в\s|у\s|о\s|à\s|um\s|kl\.?\s|klo\s|a las\s|às\s|saat\s|soat\s|الساعة\s|ساعت\s)?"
_WEEKDAY = r"(?:[(（]\w{1,3}[)）])?"
_CLOCK_AFTER = re.compile(rf"{_YEAR_WORD}{_WEEKDAY}[\s,|·•–—،-]{{0,4}}{_AT}{_CLOCK}")
_CLOCK_BEFORE = re.compile(rf"{_CLOCK}[\s,|·•–—،-]{{1,4}}$")
_ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), 0),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},  # RFC 822, 5.1
    **{"MSK": 3, "МСК": 3, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3},
}

# What may stand on a date line beside the date; more words than `_SPARE_WORDS` of others, and it is a sentence.
_SPARE_WORDS = 3
_UPDATED = re.compile(
    r"(?:updated|modified|changed|edited|обновл\w+|изменен\w+|оновлен\w+|uppdaterad|aktualisiert|geändert|mise? à jour"
    r"|actualizad[oa]|aktualizacja|zmodyfikowan\w+|абноўлен\w+|жаңарт\w+|жаңыр\w+|թարմացվ\w+|განახლ\w+|yangilan\w+"
    r"|yenilən\w+|güncelle\w+|atualizad[oa]|aggiornat\w+|päivitetty|uuendatud|atjaunin\w+|atnaujin\w+"
    r"|更新(?:日期?|时间|日時)?|آخر تحديث|به ?روزرسانی)(?:\s+\w{1,3})?\W*$",
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
        return find_date(text, languages=self.languages, zone=self.zone, day_first=self.day_first)


def claimed(text: str, *, languages: Sequence[str] = (), zone: str = "UTC", day_first: bool = True) -> Published:
    """What a visible date line says: a text that is a date, with at most a label or a place beside it.

    A line with two days says nothing, unless the others are marked as times of an update. `zone` is the source's IANA
    zone; `day_first` tells 02/05/2024 from 05/02/2024. Never raises.
    """
    line = _plain(text)
    if not line or len(line) > LINE_LIMIT or not any(char.isdigit() for char in line):
        return Published(zone=zone)
    found = list(_scan(line, languages, zone, day_first)) or list(_short(line, zone, day_first))
    rest = line
    for one in reversed(found):
        rest = rest[: one.start] + " " + rest[one.end :]
    first_seen = [one for one in found if not one.is_update] or found
    if len({one.published.day for one in first_seen}) != 1 or not _is_spare(rest):
        return Published(zone=zone)
    return replace(max((one.published for one in first_seen), key=lambda one: one.at is not None), text=line)


def find_date(text: str, *, languages: Sequence[str] = (), zone: str = "UTC", day_first: bool = True) -> Published:
    """The first date inside other text that is not marked as the time of an update. Never raises."""
    found = [one for one in _scan(_plain(text), languages, zone, day_first) if not one.is_update]
    return found[0].published if found else Published(zone=zone)


def _plain(text: str) -> str:
    """The text as one line, without what cannot be seen, and with Chinese dates in digits."""
    line = " ".join(text.translate(_UNSEEN).split()).replace(" ,", ",")  # `<b>20</b> <i>May</i> , 2013`
    return _CHINESE.sub(_in_digits, line)


def _in_digits(match: re.Match[str]) -> str:
    year = "".join(_CHINESE_DIGITS[char] for char in match[1])
    return f"{year}年{_chinese_number(match[2])}月{_chinese_number(match[3])}{match[4]}"


def _chinese_number(text: str) -> int:
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, mark, ones = text.rpartition("十")
    ten = int(_CHINESE_DIGITS[tens[0]]) if tens else len(mark)
    return ten * 10 + int(_CHINESE_DIGITS[ones[0]] if ones else 0)


# -- the exact reader ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    published: Published
    is_update: bool


def _scan(line: str, languages: Sequence[str], zone: str, day_first: bool) -> Iterator[_Found]:
    """All dates of a line, in order."""
    matches = sorted((match for form in _FORMS for match in form.finditer(line)), key=lambda match: match.start())
    end = 0
    for match in matches:
        day = _day(match, languages, zone, day_first) if match.start() >= end else None
        if day is None:
            continue
        start, end = match.span()
        before = _CLOCK_BEFORE.search(line, 0, start)
        clock = _CLOCK_AFTER.match(line, end) or before
        if clock is not None:
            start, end = min(start, clock.start()), max(end, clock.end())
        is_update = bool(_UPDATED.search(line, 0, start))
        yield _Found(start, end, _published(day, clock, zone, line[start:end]), is_update)


def _short(line: str, zone: str, day_first: bool) -> Iterator[_Found]:
    match = _SHORT.match(line)
    if match is None or not day_first:
        return
    day = gregorian(2000 + int(match[3]), int(match[2]), int(match[1]))
    if day is not None:
        clock = _CLOCK_AFTER.match(line, match.end())
        end = clock.end() if clock else match.end()
        yield _Found(0, end, _published(day, clock, zone, line), is_update=False)


def _day(match: re.Match[str], languages: Sequence[str], zone: str, day_first: bool) -> date | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    day, month = int(parts.get("day") or 0), _month(parts, languages)
    if "first" in parts:
        pair = (int(parts["first"]), int(parts["second"]))
        day, month = pair if day_first else pair[::-1]
    year = 1 if parts.get("year") == "元" else int(parts.get("year") or 0)
    if "short" in parts:
        if month_of(match.string[: match.start()].strip().rpartition(" ")[2], languages):
            return None  # Nov 28 Nov 28 is two days of no year
        year = int(parts["short"]) + (1900 if int(parts["short"]) >= 70 else 2000)
    if "letter" in parts:
        return gregorian(year + JAPANESE_LETTERS.get(parts["letter"], -year), month, day) if "ja" in languages else None
    if "era" in parts:
        return gregorian(year + ERAS[parts["era"].replace(" ", "")], month, day)
    if "month" in parts and (persian := solar_hijri_month(parts["month"])):
        return solar_hijri(year, persian, day)
    if not {"fa", "ps"}.isdisjoint(languages) and year < 1500 and "month" not in parts:
        return solar_hijri(year, month, day)
    is_thai = "month" in parts and "\u0e00" <= parts["month"][0] <= "\u0e7f"
    return gregorian(year_of(year, (*languages, "th") if is_thai else languages, zone), month, day)


def _month(parts: dict[str, str], languages: Sequence[str]) -> int:
    if "month" in parts:
        return month_of(parts["month"], languages) or 0
    if "roman" in parts:
        return _ROMAN.index(parts["roman"]) if parts["roman"] in _ROMAN else 0
    return int(parts.get("number") or 0)


def _published(day: date, clock: re.Match[str] | None, zone: str, text: str) -> Published:
    at = _instant(day, clock, zone) if clock is not None else None
    if at is None:
        return Published(day=day, zone=zone, text=text)
    return Published(day=at.astimezone(ZoneInfo(zone)).date(), at=at, zone=zone, text=text)


def _instant(day: date, clock: re.Match[str], zone: str) -> datetime | None:
    """The instant that a clock names, or None where it names none that we know: then the day alone is claimed."""
    hour, half = int(clock["hour"]), _half(clock)
    if half:
        if not 0 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    place = _zone(clock["zone"], zone)
    try:
        civil = datetime.combine(day, time(hour, int(clock["minute"]), int(clock["second"] or 0)))
        return civil.replace(tzinfo=place).astimezone(UTC) if place is not None else None
    except (ValueError, OverflowError):
        return None


def _half(clock: re.Match[str]) -> str:
    """`a` before noon, `p` after it, nothing where the clock has 24 hours."""
    if clock["ahead"]:
        return "p" if clock["ahead"] in ("午後", "下午", "오후") else "a"
    return {"ص": "a", "م": "p"}.get(clock["arabic"] or "", (clock["half"] or "").lower())


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
