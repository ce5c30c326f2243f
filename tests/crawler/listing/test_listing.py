"""A response -> entries. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crawler.listing import read_listing
from storage.types import ListingSelectors, Page, Reason, Shape, SourceSpec
from tests.crawler import pages

ROWS = [
    ("/en/press/news/0a1b.html", "Minister opens a round of talks on transit", "28 November 2024"),
    ("0c2d.html", "Two ports agree on winter navigation", "15 September 2024"),
    ("./0e3f.html", "Consular hours change in December", "3 September 2024"),
]


@pytest.mark.parametrize("spec", [pages.listed(), pages.selected()], ids=["detected", "selected"])
def test_a_list_is_read_in_its_order_with_absolute_addresses_and_days(spec: SourceSpec) -> None:
    listing = read_listing(pages.listing(ROWS), spec)
    assert listing.reason is Reason.OK
    assert [(entry.address, entry.title, entry.published.day) for entry in listing.entries] == [
        (f"{pages.HOST}/en/press/news/0a1b.html", ROWS[0][1], date(2024, 11, 28)),
        (f"{pages.HOST}/en/press/news/0c2d.html", ROWS[1][1], date(2024, 9, 15)),
        (f"{pages.HOST}/en/press/news/0e3f.html", ROWS[2][1], date(2024, 9, 3)),
    ]


@pytest.mark.parametrize("spec", [pages.listed("ru"), pages.selected("ru")], ids=["detected", "selected"])
def test_one_statement_is_a_list_too(spec: SourceSpec) -> None:
    listing = read_listing(pages.listing([("/press/news/9.html", pages.RUSSIAN_TITLE, pages.RUSSIAN_DATE)], "ru"), spec)
    assert [(entry.title, entry.published.day) for entry in listing.entries] == [
        (pages.RUSSIAN_TITLE, date(2025, 12, 9))
    ]


def test_the_reader_is_named() -> None:
    assert read_listing(pages.listing(ROWS), pages.listed()).reader == "html-dated-links"
    assert read_listing(pages.listing(ROWS), pages.selected()).reader == "html-selectors"


def test_a_picture_and_a_headline_with_one_address_are_one_entry() -> None:
    rows = "".join(
        f'<li><a href="/n/{number}"><img src="p.jpg" alt="A photograph"></a><h3><a href="/n/{number}">{title}</a></h3>'
        f"<time>{day}</time></li>"
        for number, (_, title, day) in enumerate(ROWS)
    )
    listing = read_listing(pages.page(f"<html><body><ul>{rows}</ul></body></html>"), pages.listed())
    assert [entry.title for entry in listing.entries] == [title for _, title, _ in ROWS]


def test_a_card_that_is_one_link_gives_its_headline_without_its_date() -> None:
    rows = "".join(
        f'<li><a href="/n/{number}"><div>{title}</div><span>{day}</span></a></li>'
        for number, (_, title, day) in enumerate(ROWS)
    )
    listing = read_listing(pages.page(f"<html><body><ul>{rows}</ul></body></html>"), pages.listed())
    assert [(entry.title, str(entry.published)) for entry in listing.entries] == [
        (ROWS[0][1], "2024-11-28"),
        (ROWS[1][1], "2024-09-15"),
        (ROWS[2][1], "2024-09-03"),
    ]


def test_dates_as_headings_go_with_the_links_below_them() -> None:
    text = (
        "<html><body><dl><dt>28.11.2024</dt><dd><a href='/n/1'>First statement of that day</a></dd>"
        "<dd><a href='/n/2'>Second statement of that day</a></dd>"
        "<dt>27.11.2024</dt><dd><a href='/n/3'>A statement of the day before</a></dd></dl></body></html>"
    )
    listing = read_listing(pages.page(text), pages.listed())
    assert [(entry.address[-1], str(entry.published)) for entry in listing.entries] == [
        ("1", "2024-11-28"),
        ("2", "2024-11-28"),
        ("3", "2024-11-27"),
    ]


def test_a_read_more_link_takes_the_headline_beside_it() -> None:
    rows = "".join(
        f'<div class="row"><h3>{title}</h3><p>{day}</p><a href="/n/{number}">Read more</a></div>'
        for number, (_, title, day) in enumerate(ROWS)
    )
    listing = read_listing(pages.page(f"<html><body>{rows}</body></html>"), pages.listed())
    assert [entry.title for entry in listing.entries] == [title for _, title, _ in ROWS]


def test_a_day_in_a_headline_is_not_the_day_of_publication() -> None:
    rows = "".join(
        f'<li><a href="/n/{number}">Minister declares 9 October 2017 a day of rest, part {number}</a>'
        f"<span>6 October 2017</span></li>"
        for number in range(3)
    )
    listing = read_listing(pages.page(f"<html><body><ul>{rows}</ul></body></html>"), pages.listed())
    assert {str(entry.published) for entry in listing.entries} == {"2017-10-06"}
    assert len(listing.entries) == 3


def test_a_row_whose_date_was_forgotten_is_not_missed() -> None:
    rows = [ROWS[0], (ROWS[1][0], ROWS[1][1], ""), ROWS[2]]
    listing = read_listing(pages.listing(rows), pages.listed())
    assert [(entry.title, str(entry.published)) for entry in listing.entries] == [
        (ROWS[0][1], "2024-11-28"),
        (ROWS[1][1], ""),
        (ROWS[2][1], "2024-09-03"),
    ]


def test_rows_without_a_date_are_entries_where_selectors_say_so() -> None:
    rows = "<p class='row'><a href='/n/1'>One</a></p><p class='row'><a href='/n/2'>Two</a></p><p class='row'>-</p>"
    spec = replace(pages.listed(), listing=ListingSelectors(entry="p.row"))
    listing = read_listing(pages.page(f"<html><body>{rows}</body></html>"), spec)
    assert [(entry.title, entry.published.day) for entry in listing.entries] == [("One", None), ("Two", None)]


def test_what_selectors_do_not_name_is_looked_for_in_the_row() -> None:
    rows = "".join(
        f"<li class='row'><a href='/n/{day}'><i>0{day}.10.2024</i><div class='title'>The parties met on day {day}</div>"
        f"<div class='intro'>They agreed to meet again.</div></a></li>"
        for day in (3, 2, 1)
    )
    spec = replace(pages.listed(), listing=ListingSelectors(entry="li.row"))
    listing = read_listing(pages.page(f"<html><body><ul>{rows}</ul></body></html>"), spec)
    assert [(entry.title, str(entry.published)) for entry in listing.entries] == [
        (f"The parties met on day {day}", f"2024-10-0{day}") for day in (3, 2, 1)
    ]


def test_raw_blanks_are_encoded_and_links_that_lead_to_no_page_are_left_out() -> None:
    rows = [
        ("/files/minutes of the board.html ", "Minutes of the board", "28.11.2024"),
        ("javascript:void(0)", "A button of the page", "27.11.2024"),
        ("mailto:press@ministry.example", "Write to the press service", "26.11.2024"),
        ("http://[half", "An address that is none", "25.11.2024"),
        ("#top", "Back to the beginning", "24.11.2024"),
    ]
    listing = read_listing(pages.listing(rows), pages.selected())
    assert [entry.address for entry in listing.entries] == [f"{pages.HOST}/files/minutes%20of%20the%20board.html"]


# -- what is wrong, and why ------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_was_looked_for() -> None:
    detected = read_listing(pages.listing([]), pages.listed())
    assert (detected.entries, detected.reason) == ((), Reason.EMPTY)
    assert "date" in detected.detail
    selected = read_listing(pages.listing([]), pages.selected())
    assert (selected.entries, selected.reason) == ((), Reason.EMPTY)
    assert "div.tabs__item" in selected.detail


def test_menus_with_a_date_beside_them_are_no_list() -> None:
    text = '<html><body><nav><span>28.11.2024</span><a href="/a">Ministry and its history</a></nav></body></html>'
    assert read_listing(pages.page(text), pages.listed()).reason is Reason.EMPTY


def test_a_page_of_a_firewall_is_blocked_although_it_answers_200() -> None:
    text = (
        "<html><head><title>Web Page Blocked!</title></head><body><h1>Web Page Blocked!</h1><p>ID 42</p></body></html>"
    )
    for spec in (pages.listed(), pages.selected(), replace(pages.listed(), shape=Shape.FEED)):
        assert read_listing(pages.page(text), spec).reason is Reason.BLOCKED


def test_a_login_page_is_named_as_one() -> None:
    text = "<html><body><form><input name='user'><input type='password' name='word'></form></body></html>"
    listing = read_listing(pages.page(text), pages.listed())
    assert listing.reason is Reason.LOGIN
    assert "login page" in listing.detail


def test_html_in_the_place_of_a_feed_is_not_a_feed() -> None:
    spec = replace(pages.listed(), shape=Shape.FEED)
    assert read_listing(pages.listing(ROWS), spec).reason is Reason.NOT_A_FEED


def test_nothing_and_files_are_told_apart() -> None:
    assert read_listing(Page(pages.HOST, b"  \n"), pages.listed()).reason is Reason.EMPTY
    file = Page(pages.HOST, b"%PDF-1.7", 200, "application/pdf")
    assert read_listing(file, pages.listed()).reason is Reason.UNREADABLE


def test_a_selector_that_is_not_css_is_unreadable_with_its_words() -> None:
    spec = replace(pages.listed(), listing=ListingSelectors(entry="div[["))
    listing = read_listing(pages.listing(ROWS), spec)
    assert listing.reason is Reason.UNREADABLE
    assert "div[[" in listing.detail


def test_two_hundred_thousand_nested_elements_are_read_or_refused() -> None:
    text = "<div>" * 200_000 + "deep" + "</div>" * 200_000
    listing = read_listing(Page(pages.HOST, text.encode()), pages.listed())
    assert listing.entries == ()
    assert not listing.reason.healthy
