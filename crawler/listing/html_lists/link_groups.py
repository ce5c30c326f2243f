"""The links that stand alike on a page, as rows with titles and dates. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import DateLine
from crawler.listing.html_lists.columns import headlines
from crawler.listing.html_lists.links import Link, Names, census, is_number, width
from crawler.listing.html_lists.row_dates import days_of
from crawler.listing.html_lists.row_words import days_elsewhere, days_in_words, has_day_without_year
from crawler.listing.html_lists.titles import title_of, without_day
from storage.types import Published

_POOR = 15
"""Characters. Links whose middle one says less may have their titles beside them."""
_CARD_PARTS = 3
"""Elements in a link from which on they alone tell its make."""
_LEVELS = 2
"""Elements around a link that tell its make where the link itself does not."""
_LEAST_DATED = 3
"""Dated rows that can be the list among many without dates."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """What is the same for all groups of links on one page."""

    links_in: Mapping[HtmlElement, int]
    """How many links stand in an element."""
    lines: Mapping[HtmlElement, Sequence[DateLine]]
    """The date lines in each element that has any."""
    dates: DateReader
    names: Names


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link of a group, with the element that is its row, and what this says."""

    link: Link
    element: HtmlElement
    title: str
    published: Published

    @property
    def is_dated(self) -> bool:
        return self.published.day is not None


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """What may be a list: rows of one make, in the page's order."""

    rows: tuple[LinkRow, ...]
    make: tuple[str, ...]
    is_poor: bool
    is_dated: bool
    """Whether the page gives dates of its own to most rows."""
    has_days: bool = False
    """Whether most rows have a day without its year."""
    recurrence: float = 1.0
    """Addresses to a link: the companies or topics of the statements recur where the statements do not."""


def read_group(alike: Sequence[Link], layout: PageLayout) -> LinkGroup:
    """The links of one structural path as rows.

    1. Each address once. 2. The element of each row, and the date in it, over it or after it. 3. The titles. 4. Where
    dates are missing, what titles, addresses and words say. 5. Where a few dates stand among many links, these alone.
    """
    links = _each_address_once(alike)
    elements, near = _elements_with_days(links, layout)
    is_poor = _is_poor(links)
    told = headlines(links, elements, layout.lines, layout.names) if is_poor else [""] * len(links)
    titles = [
        title_of(link, element, layout.lines.get(element, ()), is_poor=is_poor, told=words)
        for link, element, words in zip(links, elements, told, strict=True)
    ]
    days = near if all(near) else _days_told(near, links, elements, titles, layout.dates)
    rows = _rows(links, elements, titles, days, layout.dates.zone)
    kept = _dated_among_many(rows)
    is_told_by_all = len(links) > 1 and all(days) and not any(near)
    is_dated = _most_have_days(near, elements, layout) or is_told_by_all or len(kept) < len(rows)
    return LinkGroup(
        tuple(kept),
        _make(links[0].element, layout.names),
        is_poor,
        is_dated,
        has_days=not is_dated and _most_have_days_without_year(elements, layout.dates),
        recurrence=min(1.0, len(links) / len({link.element.getparent() for link in alike})),
    )


def _each_address_once(links: Sequence[Link]) -> list[Link]:
    """The first link to each address, at the place of the last one."""
    return list({link.address: link for link in reversed(links)}.values())[::-1]


def _elements_with_days(
    links: Sequence[Link], layout: PageLayout
) -> tuple[Sequence[HtmlElement], Sequence[Published | None]]:
    """The element of each row, and the date near it or None."""
    held = census(link.element for link in links)
    alone = len(links) == 1
    around = layout.links_in if alone else held
    elements = [_widest(link.element, around, below_heading=alone) for link in links]
    days = days_of(elements, layout.lines, held, layout.dates)
    return (elements, days) if alone or all(days) else _cut_to_one_size(links, elements, days, held, layout)


def _widest(link: HtmlElement, held: Mapping[HtmlElement, int], *, below_heading: bool) -> HtmlElement:
    """The widest element around a link that holds no other; if one row is all, not the one with the page's heading."""
    row = link
    for around in link.iterancestors():
        if held[around] > 1 or around.tag == "body":
            break
        if below_heading and any(link not in heading.iter() for heading in around.iter("h1")):
            break
        row = around
    return row


def _cut_to_one_size(
    links: Sequence[Link],
    rows: Sequence[HtmlElement],
    days: Sequence[Published | None],
    held: Mapping[HtmlElement, int],
    layout: PageLayout,
) -> tuple[Sequence[HtmlElement], Sequence[Published | None]]:
    """The rows, each as large as the smallest one, if more of them have a day so.

    A row that is alone under its date heading is wider than those that share one.
    """
    sizes = [
        next(size for size, one in enumerate((link.element, *link.element.iterancestors())) if one is row)
        for link, row in zip(links, rows, strict=True)
    ]
    if min(sizes) == max(sizes):
        return rows, days
    cut = [(link.element, *link.element.iterancestors())[min(sizes)] for link in links]
    others = days_of(cut, layout.lines, held, layout.dates)
    known = [day.day for day in others if day is not None]
    return (cut, others) if len(known) > sum(day is not None for day in days) and len(set(known)) > 1 else (rows, days)


def _is_poor(links: Sequence[Link]) -> bool:
    """Whether the links of a list say little, or the same."""
    texts = [link.text for link in links]
    numbers = sum(map(is_number, texts))
    return median(map(width, texts)) < _POOR or 2 * len(set(texts)) <= len(texts) or 2 * numbers > len(texts)


def _days_told(
    near: Sequence[Published | None],
    links: Sequence[Link],
    elements: Sequence[HtmlElement],
    titles: Sequence[str],
    dates: DateReader,
) -> Sequence[Published | None]:
    """The dates near the rows, completed by what titles or addresses say; where no row has any, by words."""
    days = days_elsewhere(near, titles, [link.address for link in links], dates)
    return days if any(days) else days_in_words(elements, titles, dates)


def _rows(
    links: Sequence[Link],
    elements: Sequence[HtmlElement],
    titles: Sequence[str],
    days: Sequence[Published | None],
    zone: str,
) -> list[LinkRow]:
    """The rows that have a title."""
    return [
        LinkRow(link, element, without_day(title, day.text if day else ""), day or Published(zone=zone))
        for link, element, title, day in zip(links, elements, titles, days, strict=True)
        if title
    ]


def _dated_among_many(rows: Sequence[LinkRow]) -> Sequence[LinkRow]:
    """The dated rows where a few of many are dated, else all."""
    dated = [row for row in rows if row.is_dated]
    return dated if len(dated) >= _LEAST_DATED and len(rows) > 2 * len(dated) else rows


def _most_have_days(days: Sequence[Published | None], elements: Sequence[HtmlElement], layout: PageLayout) -> bool:
    """Whether most rows have a date, and it is theirs: one day over many links may be that of the page."""
    known = [day.day for day in days if day is not None]
    is_theirs = len(set(known)) > 1 or any(one in layout.lines for one in elements)
    return 2 * len(known) >= len(days) and is_theirs


def _most_have_days_without_year(elements: Sequence[HtmlElement], dates: DateReader) -> bool:
    return 2 * sum(has_day_without_year(one, dates) for one in elements) > len(elements)


def _make(link: HtmlElement, names: Names) -> tuple[str, ...]:
    """What links of one list have in common, wherever on the page it stands."""
    parts = [names.name(part) for part in link.iter() if isinstance(part.tag, str)]
    return tuple(parts) if len(parts) > _CARD_PARTS else names.path(link, _LEVELS)
