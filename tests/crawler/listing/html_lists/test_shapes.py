"""The shapes in which ministries list their statements, each found without selectors. The words are our own."""

from __future__ import annotations

import pytest

from crawler.listing import read_listing
from storage.types import Page, Reason
from tests.crawler import pages
from tests.crawler.listing.lists import DAYS, HOST, ISO, SECTION, TITLES, address, expected, framed, link, read, rows_of

DATED = {
    "a list": "".join(f"<li>{link(n)} <span class='d'>{DAYS[n]}</span></li>" for n in range(6)),
    "odd and even rows": "".join(
        f"<div class='row-{n} {'even' if n % 2 else 'odd'}{' first' if not n else ''}'><b>{DAYS[n]}</b>{link(n)}</div>"
        for n in range(6)
    ),
    "rows that each have a class of their topic": "".join(
        f"<article class='post post-{n} topic-{'abcdef'[n]}'><h2>{link(n)}</h2><time>{DAYS[n]}</time>"
        f"<p>On that day the parties met.</p><a href='{address(n)}'>Read more</a></article>"
        for n in range(6)
    ),
    "a table with a number, a title and a file": "<table>"
    + "".join(
        f"<tr class='{'even' if n % 2 else 'odd'}'><td>{DAYS[n]}</td><td>{link(n)}</td>"
        f"<td><a href='/case/{n}'>No. {n}</a>, <a href='/case/9{n}'>No. 9{n}</a></td>"
        f"<td><a href='/files/{n}.pdf'>{TITLES[n]}, signed text.pdf</a></td></tr>"
        for n in range(6)
    )
    + "</table>",
    "cards with a picture and a title that both lead on": "".join(
        f"<div class='card'><a href='{address(n)}'><img src='/p{n}.jpg' alt='Фотография номер {n}'></a>"
        f"<div class='body'><span class='label'>Press release</span><h3>{link(n)}</h3><div>{DAYS[n]}</div></div></div>"
        for n in range(6)
    ),
    "cards that are one link with a title, a summary and a date": "".join(
        f"<li><a href='{address(n)}'><div class='media'><img alt='' src='/p.jpg'></div><div class='text'>"
        f"<div class='card-title'>{TITLES[n]}</div><div class='lead'>The parties met on the river and agreed to meet "
        f"again.</div><time datetime='{ISO[n]}'>{DAYS[n]}</time></div></a></li>"
        for n in range(6)
    ),
    "date headings over groups": "".join(f"<h3>{DAYS[n]}</h3><ul><li>{link(n)}</li></ul>" for n in range(6)),
    "an accordion": "".join(
        f"<div class='panel'><button aria-expanded='false'>{DAYS[n]}</button><div class='collapse'>"
        f"<p>{link(n)}</p><p>The parties met on the river.</p></div></div>"
        for n in range(6)
    ),
    "one paragraph with line breaks": "<p>"
    + "<br><br>".join(f"Posted: {DAYS[n]}<br>{link(n)}, with an annex of 30 October 2001" for n in range(6))
    + "</p>",
    "one paragraph with the dates after the links": "<p>"
    + "<br>".join(f"{link(n)} ({DAYS[n]})" for n in range(6))
    + "</p>",
    "several table rows to each statement": "<table><tbody>"
    + "".join(
        f"<tr><td colspan='2'><b>{link(n)}</b></td></tr><tr><td>Number</td><td>CP-{n}</td></tr>"
        f"<tr><td>Date</td><td>{DAYS[n]}</td></tr>"
        for n in range(6)
    )
    + "</tbody></table>",
    "pictures as links, the titles beside them": "".join(
        f"<div class='card'><a href='{address(n)}'><img src='/p{n}.jpg' alt=''></a><h3>{TITLES[n]}</h3>"
        f"<span>{DAYS[n]}</span></div>"
        for n in range(6)
    ),
    "pictures as links, with the titles in their descriptions": "".join(
        f"<div class='card'><a href='{address(n)}'><img src='/p{n}.jpg' alt='{TITLES[n]}'></a><b>{DAYS[n]}</b></div>"
        for n in range(6)
    ),
    "the date as the link, the title beside it": "".join(
        f"<li><a href='{address(n)}'>{DAYS[n]}</a> - {TITLES[n]}</li>" for n in range(6)
    ),
    "bold type in some rows": "".join(
        f"<tr><td>{DAYS[n]}</td><td>{f'<strong>{link(n)}</strong>' if n % 3 else link(n)}</td></tr>" for n in range(6)
    ).join(("<table>", "</table>")),
    "two lists on one page": "<div class='current'><h2>Current</h2><ul>"
    + "".join(f"<li class='e'><span>{DAYS[n]}</span>{link(n)}</li>" for n in range(2))
    + "</ul></div><div class='archive'><h2>Archive</h2><ul>"
    + "".join(f"<li class='e'><span>{DAYS[n]}</span>{link(n)}</li>" for n in range(2, 6))
    + "</ul></div>",
}


