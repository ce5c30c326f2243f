"""Dates and the names of months as the Unicode CLDR writes them. Touches nothing but values."""

from __future__ import annotations

import pytest
from babel.dates import format_date, get_month_names

from crawler.dates import claimed
from crawler.dates.calendars import month_of
from tests.crawler.dates.date_forms import MONTHS, every_day

pytestmark = pytest.mark.slow

LOCALES = (
    "en", "en_GB", "ru", "be", "uk", "kk", "ky", "tg", "hy", "uz", "uz_Cyrl", "az", "ka", "pl", "de", "fr", "es", "pt",
    "it", "sv", "tr", "zh", "zh_Hant", "ja", "ko", "ar", "ar_SY", "ar_MA", "fa", "th", "lt", "lv", "et", "fi", "cs",
    "ro", "he", "hi", "mn", "vi", "ms", "is", "bs", "ur", "bn",
)  # fmt: skip
"""As the Unicode CLDR writes dates there, by way of a library that the reader does not use."""


@pytest.mark.parametrize("locale", LOCALES)
def test_each_day_of_a_year_is_read_as_the_cldr_writes_it(locale: str) -> None:
    own = (locale.partition("_")[0],)
    for day in every_day():
        for style in ("full", "long", "medium"):
            line = format_date(day, style, locale=locale)
            assert claimed(line, languages=own).day == day, line
            assert claimed(line).day in (day, None), f"{line}: a stranger to the language may not read a wrong day"


@pytest.mark.parametrize("locale", ["be", "uk", "kk", "hy", "az", "ka", "de", "lv", "et", "ru"])
def test_each_day_of_a_year_is_read_with_dots_and_a_short_year(locale: str) -> None:
    for day in every_day():
        line = format_date(day, "short", locale=locale)
        assert claimed(line, languages=(locale,)).day == day, line


@pytest.mark.parametrize("language", [language for language in MONTHS if language != "mn"])
def test_each_name_of_a_month_in_the_cldr_is_known(language: str) -> None:
    # Mongolian counts its months: "the first month" has a form of its own.
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            names = get_month_names(width, context, locale=language)
            assert [month_of(name, [language]) for name in names.values()] == list(names), (context, width)


def test_in_one_language_a_month_s_name_means_one_month() -> None:
    for language, months in MONTHS.items():
        words = [word for names in months for word in names]
        assert len(words) == len(set(words)), language
        assert len(months) == 12
        assert all(months), language
