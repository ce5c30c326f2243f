"""What stands beside, inside and in the place of a list, and is not taken for it. The words are our own."""

from __future__ import annotations

import pytest

from storage.types import Reason
from tests.crawler.listing.lists import (
    DAYS,
    ISO,
    SECTION,
    TITLES,
    address,
    expected,
    framed,
    link,
    read,
    read_whole,
    rows_of,
)

SUMMARY = "The parties looked at what was agreed in spring and at what is still to be done before the river freezes."
COLUMN = (
    "<div class='right-col'><h3>Events</h3><ul>"
    + "".join(
        f"<li><a href='/en/events/{day}'>Exhibition of {what} in the halls of the city</a> <b>{day}.12.2024</b></li>"
        for day, what in ((12, "boats"), (14, "maps"), (19, "coins"), (21, "lamps"))
    )
    + "</ul></div>"
)


def dated(number: int, inner: str = "") -> str:
    return f"<div class='n'><span>{DAYS[number]}</span><h3>{link(number)}</h3>{inner}</div>"


@pytest.mark.parametrize("count", [1, 2, 6])
def test_a_dated_column_beside_a_short_list_is_left_out(count: int) -> None:
    inner = f"<div>{''.join(dated(number) for number in range(count))}</div>{COLUMN}"
    assert rows_of(read(inner)) == expected(ISO[:count], count)


def test_a_dated_column_does_not_hide_an_undated_list_below_the_heading() -> None:
    rows = "".join(f'<li><a href="/node/{number}">{TITLES[number]}</a></li>' for number in range(6))
    page = framed(f"<ul>{rows}</ul>").replace('<div class="partners">', f'{COLUMN}<div class="partners">')
    assert [entry.title for entry in read_whole(page).entries] == TITLES


@pytest.mark.parametrize(
    "line",
    [
        "No results found.",
        "There are no news items in this section yet.",
        "По вашему запросу ничего не найдено",
        "Nichts da",
    ],
)
def test_a_section_that_says_it_is_empty_is_empty_whatever_stands_beside_it(line: str) -> None:
    listing = read(f"<p>{line}</p>{COLUMN}")
    assert bool(listing.entries) == (line == "Nichts da")
    assert listing.reason is Reason.OK or not listing.entries


def test_what_belongs_to_a_statement_is_no_statement() -> None:
    inner = "".join(
        dated(
            number,
            f"<ul><li><a href='/en/texts/{number}a'>Text of the agreement on the port</a></li>"
            f"<li><a href='/en/texts/{number}b'>Photographs of the ceremony</a></li></ul>",
        )
        for number in range(6)
    )
    assert rows_of(read(inner)) == expected(ISO)


def test_tags_at_the_path_of_the_headline_are_left_out() -> None:
    inner = "".join(
        f"<tr><td>{link(number)}<br><small>{DAYS[number]}</small><br><a href='/tag/{number}a'>#ports</a> "
        f"<a href='/tag/{number}b'>#grain and other goods</a></td></tr>"
        for number in range(6)
    )
    assert rows_of(read(f"<table>{inner}</table>")) == expected(ISO)


def test_three_first_entries_shown_larger_belong_to_the_list() -> None:
    larger = "".join(f"<div class='big'><h2>{link(n)}</h2><i>{DAYS[n]}</i></div>" for n in range(2))
    rows = "".join(f"<li><i>{DAYS[number]}</i>{link(number)}</li>" for number in range(2, 6))
    assert rows_of(read(f"<div>{larger}</div><ul>{rows}</ul>")) == expected(ISO)


def test_older_entries_shown_above_the_list_are_not_its_first_ones() -> None:
    older = "".join(
        f"<div class='big'><h2><a href='/en/press/best/{n}.html'>{TITLES[n]} and more</a></h2><i>1.02.2023</i></div>"
        for n in range(2)
    )
    rows = "".join(f"<li><i>{DAYS[number]}</i>{link(number)}</li>" for number in range(6))
    assert rows_of(read(f"<div>{older}</div><ul>{rows}</ul>")) == expected(ISO)


HEADLINES = {
    "a meta line before it": "<span class='heading__meta'>{day} News</span><span class='heading__text'>{title}</span>",
    "a number and a department around it": "<span>{number}</span><span>{title}</span><span>Department of Ports</span>",
}


@pytest.mark.parametrize("form", HEADLINES.values(), ids=HEADLINES.keys())
def test_the_headline_of_a_link_is_told_from_what_stands_in_it_too(form: str) -> None:
    inner = "".join(
        f"<li><a href='{address(n)}' title='{TITLES[n]}'>{form.format(day=DAYS[n], title=TITLES[n], number=n + 1)}</a>"
        f" <i>{DAYS[n]}</i></li>"
        for n in range(6)
    )
    assert rows_of(read(f"<ul>{inner}</ul>")) == expected(ISO)


def test_a_link_over_a_whole_card_has_the_words_that_are_read_aloud() -> None:
    inner = "".join(
        f"<div class='card'><a href='{address(n)}' aria-label='{TITLES[n]}'></a><div>News</div><div>{TITLES[n]}</div>"
        f"<div>{DAYS[n]}</div></div>"
        for n in range(6)
    )
    assert rows_of(read(inner)) == expected(ISO)


def test_a_date_is_read_from_the_title_of_its_place_where_only_a_part_of_it_is_shown() -> None:
    inner = "".join(f"<li>{link(n)}<span title='{ISO[n]} 10:02:03'>[{ISO[n][5:]}]</span></li>" for n in range(6))
    assert [str(entry.published)[:10] for entry in read(f"<ul>{inner}</ul>", at=SECTION).entries] == ISO


def test_a_date_in_pieces_with_blanks_before_its_comma_is_read() -> None:
    inner = f"<div class='n'><h2>{link(0)}</h2><p><b>28</b> <b>November</b> , <b>2024</b></p></div>"
    assert rows_of(read(inner)) == expected(ISO[:1], 1)