@pytest.mark.parametrize("inner", DATED.values(), ids=DATED.keys())
def test_a_dated_list_is_found_whatever_its_shape(inner: str) -> None:
    listing = read(inner)
    assert rows_of(listing) == expected(ISO)
    assert listing.reader == "html-dated-links"


UNDATED = {
    "a list": "<ul>" + "".join(f"<li>{link(n)}</li>" for n in range(6)) + "</ul>",
    "headings with summaries": "".join(
        f"<div class='teaser'><h2>{link(n)}</h2><p>The parties met on the river and agreed.</p></div>" for n in range(6)
    ),
    "headings beside a link that says nothing": "".join(
        f"<div class='teaser'><h4>{TITLES[n]}</h4><p>By the press service.</p>{link(n, 'Read more')}</div>"
        for n in range(6)
    ),
    "titles beside files": "".join(f"<li>{TITLES[n]} - {link(n, 'PDF')}</li>" for n in range(6)),
    "titles before files, in cells": "<table>"
    + "".join(f"<tr><td>{n}</td><td>{TITLES[n]}</td><td>{link(n, 'Download')}</td></tr>" for n in range(6))
    + "</table>",
    "a table that names the statement beside the link": "<table>"
    + "".join(
        f"<tr><td><b>{TITLES[n].split()[0]}</b> {TITLES[n].partition(' ')[2]}</td><td>{link(n, f'No. {n}')} (PDF)</td>"
        f"</tr>"
        for n in range(6)
    )
    + "</table>",
}


@pytest.mark.parametrize("inner", UNDATED.values(), ids=UNDATED.keys())
def test_an_undated_list_is_found_by_its_headlines(inner: str) -> None:
    listing = read(inner)
    assert rows_of(listing) == expected()
    assert listing.reader == "html-links"


def test_a_date_heading_holds_for_every_link_below_it() -> None:
    inner = f"<h3>{DAYS[0]}</h3><p>{link(0)}</p><p>{link(1)}</p><h3>{DAYS[2]}</h3><p>{link(2)}</p>"
    assert [day for _, _, day in rows_of(read(inner))] == [ISO[0], ISO[0], ISO[2]]


def test_dates_are_taken_from_the_addresses_where_they_stand_nowhere_else() -> None:
    forms = ["/xw/202411/t20241128_1.html", "/2024/11/15/ports", "/press/2024-11-03-hours", "/news/20241030IPR9/court"]
    inner = "".join(f"<li><a href='{form}'>{TITLES[number]}</a></li>" for number, form in enumerate(forms))
    assert [day for _, _, day in rows_of(read(inner))] == ISO[:4]


def test_dates_are_taken_from_the_titles_where_each_of_them_has_one() -> None:
    titles = [f"Meeting of the transit board - {day}" for day in ("28 November 2024", "15 November 2024", "3 May 2024")]
    inner = "".join(f"<li><a href='/files/{number}.pdf'>{title}</a></li>" for number, title in enumerate(titles))
    listing = read(f"<ul>{inner}</ul>")
    assert [entry.title for entry in listing.entries] == titles
    assert [str(entry.published) for entry in listing.entries] == ["2024-11-28", "2024-11-15", "2024-05-03"]


def test_one_title_that_speaks_of_a_day_does_not_date_an_undated_list() -> None:
    inner = "".join(f"<li>{link(n, TITLES[n] + ' on 3 May 2021' if n == 2 else '')}</li>" for n in range(6))
    assert {str(entry.published) for entry in read(f"<ul>{inner}</ul>").entries} == {""}


