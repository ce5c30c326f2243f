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


OF_THE_PAGE = [
    "As of December 2, 2024", "As at 2 December 2024", "Status: 02.12.2024", "Stand: 2. Dezember 2024",
    "Stand 02.12.2024", "по состоянию на 2 декабря 2024", "Станом на 02.12.2024", "Current as of 12/02/2024",
    "Stan na 2 grudnia 2024", "État au 2 décembre 2024", "Updated: 02.12.2024", "Обновлено 02.12.2024",
]  # fmt: skip


@pytest.mark.parametrize("says", OF_THE_PAGE)
@pytest.mark.parametrize("form", ["<h3>{}</h3><hr>{}", "<p><i>{}</i></p><ul>{}</ul>", "<div>{}</div><div>{}</div>"])
def test_what_the_page_says_of_its_own_day_is_the_day_of_no_row(says: str, form: str) -> None:
    rows = "".join(f"<li><h4>{link(n)}</h4></li>" if "ul" in form else f"{link(n)}<br>" for n in range(6))
    assert {day for _, _, day in rows_of(read(form.format(says, rows)))} <= {""}


FILED = ["Filed {}, No. {}", "Decided {} (No. {})", "{}: opinion No. {} of the board", "No. {1} | Posted {0}"]


@pytest.mark.parametrize("form", FILED)
@pytest.mark.parametrize("written", ["{m}/{d}/{s}", "{m}/{d}/{y}", "{d}.{m}.{y}", "{y}-{m}-{d}"])
def test_a_line_before_each_link_dates_it_in_words_under_the_page_s_own_day(form: str, written: str) -> None:
    days = [written.format(y=day[:4], s=day[2:4], m=day[5:7], d=day[8:]) for day in ISO]
    lines = "".join(f"{form.format(day, n)}<br>{link(n)}<br> District<br><br>" for n, day in enumerate(days))
    assert rows_of(read(f"<h3>As of March 14, 2026</h3><hr>{lines}")) == expected(ISO)


OVER = [
    "<h3>Quays and ports, leading ruling of the enlarged board {}</h3>",
    "<h4>{} – banking, ruling of the small board</h4>",
    "<p><b>Published in the Law Journal of {}:</b></p>",
    "<p class='d'>Entered in the register of the port on {}</p>",
    "<div class='when'>Печатается в сборнике решений от {}</div>",
    "<h3>Session of the assembly held on {} in Port Hall</h3>",
]


@pytest.mark.parametrize("heading", OVER)
@pytest.mark.parametrize("shape", ["<ul><li>{}</li></ul>", "<p>The parties met.</p>{}", "<div class=r>{}</div>"])
def test_a_heading_of_many_words_dates_what_stands_below_it(heading: str, shape: str) -> None:
    assert rows_of(read("".join(heading.format(ISO[n]) + shape.format(link(n)) for n in range(6)))) == expected(ISO)


@pytest.mark.parametrize(
    "unread", ["Banking, a ruling of the enlarged board", "Rulings of 2018 and before", "29 rulings"]
)
@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
def test_a_heading_without_a_day_ends_that_of_the_heading_before(unread: str, tag: str) -> None:
    says = [*ISO[:4], unread, ISO[5]]
    inner = "".join(f"<{tag}>{each}</{tag}><p>{link(n)}</p>" for n, each in enumerate(says))
    assert rows_of(read(inner)) == expected([*ISO[:4], "", ISO[5]])


def test_a_link_before_the_first_heading_has_no_day_and_moves_none() -> None:
    groups = [("November 28, 2024", [0, 1]), ("October 30, 2024", [2, 3, 4])]
    inner = "<a href='search'>New Search</a><br>" + "".join(
        f"<b>[ {day} ]</b><br><br>" + "".join(f"{link(n)}   {ISO[n]}  filed\n" for n in rows) for day, rows in groups
    )
    found = [row for row in rows_of(read(f"<pre>{inner}</pre>")) if row[1] != "New Search"]
    assert found == expected(ISO, 5)


FEW_BREAKS = [
    (", Case No. 2024{n}, Filed {day}, 2024 XX {n}", [0, 1, 2, 5, 3, 4]),
    (", decided {day}, Port Hall", [3, 1, 5, 0, 2, 4]),
    (" — approuvé par la chambre, publié le {day}, Salle du port", [3, 1, 5, 0, 2, 4]),
    (" — решение палаты от {day}, зал порта", [5, 0, 4, 1, 3, 2]),
]


@pytest.mark.parametrize(("words", "order"), FEW_BREAKS)
def test_days_in_words_are_theirs_where_a_word_tells_or_the_order_has_few_breaks(words: str, order: list[int]) -> None:
    days = [ISO[n] for n in order]
    rows = "".join(f"<p>{link(n)}{words.format(n=n, day=day)}</p>" for n, day in enumerate(days))
    assert rows_of(read(rows)) == expected(days)


OTHER_WORDS = [
    (" — an update {day} for the Port Hall", "en"),
    (" — сроки работ {day}, зал порта", "ru"),
    (" — l'individu {day}, salle du port de la ville haute", "fr"),
]


@pytest.mark.parametrize(("words", "language"), OTHER_WORDS)
def test_a_word_that_only_ends_as_one_that_tells_of_publication_dates_nothing(words: str, language: str) -> None:
    rows = "".join(f"<p>{link(n)}{words.format(day=ISO[at])}</p>" for n, at in enumerate([3, 1, 5, 0, 2, 4]))
    assert {day for _, _, day in rows_of(read(rows, language=language))} == {""}
