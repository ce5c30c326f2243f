"""Where the headline of a row stands if its link says little. The words are our own."""

from __future__ import annotations

import pytest

from tests.crawler.listing.lists import DAYS, ISO, SECTION, TITLES, address, expected, link, read, read_whole, rows_of

BESIDE = {
    "file names, the headlines after them on their lines": "<pre>"
    + "\n".join(
        f"<b>[ {DAYS[n]} ]</b><br>\n{link(n, f'24{n}501P.pdf')}   {DAYS[n]}  {TITLES[n]}\n   Port Court: 24-{n}"
        for n in range(6)
    )
    + "</pre>",
    "a link to more, the statement on the line above it": "".join(
        f"<p class='day'>{DAYS[n]}</p><p class='text'>{TITLES[n]}<br><i>{link(n, 'Read more')}</i></p>"
        for n in range(6)
    ),
    "a file to download after a date and a time in cells": "<table>"
    + "".join(
        f"<tr><td>{TITLES[n]}</td><td>{DAYS[n]}</td><td>1{n}:05</td><td>{link(n, 'Download')}</td></tr>"
        for n in range(6)
    )
    + "</table>",
    "a headline in bold type, a summary, a link whose words are not known": "".join(
        f"<div class='f'><strong>{TITLES[n]}</strong><br><small>{DAYS[n]}</small><p>The parties met on the river.</p>"
        f"<a href='{address(n)}'>Nánar um málið</a></div>"
        for n in range(6)
    ),
    "a caption with a date below a picture": "".join(
        f"<figure><a href='{address(n)}'><img src='/p.jpg' alt='A hall'></a><figcaption>{TITLES[n]}<br>"
        f"<small>{DAYS[n]}</small></figcaption></figure>"
        for n in range(6)
    ),
    "a time before the headline in one link": "".join(
        f"<h3>{DAYS[n]}</h3><ul><li><a href='{address(n)}'><span class='tm'>14:05</span><span class='tt'>{TITLES[n]}"
        f"</span></a></li></ul>"
        for n in range(6)
    ),
    "a label before the headline in one link": "".join(
        f"<h3>{DAYS[n]}</h3><ul><li><a href='{address(n)}'><span class='label label--new'>Forenoon</span>"
        f"<span class='text'>{TITLES[n]}</span></a></li></ul>"
        for n in range(6)
    ),
}


@pytest.mark.parametrize("inner", BESIDE.values(), ids=BESIDE.keys())
def test_a_headline_is_found_beside_a_link_that_says_little(inner: str) -> None:
    assert rows_of(read(inner)) == expected(ISO)


def test_a_name_shorter_than_the_number_that_is_its_link_is_the_headline() -> None:
    names = ["King", "Wise", "Golden", "Smith", "Carter", "Moffitt"]
    rows = "".join(
        f"<tr><td>{names[n]}</td><td>{link(n, f'2024-{n}824')}</td><td>{DAYS[n]}</td></tr>" for n in range(6)
    )
    assert [entry.title for entry in read(f"<table>{rows}</table>").entries] == names


def test_an_issue_that_is_called_by_its_day_is_an_entry_and_not_the_file_beside_it() -> None:
    days = ["28 November 2024", "27 November 2024", "26 November 2024"]
    rows = "".join(
        f"<div class='row'><div class='a'>{link(n, days[n])}</div><p><a href='/files/{n}'>Download</a></p></div>"
        for n in range(3)
    )
    assert rows_of(read(rows)) == [(address(n), days[n], f"2024-11-{28 - n}") for n in range(3)]


def test_a_headline_in_characters_that_ends_with_a_day_is_no_date() -> None:
    titles = [
        "人事異動（令和6年11月28日付）",
        "外務大臣と港湾都市の市長との会談の開催について",
        "北の港における冬の航行に関する声明の発出",
    ]
    rows = "".join(f"<li>{link(n, titles[n])}</li>" for n in range(3))
    page = f"<html lang='ja'><body><h1>報道発表</h1><dl><dt>十一月</dt><dd><ul>{rows}</ul></dd></dl></body></html>"
    assert [entry.title for entry in read_whole(page, at=SECTION, language="ja").entries] == titles


def test_a_link_to_the_next_page_among_the_rows_is_no_entry() -> None:
    rows = "".join(f"<li>{link(n)}<span>{DAYS[n]}</span></li>" for n in range(6))
    page = f"<html lang='zh'><body><ul>{rows}<li><a href='?page=2'>下一页</a></li></ul></body></html>"
    listing = read_whole(page, language="zh")
    assert rows_of(listing) == expected(ISO)
    assert listing.next_page == f"{SECTION}?page=2"


def test_the_dash_between_date_and_headline_is_part_of_neither() -> None:
    rows = "".join(
        f"<p><a href='{address(n)}'><span>{DAYS[n]}</span><span> - </span><span>{TITLES[n]}</span></a></p>"
        for n in range(6)
    )
    assert rows_of(read(rows)) == expected(ISO)