def test_month_before_day_is_read_where_the_page_leaves_no_doubt() -> None:
    days = ["5/7/2026", "3/20/2026", "3/9/2026"]
    inner = "<br>".join(f"Posted: {days[n]}<br>{link(n)}" for n in range(3))
    assert [day for _, _, day in rows_of(read(f"<p>{inner}</p>"))] == ["2026-05-07", "2026-03-20", "2026-03-09"]


def test_documents_of_one_row_are_one_entry_with_the_headline_of_the_row() -> None:
    inner = "".join(
        f"<div class='row'><h3><span>{TITLES[n]}</span></h3><div>{DAYS[n]}</div><ul>"
        f"<li class='notice'><a href='/files/{n}-notice.pdf'>Public notice, signed copy.pdf</a></li>"
        f"<li class='agenda'><a href='/files/{n}-agenda.pdf'>Agenda.pdf</a></li></ul></div>"
        for n in range(4)
    )
    assert [(entry.title, str(entry.published)) for entry in read(inner).entries] == list(
        zip(TITLES[:4], ISO, strict=False)
    )


def test_a_title_that_the_page_cuts_short_is_completed_from_its_link() -> None:
    inner = "".join(
        f"<li><span>{DAYS[n]}</span><a href='{address(n)}' title='{TITLES[n]}'>{TITLES[n][:20]}…</a></li>"
        for n in range(4)
    )
    assert [entry.title for entry in read(f"<ul>{inner}</ul>").entries] == TITLES[:4]


def test_words_that_are_only_read_aloud_are_no_part_of_a_title() -> None:
    inner = "".join(
        f"<li><span>{DAYS[n]}</span><a href='{address(n)}'>{TITLES[n]} <span class='sr-only'>opens anew</span></a></li>"
        for n in range(4)
    )
    assert [entry.title for entry in read(f"<ul>{inner}</ul>").entries] == TITLES[:4]


def test_a_first_entry_in_another_place_belongs_to_its_list() -> None:
    card = "<a class='card' href='{}'><i class='m'></i><b class='t'>{}</b><time class='d'>{}</time></a>"
    cards = [card.format(address(n), TITLES[n], DAYS[n]) for n in range(6)]
    inner = f"<section class='top'>{cards[0]}</section><ul>{''.join(f'<li>{one}</li>' for one in cards[1:])}</ul>"
    assert [day for _, _, day in rows_of(read(inner))] == ISO


def test_chinese_headlines_are_headlines_although_they_are_short() -> None:
    titles = ["部长会见北方河港代表团", "两国就冬季航运达成一致意见", "领事机构十二月办公时间调整"]
    inner = "".join(f"<li>{link(n, titles[n])}<span>2024-11-0{9 - n}</span></li>" for n in range(3))
    assert [entry.title for entry in read(f"<ul>{inner}</ul>", language="zh").entries] == titles
    undated = "".join(f"<li>{link(n, titles[n])}</li>" for n in range(3))
    assert [entry.title for entry in read(f"<ul>{undated}</ul>", language="zh").entries] == titles


@pytest.mark.parametrize("form", ["{day} {title}", "{day} - {title}", "{title} ({day})", "{title} [{day}]"])
def test_a_date_in_the_words_of_every_link_is_its_date_and_no_part_of_its_title(form: str) -> None:
    inner = "".join(f"<li>{link(n, form.format(day=DAYS[n], title=TITLES[n]))}</li>" for n in range(6))
    assert rows_of(read(f"<ul>{inner}</ul>")) == expected(ISO)


def test_entries_with_one_title_are_entries_each() -> None:
    inner = "".join(f"<div class='row'>{link(n, 'Briefing')}<span>{DAYS[n]}</span></div>" for n in range(6))
    assert [(title, day) for _, title, day in rows_of(read(inner))] == [("Briefing", day) for day in ISO]


@pytest.mark.parametrize("day", ["<span>{}</span>", ""], ids=["dated", "undated"])
def test_a_first_entry_with_a_look_of_its_own_belongs_to_its_list(day: str) -> None:
    days = [day.format(one) for one in DAYS]
    first = f"<div class='lead'>{days[0]}<h2>{link(0)}</h2><p>The parties met on the river.</p></div>"
    rest = "".join(f"<div class='teaser'>{days[n]}<h3>{link(n)}</h3></div>" for n in range(1, 6))
    assert rows_of(read(first + rest)) == expected(ISO if day else None)


