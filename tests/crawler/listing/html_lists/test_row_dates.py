"""Where the days of a list's rows stand, and how they are written there. The words are our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.listing import read_listing
from storage.types import Page
from tests.crawler import pages
from tests.crawler.listing.lists import ISO, SECTION, TITLES, address, expected, link, read, read_whole, rows_of


def test_rows_that_share_a_date_heading_are_dated_beside_rows_that_are_alone_under_theirs() -> None:
    groups = [("28.11.2024", [0]), ("15.11.2024", [1, 2]), ("03.11.2024", [3]), ("30.10.2024", [4, 5])]
    inner = "".join(
        f"<details open><summary><span>{day}</span></summary><ul>"
        + "".join(f"<li><b>Ports</b><div>{link(n)}</div></li>" for n in rows)
        + "</ul></details>"
        for day, rows in groups
    )
    days = ["2024-11-28", "2024-11-15", "2024-11-15", "2024-11-03", "2024-10-30", "2024-10-30"]
    assert rows_of(read(inner)) == expected(days)


WRITTEN = {
    "a day above its month": ("zh", "<div><span>{d}</span><p>{y}-{m}</p></div>"),
    "a month and a day above the year": ("zh", "<div><span>{m}-{d}</span><p>{y}</p></div>"),
    "a short year after strokes, the day first": ("en", "<span>{d}/{m}/{s}</span>"),
    "a short year after strokes, the month first": ("en", "<span>{m}/{d}/{s}</span>"),
    "a short year and a dash": ("en", "{m}/{d}/{s} - "),
    "a time after a full stop": ("hu", "<span>{y}. {m}. {d}. 14:05</span>"),
    "strokes with room around them": ("en", "<span>{d} / {m} / {y}</span>"),
    "a time with a point": ("fi", "<span>{d}.{m}.{y} 13.45</span>"),
    "a day among the parts of a line": ("en", "<i>Published date: {d}.{m}.{y} 14:55 | Author: The Ministry</i>"),
    "a time after a stroke": ("cs", "<span>{d}.{m}.{y} / 14:05</span>"),
}


@pytest.mark.parametrize(("language", "form"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_day_is_read_as_the_page_writes_it(language: str, form: str) -> None:
    rows = "".join(
        f"<li>{form.format(y=day[:4], s=day[2:4], m=day[5:7], d=day[8:])}{link(n)}</li>" for n, day in enumerate(ISO)
    )
    page = f"<html lang='{language}'><body><h1>.</h1><ul>{rows}</ul></body></html>"
    assert [str(entry.published.day) for entry in read_whole(page, language=language).entries] == ISO


def test_the_page_s_own_language_is_taken_where_the_source_names_none() -> None:
    rows = "".join(f"<li><b>1403/09/{8 - n:02}</b><a href='{address(n)}'>{TITLES[n]}</a></li>" for n in range(4))
    text = f"<html lang='fa-IR'><body><ul>{rows}</ul></body></html>"
    listing = read_listing(Page(SECTION, text.encode(), 200, "text/html"), replace(pages.listed(), languages=()))
    days = [str(entry.published) for entry in listing.entries]
    assert days == ["2024-11-28", "2024-11-27", "2024-11-26", "2024-11-25"]


def test_a_short_list_in_a_form_around_the_whole_page_is_not_taken_for_a_form_to_fill_in() -> None:
    rows = "".join(
        f"<li>{link(n, f'No {9 - n}, {day[8:]}/11/2024, {TITLES[n]}')}</li>" for n, day in enumerate(ISO[:3])
    )
    page = f"<html lang='en'><body><form method='post' action='./news'><ul>{rows}</ul></form></body></html>"
    assert [str(entry.published) for entry in read_whole(page).entries] == ISO[:3]


SPOKEN = ["28 November 2024", "15 November 2024", "3 November 2024", "30 October 2024", "29 October 2024"]


def _spoken(days: list[str]) -> list[str]:
    rows = "".join(
        f"<li>{link(n)} — speech of the minister before the assembly, {day}, Port Hall</li>"
        for n, day in enumerate(days)
    )
    return [str(entry.published) for entry in read_whole(f"<html><body><ul>{rows}</ul></body></html>").entries]


def test_days_in_the_words_of_rows_are_theirs_if_they_run_in_order() -> None:
    assert _spoken(SPOKEN) == ISO[:5]


def test_days_in_the_words_of_rows_that_run_in_no_order_are_those_of_other_things() -> None:
    assert set(_spoken([SPOKEN[n] for n in (2, 0, 4, 1, 3)])) == {""}
