"""A statement -> the pages of the replica. Pure.

The markup is that of mfa.gov.by: rows of `div.tabs__item`, the date in `span.date`, the article's in `span.date._big`,
after the body a link to `/print/` and `div.content-page__social`, and around it a menu and a footer full of words that
no statement said.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

Breakage = Literal["redesign", "empty", "login"]
"""How a listing loses its rows: to a script that draws them, to nothing, or behind a login."""

SECTION = "/press/news_mfa/"
LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class ReplicaStatement:
    """One statement as the replica shows it now. Every verb that changes it returns a new one; `slug` stays."""

    slug: str
    address: str
    path: str
    language: str
    title: str
    body: tuple[str, ...]
    """Its paragraphs."""
    date: datetime.date | None
    """The ministry's claim; None is a page without a date."""
    number: int
    """Counts the publications of a site."""
    modified: datetime.datetime
    in_listing: bool = True
    withdrawn: bool = False


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("ministry.toml").read_text("utf-8"))


def section_path(language: str) -> str:
    """The path of a language's news section. Raises `ValueError` for a language that the replica does not have."""
    if language not in LANGUAGES:
        raise ValueError(f"the replica speaks {' and '.join(LANGUAGES)}, not {language!r}")
    return f"{_words()[language]['prefix']}{SECTION}"


def feed_path(language: str) -> str:
    """The path of a language's feed. Raises `ValueError` as `section_path` does."""
    return section_path(language).replace("news_mfa/", "feed.xml")


def language_of(path: str) -> str:
    """English lives below /en/, Russian everywhere else."""
    return "en" if path.startswith("/en/") else "ru"


def civil_date(day: datetime.date, language: str) -> str:
    """A date in the ministry's words: `28 November 2024`, `19 мая 2021 г.`."""
    words = _words()[language]
    text: str = words["date"].format(day=day.day, month=words["months"][day.month - 1], year=day.year)
    return text


def listing_page(rows: Sequence[ReplicaStatement], language: str, page: int, pages: int, form: str = "") -> str:
    """One page of a section, with links to its other pages, below a `form`; with one it says when there are no rows."""
    links = "".join(f'<a href="?page={number}">{number}</a>' for number in range(1, pages + 1) if number != page)
    pager = f'<div class="pagination">{links}</div>' if links else ""
    nothing = f'<div class="tabs"><p>{escape(_words()[language]["nothing"])}</p></div>'
    shown = _rows(rows, language) if rows or not form else nothing
    return _frame(language, _words()[language]["news"], form + shown + pager)


def broken_listing_page(language: str, how: Breakage) -> str:
    """A section that answers 200 and shows no statement. Raises `ValueError` for an unknown way to break."""
    words = _words()[language]
    match how:
        case "redesign":
            inner = '<div id="newsroom" data-endpoint="/api/newsroom"></div><script src="/assets/newsroom.js"></script>'
        case "empty":
            inner = f'<div class="tabs"><p>{escape(words["nothing"])}</p></div>'
        case "login":
            inner = (
                '<form class="login" method="post" action="/login"><input type="text" name="login">'
                '<input type="password" name="password"><button type="submit">OK</button></form>'
            )
        case _:
            raise ValueError(f"a listing breaks by redesign, empty or login, not by {how!r}")
    return _frame(language, words["news"], inner)


def article_page(statement: ReplicaStatement) -> str:
    """The page of one statement."""
    words = _words()[statement.language]
    day = (
        f'<span class="date _big">{escape(civil_date(statement.date, statement.language))}</span>'
        if statement.date
        else ""
    )
    body = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in statement.body)
    return _frame(
        statement.language,
        statement.title,
        f'{day}\n{body}<a href="/print/{statement.slug}/">{escape(words["print"])}</a>\n'
        f'<div class="content-page__social">{escape(words["share"])}</div>',
    )


def home_page(language: str) -> str:
    """The front page: nothing but the frame."""
    words = _words()[language]
    return _frame(language, words["ministry"], f"<p>{escape(words['notice'])}</p>")


def error_page(language: str, status: int) -> str:
    """The page that goes with an error status."""
    heading = _words()[language]["missing"] if status in (404, 410) else str(status)
    return _frame(language, heading, "")


def blocked_page() -> str:
    """What a web filter in front of the site answers instead of it."""
    return (
        "<!DOCTYPE html><html><head><title>Web Page Blocked</title></head><body><h1>Web Page Blocked</h1>"
        "<p>The page you have requested has been blocked by the network's protection.</p>"
        "<p>Attack ID: 20000051</p></body></html>"
    )


def feed(statements: Sequence[ReplicaStatement], language: str, home: str) -> str:
    """An RSS 2.0 feed with the first paragraph of each statement."""
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{each.address}</link>"
        f'<guid isPermaLink="true">{each.address}</guid>'
        f"<description>{escape(each.body[0] if each.body else '')}</description>{_feed_date(each)}</item>\n"
        for each in statements
    )
    ministry = escape(_words()[language]["ministry"])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{ministry}</title><link>{home}{section_path(language)}</link><description>{ministry}</description>"
        f"<language>{language}</language>\n{items}</channel></rss>"
    )


def robots(crawl_delay: float | None) -> str:
    """A robots.txt that forbids a few service folders, as the real one does."""
    folders = "".join(f"Disallow: {folder}\n" for folder in ("/admin/", "/cgi-bin/", "/print/", "/search/"))
    delay = "" if crawl_delay is None else f"Crawl-delay: {crawl_delay:g}\n"
    return f"User-agent: *\n{folders}{delay}"


def _feed_date(statement: ReplicaStatement) -> str:
    if statement.date is None:
        return ""
    noon = datetime.datetime.combine(statement.date, datetime.time(12), datetime.UTC)
    return f"<pubDate>{format_datetime(noon)}</pubDate>"


def _rows(statements: Sequence[ReplicaStatement], language: str) -> str:
    rows = (
        '<div class="tabs__item">'
        + (f'<span class="date">{escape(civil_date(each.date, language))}</span>' if each.date else "")
        + f'<a href="{each.path}">{escape(each.title)}</a></div>\n'
        for each in statements
    )
    return f'<div class="tabs">\n{"".join(rows)}</div>\n'


def _frame(language: str, heading: str, inner: str) -> str:
    words = _words()[language]
    home = f"{words['prefix']}/"
    menu = "".join(
        f'<li><a href="{section_path(language) if name == words["pressroom"] else f"{home}section{number}/"}">'
        f"{escape(name)}</a></li>"
        for number, name in enumerate(words["menu"])
    )
    resources = "".join(
        f'<li><a href="http://{host}/">{escape(name)}</a> {host}</li>\n' for host, name in _words()["resources"].items()
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="windows-1251">'
        f"<title>{escape(heading)} - {escape(words['ministry'])}</title></head>\n"
        f'<body><header><a class="logo" href="{home}">{escape(words["ministry"])}</a>'
        f'<ul class="menu">{menu}</ul></header>\n'
        f'<section class="content-page"><h1>{escape(heading)}</h1>\n{inner}</section>\n'
        f"<footer><h3>{escape(words['resources'])}</h3><ul>\n{resources}</ul><p>{escape(words['notice'])}</p></footer>"
        "</body></html>"
    )
