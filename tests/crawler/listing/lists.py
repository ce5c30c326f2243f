"""A section's page around a list of any shape. The words are our own."""

from __future__ import annotations

from dataclasses import replace

from crawler.listing import read_listing
from storage.types import Listing, Page
from tests.crawler import pages

HOST = pages.HOST
SECTION = f"{HOST}/en/press/news/"

TITLES = [
    "Minister opens a round of talks on the transit of grain",
    "Two river ports agree on winter navigation and its costs",
    "Consular offices change their hours in the last week of December",
    "Statement on the election of judges to the court of arbitration",
    "Experts discuss the survey of the northern bank in Zaleskaya",
    "Ambassador presents her letters of credence to the governor",
]
DAYS = ["28.11.2024", "15.11.2024", "03.11.2024", "30.10.2024", "29.10.2024", "11.10.2024"]
ISO = ["2024-11-28", "2024-11-15", "2024-11-03", "2024-10-30", "2024-10-29", "2024-10-11"]

MENU = ["About the ministry", "Foreign policy and security", "Missions abroad", "Consular questions", "Contacts"]


def address(number: int) -> str:
    return f"/en/press/news/{4100 - number}.html"


def link(number: int, words: str = "") -> str:
    return f'<a href="{address(number)}">{words or TITLES[number]}</a>'


def framed(inner: str, head: str = "") -> str:
    """The list in a page with menus of plain elements, paging, a switch of languages, partners, a column of tags."""
    menu = "".join(f'<div class="item"><a href="/en/{name[:4].lower()}/">{name}</a></div>' for name in MENU)
    paging = "".join(f'<li><a href="?page={number}">{number}</a></li>' for number in range(2, 9))
    partners = "".join(
        f'<p><a href="https://partner{number}.example/">International Organisation of Friends of Port {number}</a></p>'
        for number in range(8)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>News - Ministry</title>{head}</head><body>"
        f'<div class="top"><a href="/ru/press/news/">Русский</a> <a href="/by/press/news/">BY</a>'
        f'<span>Monday, 2 December 2024</span></div><div class="main-menu">{menu}</div>'
        f'<div class="content"><h1>News</h1>{inner}<ul class="pages">{paging}<li><a href="?page=2">Next</a></li></ul>'
        f'</div><div class="partners">{partners}</div>'
        f'<div id="footer"><ul><li><a href="/en/map/">The map of this site and all of its many pages</a></li>'
        f"<li>© 2024 Ministry</li></ul></div></body></html>"
    )


def read(inner: str, *, at: str = SECTION, language: str = "en", head: str = "") -> Listing:
    return read_whole(framed(inner, head), at=at, language=language)


def read_whole(text: str, *, at: str = SECTION, language: str = "en") -> Listing:
    page = Page(at, text.encode(), 200, "text/html; charset=utf-8")
    return read_listing(page, replace(pages.listed(language), address=at))


def rows_of(listing: Listing) -> list[tuple[str, str, str]]:
    return [(entry.address.removeprefix(HOST), entry.title, str(entry.published)) for entry in listing.entries]


def expected(dates: list[str] | None = None, count: int = 6) -> list[tuple[str, str, str]]:
    days = dates or [""] * count
    return [(address(number), TITLES[number], days[number]) for number in range(count)]
