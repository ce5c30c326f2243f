"""Months by their names, and years of other eras, as days of the Gregorian calendar. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import jdatetime

YEARS = range(1970, 2101)
"""Years that are read. Most of what bears another one is a number of something else, or a day of remembrance."""

ERAS = {
    **{"令和": 2018, "令": 2018, "平成": 1988, "平": 1988, "昭和": 1925, "昭": 1925},
    **{"民國": 1911, "民国": 1911, "中華民國": 1911, "พ.ศ.": -543, "ค.ศ.": 0},
}
"""What is added to a year of an era to make it one of ours: Reiwa 1 is 2019, Minguo 1 is 1912, 2543 BE is 2000."""
JAPANESE_LETTERS = {"R": 2018, "H": 1988, "S": 1925}

# What one letter is typed as on different keyboards, and marks that are left out as often as not: Arabic for Persian
# letters, hamzas, the dot that the small letters of a Turkish I have or lack, apostrophes of abbreviations.
_ALIKE = str.maketrans("أإآٱيىكı", "ااااییکi")
_MARKS = re.compile("[\u0307\u0640\u064b-\u065f\u05f3\u0970'’ʻʼ]")


@lru_cache(4096)
def folded(name: str) -> str:
    """A name of a month as it is compared."""
    name = unicodedata.normalize("NFKC", name).casefold().translate(_ALIKE)
    return " ".join(_MARKS.sub("", name).split()).rstrip(".")


_SOLAR_HIJRI = {
    folded(word): number
    for number, words in enumerate(
        (
            "فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد امرداد اسد", "شهریور سنبله",
            "مهر میزان", "آبان عقرب", "آذر قوس", "دی جدی", "بهمن دلو", "اسفند حوت",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
"""The months of Iran and of Afghanistan, which have the same days."""
_SOLAR_HIJRI_YEARS = range(1340, 1480)
_BUDDHIST_YEARS = range(2513, 2644)


@cache
def _months() -> Mapping[str, Mapping[str, int]]:
    """Each language's names of the months, folded, with their numbers."""
    tables = tomllib.loads((Path(__file__).parent / "months.toml").read_text("utf-8"))
    return {
        language: {
            folded(word.replace("_", " ")): number
            for number, words in enumerate(months, start=1)
            for word in words.split()
        }
        for language, months in tables.items()
    }  # fmt: skip


@cache
def _meanings() -> Mapping[str, frozenset[int]]:
    """Which months a name means in any language: `listopad` is the eleventh in Poland and the tenth in Croatia."""
    found: dict[str, set[int]] = {}
    for table in _months().values():
        for word, number in table.items():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def month_of(word: str, languages: Sequence[str]) -> int | None:
    """The number of a Gregorian month by its name in the source's languages, else in any if it means one month."""
    word = folded(word)
    for language in languages:
        if number := _months().get(language, {}).get(word):
            return number
    meanings = _meanings().get(word, frozenset())
    return next(iter(meanings)) if len(meanings) == 1 else None


def solar_hijri_month(word: str) -> int | None:
    """The number of a month of the Solar Hijri calendar by its name."""
    word = folded(word)
    return _SOLAR_HIJRI.get(word) or _SOLAR_HIJRI.get(word.removesuffix("ماه"))


def solar_hijri(year: int, month: int, day: int) -> date | None:
    """The day of a date of the Solar Hijri calendar, or None where there is no such date."""
    if year not in _SOLAR_HIJRI_YEARS:
        return None
    try:
        found: date = jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return None
    return found


def year_of(year: int, languages: Sequence[str], zone: str) -> int:
    """The Gregorian year that a source's number means, where the source's language or zone says that it counts others.

    Thailand counts from 543 before our era, Taiwan from 1911; a year of three digits is nobody else's.
    """
    if "th" in languages and year in _BUDDHIST_YEARS:
        return year - 543
    if zone == "Asia/Taipei" and 59 <= year <= 189:
        return year + 1911
    return year


def gregorian(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is no such day or its year is not read."""
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
