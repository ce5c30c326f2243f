"""When a statement was published, as claimed. Pure.

The order that works: the listing's own date; the source's selector; structured data; the visible date line at the
title; what htmldate finds, only if that day stands on a date line of the page. Without that check it takes the year of
a copyright for the first of January, and the day of an event for the day of the statement.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import htmldate
from lxml.html import HtmlElement, tostring

from crawler.article.metadata import Metadata
from crawler.article.title import title_element
from crawler.date_lines import DateLine, date_lines
from crawler.dates import DateReader
from crawler.pages import select, short_text, text_of, without_frame
from storage.types import ArticleSelectors, Published

_NEAR = 400
"""Characters of text after the title within which a date line belongs to it."""

_LINK_LIMIT = 25
"""Characters. A date beside a longer link is the date of what it leads to."""


def read_published(
    root: HtmlElement,
    metadata: Metadata,
    selectors: ArticleSelectors,
    dates: DateReader,
    entry_published: Published,
    title: str = "",
) -> Published:
    """The claim to trust, to the finest precision that is claimed for its day."""
    claims = list(_claims(root, metadata, selectors, dates, title))
    best = entry_published
    if best.day is None:
        best = claims[0] if claims else _by_htmldate(root, dates)
    if best.at is None:
        best = next((claim for claim in claims if claim.day == best.day and claim.at is not None), best)
    return best


def _claims(
    root: HtmlElement, metadata: Metadata, selectors: ArticleSelectors, dates: DateReader, title: str
) -> Iterator[Published]:
    for element in select(root, selectors.date):
        line = text_of(element)
        claim = dates.claimed(line)
        yield from _real([claim if claim.day else dates.find(line)])
    yield from _real(_without_midnight(dates.claimed(value), value, dates) for value in metadata.published)
    yield from _real(line.published for line in _at_title(root, dates, title))


def _real(claims: Iterable[Published]) -> Iterator[Published]:
    return (claim for claim in claims if claim.day is not None)


def _without_midnight(claim: Published, written: str, dates: DateReader) -> Published:
    """Structured data has no way to leave the time out: midnight as written means that only the day is claimed."""
    if claim.at is None or not any(mark in written for mark in ("T00:00", " 00:00")):
        return claim
    day = dates.find(written[:10])
    in_zone = claim.at.astimezone(ZoneInfo(claim.zone))
    return Published(day=day.day or in_zone.date(), zone=claim.zone, text=claim.text)


def _at_title(root: HtmlElement, dates: DateReader, title: str) -> Iterator[DateLine]:
    """The date lines between the title and the first `_NEAR` characters after it, less those of links elsewhere."""
    heading = title_element(root, title) if title else next(iter(root.iter("h1")), None)
    if heading is None:
        return
    lines = {line.element: line for line in _own_lines(root, dates)}
    inside, length = set(heading.iter()), 0
    passed = False
    for element in root.iter():
        passed = passed or element is heading
        if not passed or not isinstance(element.tag, str):
            continue
        if element in lines:
            yield lines[element]
        if element not in inside:
            length += len((element.text or "").strip())
        length += len((element.tail or "").strip()) if element is not heading else 0
        if length > _NEAR:
            return


def _own_lines(root: HtmlElement, dates: DateReader) -> Iterator[DateLine]:
    for line in date_lines(root, dates):
        beside = line.element.getparent() if line.element.getparent() is not None else line.element
        links = [*line.element.iterancestors("a")]
        if short_text(beside, _NEAR) is not None:
            links += beside.iter("a")
        if all(short_text(link, _LINK_LIMIT) is not None for link in links):
            yield line


def _by_htmldate(root: HtmlElement, dates: DateReader) -> Published:
    page = without_frame(copy.deepcopy(root))
    written = {line.published.day: line.published for line in _own_lines(page, dates)}
    if not written:
        return Published(zone=dates.zone)
    found = htmldate.find_date(tostring(page, encoding="unicode"), original_date=True, outputformat="%Y-%m-%d")
    try:
        return written.get(date.fromisoformat(found or ""), Published(zone=dates.zone))
    except ValueError:
        return Published(zone=dates.zone)
