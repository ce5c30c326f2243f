"""When the rows of a list were published: a date in the row, over it, after it, in its title or its address. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from lxml.html import HtmlElement

from crawler.date_lines import LIMIT, DateLine
from crawler.dates import DateReader
from crawler.pages import short_text
from storage.types import Published

_NUMBERS = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2\d{4}(?!\d)")
_IN_ADDRESS = re.compile(
    r"(?:(?<=/)|(?<=[_-]))t?(?P<year>(?:19|20)\d\d)(?P<mark>[-_/]?)(?P<month>0[1-9]|1[0-2]|(?<=/)[1-9])(?P=mark)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=/)[1-9])(?![\d])"
)
_MOST = 0.8
"""The share of a list's rows from which on a place where they have a date is the place for it."""


def in_the_order_of(root: HtmlElement, dates: DateReader) -> DateReader:
    """The reader with the order of day and month that the page shows where it leaves no doubt: 3/20/2026."""
    pairs = [(int(one), int(other)) for one, _, other in _NUMBERS.findall(" ".join(root.itertext()))]
    month_first = any(other > 12 for _, other in pairs)
    day_first = any(one > 12 for one, _ in pairs)
    return dates if month_first == day_first else replace(dates, day_first=day_first)


def days_of(
    rows: Sequence[HtmlElement], lines: Sequence[DateLine], held: Mapping[HtmlElement, int], dates: DateReader
) -> list[Published | None]:
    """The date of each row, or None. `held` tells how many rows stand in an element.

    1. In the row. 2. If most rows have none: over them, when the list begins with a date, else after each.
    """
    inside: dict[HtmlElement, Published] = {}
    own = set(rows)
    for line in lines:
        row = next((one for one in (line.element, *line.element.iterancestors()) if one in own), None)
        if row is not None:
            inside.setdefault(row, line.published)
    if 2 * len(inside) < len(rows):
        for row, published in _beside(rows, lines, held, dates).items():
            inside.setdefault(row, published)
    return [inside.get(row) for row in rows]


def _beside(
    rows: Sequence[HtmlElement], lines: Sequence[DateLine], held: Mapping[HtmlElement, int], dates: DateReader
) -> dict[HtmlElement, Published]:
    around = next((one for one in rows[0].iterancestors() if held[one] == len(rows)), None)
    if around is None:
        return {}
    days = {line.element: line.published for line in lines}
    run = list(_walk(around, set(rows), days, held, dates))
    if not any(isinstance(one, Published) for one in run):
        before = around.getprevious()
        is_line = before is not None and short_text(before, LIMIT) is not None
        over = next((days[one] for one in before.iter() if one in days), None) if is_line else None
        return dict.fromkeys(rows, over) if over is not None else {}
    is_before = isinstance(run[0], Published)
    found: dict[HtmlElement, Published] = {}
    row: HtmlElement | None = None
    day: Published | None = None
    for one in run:
        if not isinstance(one, Published):
            row = one
            if is_before and day is not None:
                found[row] = day
        elif is_before:
            day = one
        elif row is not None:
            found.setdefault(row, one)
    return found


def _walk(
    element: HtmlElement,
    rows: set[HtmlElement],
    days: Mapping[HtmlElement, Published],
    held: Mapping[HtmlElement, int],
    dates: DateReader,
) -> Iterator[HtmlElement | Published]:
    """The rows and the dates between them, in the page's order."""
    yield from _in_text(element.text, dates)
    for child in element:
        if child in rows:
            yield child
        elif child in days and not held[child]:
            yield days[child]
        elif isinstance(child.tag, str):
            yield from _walk(child, rows, days, held, dates)
        yield from _in_text(child.tail, dates)


def _in_text(text: str | None, dates: DateReader) -> Iterator[Published]:
    if text and len(text) <= 2 * LIMIT and any(char.isdigit() for char in text):
        published = dates.claimed(text.strip())
        if published.day is not None:
            yield published


def days_elsewhere(
    days: Sequence[Published | None], titles: Sequence[str], addresses: Sequence[str], dates: DateReader
) -> list[Published | None]:
    """The dates of the rows, completed from their titles, else from their addresses, if most of those have one.

    One title with a date tells of the day it speaks of; if nearly every title has one, and none differs from the date
    in its row, it is how the list dates its entries. So with addresses.
    """
    for found in ([dates.find(title) for title in titles], [_in_address(address, dates.zone) for address in addresses]):
        known = [one.day for one in found if one.day is not None]
        agreed = all(one is None or two.day in (None, one.day) for one, two in zip(days, found, strict=True))
        if agreed and len(known) >= _MOST * len(found):
            return [one or (two if two.day else None) for one, two in zip(days, found, strict=True)]
    return list(days)


def _in_address(address: str, zone: str) -> Published:
    found = _IN_ADDRESS.search(address.partition("?")[0])
    if found is None:
        return Published(zone=zone)
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return Published(zone=zone)
    return Published(day=day, zone=zone, text=found[0])
