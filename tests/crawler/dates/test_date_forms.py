"""Each form in which sites write dates, filled with each day of a year. Touches nothing but values."""

from __future__ import annotations

import pytest

from crawler.dates import claimed, find_date
from tests.crawler.dates.date_forms import IN_NUMBERS, IN_WORDS, MONTHS, every_day

ZONE = "Asia/Almaty"


@pytest.mark.parametrize("language", IN_WORDS)
def test_each_day_of_a_year_is_read_in_every_form_of_the_language(language: str) -> None:
    for day in every_day():
        names = [name for name in MONTHS[language][day.month - 1] if "." not in name]
        for number, form in enumerate(IN_WORDS[language]):
            name = names[(day.day + number) % len(names)]
            for month in (name, name.capitalize(), name.upper()):
                line = form.format(day=day.day, month=month, year=day.year)
                assert claimed(line, languages=(language,)).day == day, line
            stranger = form.format(day=day.day, month=name, year=day.year)
            assert claimed(stranger).day in (day, None), f"{stranger}: never a wrong day"


@pytest.mark.parametrize("language", IN_WORDS)
def test_every_name_of_a_month_is_read(language: str) -> None:
    form = IN_WORDS[language][0]
    for number, names in enumerate(MONTHS[language], start=1):
        for name in names:
            month = f"{name}." if "." in name else name
            read = claimed(form.format(day=8, month=month, year=2024), languages=(language,)).day
            assert read is not None, name
            assert (read.month, read.day) == (number, 8), name


@pytest.mark.parametrize("language", IN_NUMBERS)
def test_each_day_of_a_year_is_read_in_every_form_in_numbers(language: str) -> None:
    for day in every_day():
        for form in IN_NUMBERS[language]:
            line = form.format(day=day.day, month=day.month, year=day.year, reiwa=day.year - 2018)
            assert claimed(line, languages=(language,)).day == day, line
            assert claimed(line).day in (day, None), f"{line}: never a wrong day"


TENS = ("", "十", "二十", "三十")
DIGITS = ("", *"一二三四五六七八九")


@pytest.mark.parametrize(
    "form",
    [
        "二〇二四年{month}月{day}日",
        "令和六年{month}月{day}日",
        "中華民國一百一十三年{month}月{day}日",
        "民國一一三年{month}月{day}日",
    ],
)
def test_each_day_of_a_year_is_read_in_chinese_numerals(form: str) -> None:
    for day in every_day():
        month, number = (TENS[one // 10] + DIGITS[one % 10] for one in (day.month, day.day))
        assert claimed(form.format(month=month, day=number)).day == day, (form, day)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("28 November 2024 / 14:05", "14:05"),
        ("14:05 / 28.11.2024", "14:05"),
        ("14:05 - 28 ноября 2024", "14:05"),
        ("28 November 2024, 2.05pm", "14:05"),
        ("28 ноября 2024 г., четверг, 14:05", "14:05"),
        ("28 ноября 2024, 14:05 мск", "16:05"),
        ("28 лістапада 2024 г. а 14:05", "14:05"),
        ("28 листопада 2024 року о 14:05", "14:05"),
        ("2024 жылғы 28 қараша, сағат 14:05", "14:05"),
        ("28-ноябрь, 2024-жыл 14:05", "14:05"),
        ("28.11.2024, саат 14:05", "14:05"),
        ("28 ноябри соли 2024, соати 14:05", "14:05"),
        ("28 նոյեմբերի 2024 թ., ժամը 14:05", "14:05"),
        ("28 noyabr 2024-cü il, 14:05", "14:05"),
        ("28 noyabr 2024 soat 14:05", "14:05"),
        ("28 ნოემბერი, 2024 წელი, 14:05 სთ", "14:05"),
        ("28.11.2024 r. o godz. 14:05", "14:05"),
        ("28.11.2024, godz. 14.05", "14:05"),
        ("28.11.2024, 14.05 Uhr", "14:05"),
        ("28.11.24, 14:05 Uhr", "14:05"),
        ("28/11/2024 à 14H05", "14:05"),
        ("28 de noviembre de 2024 2:05 p. m.", "14:05"),
        ("28/11/2024 a las 14:05 horas", "14:05"),
        ("2024-11-28 kl. 14.05", "14:05"),
        ("torsdag 28 november 2024 klockan 14.05", "14:05"),
        ("28.11.2024 klo 14.05", "14:05"),
        ("28 Kasım 2024 Perşembe 14:05", "14:05"),
        ("28 Kasım 2024 Saat 14:05", "14:05"),
        ("2024年11月28日 14：05", "14:05"),
        ("令和6年11月28日(木曜日)午後2時5分", "14:05"),
        ("2024년 11월 28일 오후 2시 5분", "14:05"),
        ("2024. 11. 28. 14:05", "14:05"),
        ("28 نوفمبر 2024 2:05 مساءً", "14:05"),
        ("28 نوفمبر 2024 2:05 صباحا", "02:05"),
        ("14:05 - 2024/11/28", "14:05"),
        ("2024/11/28-14:05", "14:05"),
        ("28 พฤศจิกายน 2567 เวลา 14.05 น.", "14:05"),
    ],
)
def test_a_time_is_read_with_the_words_of_its_language(line: str, expected: str) -> None:
    assert str(claimed(line, zone=ZONE)).startswith(f"2024-11-28T{expected}"), line


