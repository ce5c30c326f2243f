"""Visible date lines. Touches nothing but values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import claimed, find_date
from storage.types import Precision

NUMERIC = (
    "{day:02}.{month:02}.{year}",
    "{day}.{month}.{year}",
    "{year}-{month:02}-{day:02}",
    "{year}/{month:02}/{day:02}",
)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("31Dec22", "2022-12-31"),
        ("11 Jan 23", "2023-01-11"),
        ("17-Nov-2025", "2025-11-17"),
        ("17/Nov/2025", "2025-11-17"),
        ("2025 Nov 17", "2025-11-17"),
        ("Nov. 17, 2025", "2025-11-17"),
        ("Monday 5 October 2026", "2026-10-05"),
        ("21 January, 2025", "2025-01-21"),
        ("17.XI.2025", "2025-11-17"),
        ("28. 1. 2024", "2024-01-28"),
        ("2024. 11. 28.", "2024-11-28"),
        ("二〇二四年十一月二十八日", "2024-11-28"),
        ("二○二四年十月十日", "2024-10-10"),
        ("17 лістапада 2025", "2025-11-17"),
        ("Пн, 17 ноя 2025 10:00", "2025-11-17T10:00+03:00"),
        ("17.11.2025 10:00", "2025-11-17T10:00+03:00"),
        ("17.11.25, 10:00", "2025-11-17T10:00+03:00"),
        ("27 de enero de 2026", "2026-01-27"),
        ("1er mars 2026", "2026-03-01"),
        ("1º de março de 2026", "2026-03-01"),
        ("17 নভেম্বর", ""),
        ("05 Agustus 2019", "2019-08-05"),
        ("2024年11月28日 下午3:05", "2024-11-28T15:05+03:00"),
        ("28 نوفمبر 2024 10:15 م", "2024-11-28T22:15+03:00"),
        ("٢٨ نوفمبر ٢٠٢٤", "2024-11-28"),
        ("28 تشرين الثاني 2024", "2024-11-28"),
        ("28 novembre 2024, 14h30", "2024-11-28T14:30+03:00"),
        ("28. November 2024, 14:30 Uhr", "2024-11-28T14:30+03:00"),
        ("令和6年10月3日(木)9時30分", "2024-10-03T09:30+03:00"),
        ("01\u200f/10\u200f/2024", "2024-10-01"),
    ],
)
def test_what_sites_write(line: str, expected: str) -> None:
    assert str(claimed(line, zone="Europe/Minsk")) == expected


def test_a_month_s_name_is_that_of_the_source_s_language() -> None:
    assert claimed("3 listopada 2024", languages=("pl",)).day == date(2024, 11, 3)
    assert claimed("3 listopada 2024", languages=("hr",)).day == date(2024, 10, 3)
    assert claimed("3 listopada 2024").day is None, "nobody says which"


NUMBERS = st.sampled_from(
    [
        "+375 17 327 29 22", "10.000.000", "1.2.2024a", "No. 12/2024", "12-14 October 2026", "14:05", "ID 20241128",
        "v2.10.2024.1", "3:2", "2024/25", "28/11", "Nov 28", "1-2-3", "192.168.1.20", "A/RES/79/1", "20 000", "5.11",
        "(2024)", "2024-2026", "€ 1.200.300", "tel. 20 11 20", "9 May", "12. Juli", "11月28日", "Q4 2024", "par. 5 (2)",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "visit",
        "to",
        "the",
        "bridge",
        "and",
        "decree",
        "resolution",
        "tel",
        "fax",
        "price",
        "room",
        "No",
        "phone",
        "page",
        "от",
        "года",
        "№",
        "号",
    ]
)


@given(st.lists(st.one_of(NUMBERS, WORDS), min_size=1, max_size=6))
def test_other_numbers_are_no_dates(pieces: list[str]) -> None:
    assert claimed(" ".join(pieces), languages=("en", "ru")).day is None, pieces


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
        "113.10.04",
        "28.11.2567",
        "02/05/24",
        "28 November 10 people",
        "31Dec22 and more",
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


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("28.11.2024", ""),
        ("29.11.2024", ""),
        ("30.11.2024", "in the future"),
        ("13.12.2026", "in the future"),
        ("01.01.1970", "long ago"),
        ("31.12.1989", "long ago"),
        ("01.01.1990", ""),
        ("no date", ""),
    ],
)
def test_a_claim_that_is_hard_to_believe_is_kept_and_flagged(line: str, doubt: str) -> None:
    published = claimed(line)
    assert published.doubt(datetime(2024, 11, 28, 12, tzinfo=UTC)) == doubt
    assert published.text == (line if published.day else "")
