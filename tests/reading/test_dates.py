"""Visible date lines. Touches nothing but values."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler.dates
from crawler.dates import claimed, find_date
from storage.types import Precision

MONTHS: dict[str, list[list[str]]] = {
    language: [words.split() for words in months]
    for language, months in tomllib.loads(
        Path(crawler.dates.__file__).with_name("months.toml").read_text("utf-8")
    ).items()
}
FORMS = {
    "en": ("{day} {month} {year}", "{month} {day}, {year}", "{day} {month}, {year}", "Monday {day} {month} {year}"),
    "ru": ("{day} {month} {year}", "{day} {month} {year} г.", "{day:02} {month} {year} года"),
    "be": ("{day} {month} {year}", "{day} {month} {year} г."),
    "uk": ("{day} {month} {year}", "{day} {month} {year} р."),
    "kk": ("{year} жылғы {day} {month}", "{day} {month} {year}", "{day} {month} {year} жыл"),
    "ky": ("{year}-жылдын {day}-{month}", "{day}-{month}, {year}-жыл", "{day}-{month} {year}"),
    "tg": ("{day} {month} {year}", "{day} {month} {year} сол"),
    "hy": ("{day} {month}, {year}", "{month} {day}, {year}", "{day} {month} {year}"),
    "de": ("{day}. {month} {year}",),
    "fr": ("{day} {month} {year}",),
    "es": ("{day} de {month} de {year}", "{day} {month} {year}"),
    "pl": ("{day} {month} {year}", "{day} {month} {year} r."),
}
NUMERIC = (
    "{day:02}.{month:02}.{year}",
    "{day}.{month}.{year}",
    "{year}-{month:02}-{day:02}",
    "{year}/{month:02}/{day:02}",
)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize("language", FORMS)
def test_each_day_of_a_year_is_read_in_every_form_of_the_language(language: str) -> None:
    for number in range(366):
        day = date(2024, 1, 1) + timedelta(number)
        for form in FORMS[language]:
            for month in MONTHS[language][day.month - 1]:
                line = form.format(day=day.day, month=month, year=day.year)
                assert claimed(line).day == day, line


@given(DAYS, st.sampled_from(NUMERIC))
def test_each_day_is_read_in_numbers(day: date, form: str) -> None:
    published = claimed(form.format(day=day.day, month=day.month, year=day.year))
    assert (published.day, published.at) == (day, None)


@given(DAYS, st.sampled_from("/-"), st.booleans())
def test_the_order_of_day_and_month_is_the_source_s(day: date, mark: str, day_first: bool) -> None:
    first, second = (day.day, day.month) if day_first else (day.month, day.day)
    assert claimed(f"{first:02}{mark}{second:02}{mark}{day.year}", day_first=day_first).day == day


@given(st.datetimes(datetime(2000, 1, 1), datetime(2030, 12, 31)), st.integers(-12 * 60, 14 * 60))
def test_an_instant_with_an_offset_is_that_instant(civil: datetime, offset: int) -> None:
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset)
    written = f"{civil.isoformat(timespec='seconds')}{sign}{minutes // 60:02}:{minutes % 60:02}"
    expected = (civil - timedelta(minutes=offset)).replace(microsecond=0, tzinfo=UTC)
    assert claimed(written).at == expected


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader_and_no_day_comes_from_less_than_a_date(text: str) -> None:
    for published in (claimed(text, languages=("ru", "en", "uz")), find_date(text)):
        assert published.day is None or sum(char.isdigit() for char in text) >= 5


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("28.11.2024 14:05", "2024-11-28T14:05+03:00"),
        ("28.11.2024, 14:05", "2024-11-28T14:05+03:00"),
        ("14:05, 28 ноября 2024 года", "2024-11-28T14:05+03:00"),
        ("28 November 2024 at 2:30 p.m.", "2024-11-28T14:30+03:00"),
        ("28 November 2024 12:00 AM", "2024-11-28T00:00+03:00"),
        ("2019-09-18 06:23", "2019-09-18T06:23+03:00"),
        ("2024-11-28T21:30:00Z", "2024-11-29T00:30+03:00"),
        ("15 мая 2013 г., 12:30 (МСК)", "2013-05-15T12:30+03:00"),
        ("28 November 2024 10:00 XYZ", "2024-11-28"),
        ("28 November 2024 25:61", "2024-11-28"),
    ],
)
def test_a_time_is_read_in_its_own_zone_or_the_source_s_or_not_at_all(line: str, expected: str) -> None:
    assert str(claimed(line, zone="Europe/Minsk")) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published: 28 November 2024", "2024-11-28"),
        ("Astana, 28 November 2024", "2024-11-28"),
        ("Press release | 28 November 2024 | Astana", "2024-11-28"),
        ("Пн, 17 ноя 2025", "2025-11-17"),
        ("Publicerad 19 mars 2026 · Uppdaterad 03 juli 2026", "2026-03-19"),
        ("Опубликовано 28.11.2024, обновлено 29.11.2024", "2024-11-28"),
        ("2007年8月20日", "2007-08-20"),
        ("20. lokakuuta 2026", "2026-10-20"),
        ("17 noyabr 2025", "2025-11-17"),
    ],
)
def test_a_label_or_a_place_may_stand_beside_a_date(line: str, expected: str) -> None:
    assert str(claimed(line, languages=("en", "fi", "uz"))) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "31.02.2024",
        "31 November 2024",
        "29 February 2023",
        "28/13/2024",
        "13:06",
        "28 November",
        "November 2024",
        "2024",
        "© 2024",
        "28 – 30 November 2024",
        "28-30 November 2024",
        "1 November 2024, 2 November 2024",
        "10 مهر 1405",
        "113.10.04",
        "28.11.2567",
        "31Dec22",
        "02/05/24",
        "192.168.10.2024",
        "yesterday",
        "2 days ago",
        "today at 14:05",
        "The treaty of 9 October 2017 remains in force",
        "Decree No. 5 of 28.11.2024",
        "28 Brumaire 2024",
    ],
)
def test_what_is_no_date_line_gives_no_day(line: str) -> None:
    assert claimed(line, languages=("en", "ru", "fr", "fa", "zh")).precision is Precision.NONE


def test_a_date_is_found_within_other_text() -> None:
    assert str(find_date("Opening on 28 November 2024 in Astana, closing on 30 November 2024")) == "2024-11-28"
    assert find_date("nothing is written here").day is None


def test_a_month_s_name_means_one_month() -> None:
    meanings: dict[str, set[int]] = {}
    for months in MONTHS.values():
        for number, words in enumerate(months, start=1):
            for word in words:
                meanings.setdefault(word, set()).add(number)
    assert {word for word, numbers in meanings.items() if len(numbers) > 1} == set()
    assert all(len(months) == 12 for months in MONTHS.values())
