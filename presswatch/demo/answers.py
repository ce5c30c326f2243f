"""A path and the statements -> what a sound site answers. Pure."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qs

from presswatch.demo import pages
from presswatch.demo.pages import ReplicaStatement
from presswatch.demo.server import Answer


def page(text: str, status: int = 200) -> Answer:
    """A web page as the site sends it: windows-1251, of which the header says nothing."""
    return Answer(status, text.encode("windows-1251", "xmlcharrefreplace"), "text/html")


def sound(
    path: str,
    query: str,
    statements: Mapping[str, ReplicaStatement],
    changed: Mapping[str, datetime.datetime],
    page_size: int,
    home: str,
) -> Answer:
    """A listing, a feed, a front page or an article; else, and for what is withdrawn, 404.

    `statements` are by their paths, `changed` says when the statements of a language last changed, `home` is the
    site's address without a slash at its end.
    """
    language = pages.language_of(path)
    if path == pages.section_path(language):
        shown = shown_in(statements, language)
        count = max(1, -(-len(shown) // page_size))
        number = _page_number(query)
        rows = shown[(number - 1) * page_size : number * page_size]
        return _dated(page(pages.listing_page(rows, language, number, count)), changed[language])
    if path == pages.feed_path(language):
        content = pages.feed(shown_in(statements, language)[:page_size], language, home).encode()
        return _dated(Answer(200, content, "application/rss+xml"), changed[language])
    if path in ("/", "/en/"):
        return page(pages.home_page(language))
    statement = statements.get(path)
    if statement is None or statement.withdrawn:
        return page(pages.error_page(language, 404), 404)
    return _dated(page(pages.article_page(statement)), statement.modified)


def without_validators(answer: Answer) -> Answer:
    """The same answer from a site that knows no conditional requests."""
    return Answer(answer.status, answer.content, answer.content_type, answer.headers)


def shown_in(statements: Mapping[str, ReplicaStatement], language: str) -> list[ReplicaStatement]:
    """What the listing shows, the newest day first and in it the newest publication."""
    shown = (each for each in statements.values() if each.in_listing and not each.withdrawn)
    return sorted(
        (each for each in shown if each.language == language),
        key=lambda each: (each.date or datetime.date.max, each.number),
        reverse=True,
    )


def _dated(answer: Answer, modified: datetime.datetime) -> Answer:
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
    return Answer(answer.status, answer.content, answer.content_type, answer.headers, etag, modified)


def _page_number(query: str) -> int:
    given = parse_qs(query).get("page", ["1"])[0]
    return max(1, int(given)) if given.isdecimal() and len(given) < 10 else 1