@pytest.mark.parametrize(
    "line",
    ["28/11/2024 2:05 x.y.", "28 November 2024 14:05 p.m.", "28 November 2024 2:05 XY", "28.11.2024 2:05 ч. п."],
)
def test_a_time_that_cannot_be_known_leaves_the_day(line: str) -> None:
    assert str(claimed(line, zone=ZONE)) == "2024-11-28"


@pytest.mark.parametrize(
    "line",
    [
        "28.11.2024 14.12",
        "28.11.2024 - 14.12",
        "28 تشرين 2024",
        "28 October/November 2024",
        "26 جمادى الأولى 1446 هـ",
        "26/05/1446",
        "From 2023, 28 May 2024 people came",
        "10-28.11.2024",
        "26 - 28 November 2024",
        "六年十一月二十八日",
        "28 тамыз айы 2024 жыл емес 15",
    ],
)
def test_what_may_mean_something_else_gives_no_day(line: str) -> None:
    assert claimed(line, languages=("ar", "en", "ja", "kk")).day is None


def test_a_year_before_a_day_is_not_taken_from_the_words_before_it() -> None:
    assert str(find_date("It began in 2023, 28 May 2024 was the day")) == "2024-05-28"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("28 KASIM 2024", "2024-11-28"),
        ("28 HAZİRAN 2024", "2024-06-28"),
        ("28 İyun 2024", "2024-06-28"),
        ("28 اكتوبر 2024", "2024-10-28"),
        ("28 تشرين الثاني/نوفمبر 2024", "2024-11-28"),
        ("5 ارديبهشت 1403", "2024-04-24"),
        ("۸ آذرماه ۱۴۰۳", "2024-11-28"),
        ("۸ آذر، ۱۴۰۳", "2024-11-28"),
    ],
)
def test_a_name_is_known_however_its_letters_are_typed(line: str, expected: str) -> None:
    assert str(claimed(line)) == expected


def test_the_printed_words_are_kept_as_they_are() -> None:
    assert claimed("２０２４年１１月２８日（木）").text == "２０２４年１１月２８日（木）"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("发布日期：2024年11月28日　　信息来源：新闻司　　浏览次数：12", "2024-11-28"),
        ("28.11.2024 Просмотров: 1 321", "2024-11-28"),
        ("작성일 2024.11.28 조회 1523", "2024-11-28"),
        ("Views: 321 | 28 November 2024", "2024-11-28"),
        ("Views 28.11.2024", "2024-11-28"),
        ("Views 321", ""),
    ],
)
def test_a_count_of_readers_beside_a_date_is_passed_over(line: str, expected: str) -> None:
    assert str(claimed(line)) == expected
