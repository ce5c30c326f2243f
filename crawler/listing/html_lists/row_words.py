"""What the words, the titles and the addresses of a list's rows say of when they were published. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.addresses import day_in_address
from crawler.dates.words import PUBLISHED
from crawler.page.document import short_text
from storage.types import Published

_WITH_YEAR = ("{} 2000", "2000年{}")
_DAY_AND_MONTH = re.compile(
    r"(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|(?:[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])\.?"
)
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_DAY = 20
"""Characters of a day without its year."""
LONGEST_ROW = 200
"""Characters beside the title of a row whose words may hold its day."""
LEAST_ORDERED = 3
"""Different days that show an order."""
_ONE_BREAK_IN = 5
"""Days of which one may stand out of their order."""
_TELLS = re.compile(
    rf"(?:{PUBLISHED}"
    r"|\b(?:filed|dated|decided|delivered|entered|signed|adopted|added|date|принят\w*|подписан\w*|дата|от|датум|vom|du|le"
    r"|fecha|data|z dnia|dnia|tarih))\s*(?:on|am|el|em|il|le)?[\s:]*$",
    re.IGNORECASE,
)
"""What stands before the day of a row in its words."""
_SHORT_YEAR = re.compile(r"(?<![\w/.-])\d{1,2}([/.])\d{1,2}\1\d{2}(?![\w/-]|\.\d)")
_MOST = 0.8
"""The share of a list's rows from which on a place where they have a date is the place for it."""


def in_words(text: str, dates: DateReader) -> Published:
    """The first day in other text, with a year of two digits after strokes too."""
    found = dates.find(text)
    short = _SHORT_YEAR.search(text) if found.day is None else None
    return dates.claimed(short[0]) if short else found


def days_elsewhere(
    days: Sequence[Published | None], titles: Sequence[str], addresses: Sequence[str], dates: DateReader
) -> list[Published | None]:
    """The dates of the rows, completed from their titles, else from their addresses, if most of those have one.

    One title with a date tells of the day it speaks of; if nearly every title has one, and none differs from the date
    in its row, it is how the list dates its entries. So with addresses.
    """
    for found in (
        [dates.find(title) for title in titles],
        [day_in_address(address, dates.zone) for address in addresses],
    ):
        known = [one.day for one in found if one.day is not None]
        agreed = all(one is None or two.day in (None, one.day) for one, two in zip(days, found, strict=True))
        if agreed and len(known) >= _MOST * len(found):
            return [one or (two if two.day else None) for one, two in zip(days, found, strict=True)]
    return list(days)


def days_in_words(rows: Sequence[HtmlElement], titles: Sequence[str], dates: DateReader) -> list[Published | None]:
    """The days in what the rows say beside their titles, if nearly all say one, and these run in order but for a few or
    are told to be those of filing, deciding, publishing; else none.
    """
    texts = [short_text(row, LONGEST_ROW + len(title)) or "" for row, title in zip(rows, titles, strict=True)]
    texts = [text.replace(title, " ", 1) for text, title in zip(texts, titles, strict=True)]
    found = [in_words(text, dates) for text in texts]
    known = [one.day for one in found if one.day is not None]
    if len(known) < _MOST * len(rows) or len(set(known)) < LEAST_ORDERED:
        return [None] * len(rows)
    is_theirs = _is_in_order(known) or _are_told(texts, found)
    return [one if one.day and is_theirs else None for one in found]


def _is_in_order(days: Sequence[date]) -> bool:
    """Whether days run up or down, but for a few."""
    up = sum(one <= other for one, other in pairwise(days))
    down = sum(one >= other for one, other in pairwise(days))
    return max(up, down) >= len(days) - 1 - len(days) // _ONE_BREAK_IN


def _are_told(texts: Sequence[str], found: Sequence[Published]) -> bool:
    """Whether before the days of most rows stands that something was published, filed or decided."""
    told = [one.day and _TELLS.search(text.partition(one.text)[0]) for text, one in zip(texts, found, strict=True)]
    return sum(map(bool, told)) >= _MOST * len(texts)


def has_day_without_year(row: HtmlElement, dates: DateReader) -> bool:
    """Whether a text in a row is a day whose year the page leaves out: 6/22, 19 Aug, 8月19日."""
    texts = (text.strip(" []()|•·\r\n\t") for text in row.itertext())
    return any(
        _DAY_AND_MONTH.fullmatch(text)
        or (len(_PARTS.findall(text)) > 1 and any(dates.claimed(form.format(text)).day for form in _WITH_YEAR))
        for text in texts
        if 2 < len(text) <= _LONGEST_DAY and any(char.isdigit() for char in text)
    )
