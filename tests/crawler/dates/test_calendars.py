"""Years of other calendars. Touches nothing but values."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date

from crawler.dates import claimed
from tests.crawler.dates.date_forms import every_day


@pytest.mark.parametrize(
    ("form", "languages", "zone"),
    [
        ("民國{roc}年{month}月{day}日", (), "UTC"),
        ("中華民國{roc}年{month}月{day}日", ("zh",), "UTC"),
        ("{roc}年{month}月{day}日", ("zh",), "Asia/Taipei"),
        ("{roc}.{month:02}.{day:02}", ("zh",), "Asia/Taipei"),
        ("{roc}/{month}/{day}", ("zh",), "Asia/Taipei"),
        ("令和{reiwa}年{month}月{day}日", (), "UTC"),
        ("令和{reiwa}年{month}月{day}日(木)9時30分", ("ja",), "Asia/Tokyo"),
        ("R{reiwa}.{month}.{day}", ("ja",), "Asia/Tokyo"),
        ("{day}/{month:02}/{thai}", ("th",), "Asia/Bangkok"),
        ("{day} {thai_month} {thai}", (), "UTC"),
        ("{day} {thai_month} พ.ศ. {thai}", ("th",), "Asia/Bangkok"),
    ],
)
def test_each_day_of_a_year_is_read_in_the_years_of_others(form: str, languages: tuple[str, ...], zone: str) -> None:
    for day in every_day():
        line = form.format(
            day=day.day,
            month=day.month,
            roc=day.year - 1911,
            reiwa=day.year - 2018,
            thai=day.year + 543,
            thai_month=format_date(day, "MMMM", locale="th"),
        )
        assert claimed(line, languages=languages, zone=zone).day == day, line


IRANIAN = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
AFGHAN = ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"]
NOWRUZ = {1402: date(2023, 3, 21), 1403: date(2024, 3, 20), 1404: date(2025, 3, 21), 1405: date(2026, 3, 21)}
"""The first days of years as the calendar centre in Tehran published them."""


@pytest.mark.parametrize("year", NOWRUZ)
def test_each_day_of_a_solar_hijri_year_is_read(year: int) -> None:
    day = NOWRUZ[year]
    for month in range(1, 13):
        days = 31 if month <= 6 else 30 if month < 12 or year == 1403 else 29
        for number in range(1, days + 1):
            for line in (
                f"{number} {IRANIAN[month - 1]} {year}",
                f"{number} {AFGHAN[month - 1]} {year}",
                f"{year}/{month:02}/{number:02}",
                f"{year}/{month}/{number}".translate({ord("0") + digit: 0x6F0 + digit for digit in range(10)}),
            ):
                assert claimed(line, languages=("fa",)).day == day, line
            day += timedelta(1)


def test_a_year_of_others_is_read_only_where_it_is_sure() -> None:
    assert claimed("113.10.04", languages=("zh",), zone="Asia/Shanghai").day is None
    assert claimed("1405/07/10", languages=("en",)).day is None
    assert claimed("16/06/2569", languages=("en",)).day is None
    assert claimed("30 اسفند 1404").day is None, "there is no such day"
    assert claimed("15 رمضان 1445", languages=("ar",)).day is None
    assert claimed("R6.10.3", languages=("en",)).day is None