def test_a_row_with_a_time_and_no_day_has_no_date() -> None:
    inner = "".join(f"<li><span class='time'>1{n}:06</span>{link(n)}</li>" for n in range(6))
    assert rows_of(read(f"<ul>{inner}</ul>")) == expected()


def test_dates_after_the_rows_are_not_shifted_by_a_date_before_the_list() -> None:
    rows = "".join(f"<h2>{link(n)}</h2><span class='date'>{DAYS[n]}</span><div>A summary.</div>" for n in range(6))
    assert rows_of(read(f"<p>Updated: 3 May 2025</p>{rows}")) == expected(ISO)


def test_a_calendar_beside_an_undated_list_does_not_date_it() -> None:
    rows = "".join(f"<div class='n'><h3>{link(n)}</h3><p>The parties met on the river.</p></div>" for n in range(6))
    events = "".join(f"<div class='e'><b>{DAYS[n]}</b><a href='/en/visit/{n}'>A visit</a></div>" for n in range(3))
    assert rows_of(read(f"{rows}<div class='events'>{events}</div>")) == expected()


def test_a_list_in_the_form_of_the_whole_page_is_read() -> None:
    rows = "".join(f"<div><span>{DAYS[n]}</span>{link(n)}</div>" for n in range(2))
    assert rows_of(read(f"<form action='?'>{rows}</form>")) == expected(ISO, 2)


def test_two_undated_headlines_with_summaries_are_a_list() -> None:
    rows = "".join(
        f"<div><h3>{link(n)}</h3><p>The parties met on the river and agreed to meet again in spring, when the survey "
        f"of both banks is finished.</p></div>"
        for n in range(2)
    )
    assert rows_of(read(rows)) == expected(count=2)


def test_a_day_over_the_whole_page_is_not_the_day_of_its_entries() -> None:
    rows = "".join(f"<li>{link(n)}</li>" for n in range(6))
    assert {day for _, _, day in rows_of(read(f"<div>Today is 2 December 2024</div><div><ul>{rows}</ul></div>"))} == {
        ""
    }


# -- what is no list -------------------------------------------------------------------------------------------------


def test_a_section_without_statements_is_empty_and_its_menus_are_not_taken_for_any() -> None:
    listing = read("<p>There are no statements in this section at the moment.</p>")
    assert (listing.entries, listing.reason) == ((), Reason.EMPTY)


def test_a_menu_of_long_names_over_the_heading_is_left_out() -> None:
    names = "".join(
        f"<li><a href='/en/d{n}/'>Department of relations with organisation {n}</a></li>" for n in range(12)
    )
    page = framed(UNDATED["a list"]).replace("<body>", f"<body><div class='c1'><ul>{names}</ul></div>")
    listing = read_listing(Page(SECTION, page.encode(), 200, "text/html"), pages.listed())
    assert rows_of(listing) == expected()


def test_a_column_of_other_news_is_left_out() -> None:
    column = "".join(f"<div><b>0{n + 1}.12.2024</b><a href='/sport/{n}'>The ministry's team wins match {n}</a></div>"
                     for n in range(4))  # fmt: skip
    inner = DATED["a list"] + f"<aside>{column}</aside>"
    assert rows_of(read(inner)) == expected(ISO)


def test_a_home_page_with_a_few_statements_is_told_apart_from_a_section() -> None:
    services = "".join(f"<div class='tile'><a href='/en/s{n}/'>Service number {n}</a></div>" for n in range(30))
    at_home = read(DATED["a list"] + services, at=f"{HOST}/en/")
    assert at_home.entries == ()
    assert at_home.reason is Reason.EMPTY
    assert "home page" in at_home.detail
    assert len(read(DATED["a list"] + services).entries) == 6


def test_a_site_that_is_a_list_is_one_although_its_address_is_that_of_a_home_page() -> None:
    rows = "".join(f"<li><span>{DAYS[n % 6]}</span><a href='/en/{n}.html'>{TITLES[n % 6]}</a></li>" for n in range(30))
    assert len(read(f"<ul>{rows}</ul>", at=f"{HOST}/").entries) == 30
