"""Finds the list on a section's page, whatever the page looks like. Pure.

1. The links outside the page's frame that stand at one structural path are a group: one list's links among them.
2. The row of a link is the widest element around it that holds no other link of its group.
3. Each row gets a title and a date; where to look is decided for the group, not for the row.
4. A group is a list if its rows are dated, or if they read like headlines and more than their length speaks for it.
5. The list that says most wins; groups of the same make are parts of it: a second list, a first entry shown apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import DateLine, date_lines, in_the_order_of
from crawler.listing.html_lists.empty_lists import says_nothing
from crawler.listing.html_lists.frame import is_home_address
from crawler.listing.html_lists.link_groups import LinkGroup, LinkRow, PageLayout, read_group
from crawler.listing.html_lists.links import Link, Names, by_place, census, content_links, picture_addresses
from crawler.listing.html_lists.row_dates import PageDates, lines_in
from crawler.listing.html_lists.scoring import in_heading, is_in_section, is_list, worth
from crawler.listing.html_lists.scripted_links import with_scripted_links
from crawler.page.document import parts_of
from storage.types import Published

_LANGUAGE = re.compile(r"^/[a-z]{2}/")
_ABOVE = 0.4
"""What a group above the page's main heading is worth: most often it is a menu."""
_ASIDE = 0.3
"""What a group beside the column of the page's main heading is worth, if that column has a list of its own."""
_LEAD_TITLE = 15
_LEAST_OUTER = 2
_LEADS = 4
"""First entries that are shown larger, at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: the reference as written, the title, the date."""

    reference: str
    title: str
    published: Published


def detect_rows(root: HtmlElement, dates: DateReader, base: str) -> Sequence[Row]:
    """The rows of the page's list, in its order; none where the page has no list. The steps are the module's."""
    root, dates = with_scripted_links(root), in_the_order_of(root, PageDates.of(dates))
    lines = list(date_lines(root, dates))
    links = content_links(root, base, [line.element for line in lines])
    groups = _groups(links, lines, dates)
    lists = _lists(groups, base, picture_addresses(root, base), len(links))
    heading = _MainHeading.of(root, lists)
    best = max(lists, key=lambda group: worth(group, base) * heading.nearness(group), default=None)
    if best is None or (not is_in_section(best, base) and says_nothing(root, best.rows[0].link.element)):
        return []
    order = {link.element: index for index, link in enumerate(links)}
    others = [group for group in groups if group is not best and group.rows and heading.same_side(group, best)]
    parts = [group for group in others if _is_part(group, best, lists) or _is_lead(group, best, order)]
    rows = sorted(_with_parts(best, parts), key=lambda row: order[row.link.element])
    return [Row(row.link.element.get("href") or "", row.title, row.published) for row in rows]


def _groups(links: Sequence[Link], lines: Sequence[DateLine], dates: DateReader) -> list[LinkGroup]:
    """The links that stand alike, as rows with titles and dates."""
    names = Names()
    layout = PageLayout(census(link.element for link in links), lines_in(lines), dates, names)
    return [read_group(alike, layout) for alike in by_place(links, names)]


def _lists(groups: Sequence[LinkGroup], base: str, pictured: Collection[str], links: int) -> list[LinkGroup]:
    """The groups that are lists of statements, without those that belong to the statements of another one."""
    lists = [group for group in groups if is_list(group, base, pictured, links)]
    return [group for group in lists if not any(_is_inside(group, other) for other in lists if other is not group)]


@dataclass(frozen=True, slots=True)
class _MainHeading:
    """Where the page's first main heading stands; the site's menus stand above it."""

    below: frozenset[HtmlElement]
    """The links below it."""
    column: HtmlElement | None
    """The closest element around it that has a list in it."""

    @classmethod
    def of(cls, root: HtmlElement, lists: Sequence[LinkGroup]) -> Self:
        elements = list(root.iter("h1", "a"))
        heading = next((index for index, element in enumerate(elements) if element.tag == "h1"), None)
        if heading is None:
            return cls(frozenset(), None)
        below = frozenset(element for element in elements[heading:] if element.tag == "a")
        held = census(group.rows[0].link.element for group in lists)
        return cls(below, next((around for around in elements[heading].iterancestors() if held[around]), None))

    def is_over(self, group: LinkGroup) -> bool:
        return group.rows[0].link.element in self.below

    def nearness(self, group: LinkGroup) -> float:
        """What a group that is not below the heading, or not in its column, is worth."""
        is_beside = self.column is not None and self.column not in group.rows[0].link.element.iterancestors()
        return (1 if self.is_over(group) else _ABOVE) * (_ASIDE if is_beside else 1)

    def same_side(self, group: LinkGroup, other: LinkGroup) -> bool:
        """Whether two groups stand on one side of the heading."""
        return self.is_over(group) == self.is_over(other)


def _is_inside(group: LinkGroup, other: LinkGroup) -> bool:
    """Whether each row of a group stands in a row of another one with headlines: what belongs to those statements."""
    if other.is_poor or len(other.rows) < _LEAST_OUTER or not all(in_heading(row) for row in other.rows):
        return False
    outer = {row.element for row in other.rows}
    return all(not outer.isdisjoint(row.link.element.iterancestors()) for row in group.rows)


def _is_part(group: LinkGroup, best: LinkGroup, lists: Sequence[LinkGroup]) -> bool:
    """Whether a group is made as the list is, is dated as it is, and leads where it leads."""
    return (
        group.make == best.make
        and group.is_dated == best.is_dated
        and (best.is_dated or group in lists)
        and {_area(row) for row in group.rows} <= {_area(row) for row in best.rows}
    )


def _is_lead(group: LinkGroup, best: LinkGroup, order: Mapping[HtmlElement, int]) -> bool:
    """Whether a group is the first entries of the list, shown larger above it: dated, or headings, as they are."""
    row, first, areas = group.rows[0], best.rows[0], {_area(other) for other in best.rows}
    return (
        all(len(one.title) >= _LEAD_TITLE and _area(one) in areas for one in group.rows)
        and order[group.rows[-1].link.element] < order[first.link.element]
        and group.is_dated == best.is_dated
        and (
            len(group.rows) == 1
            or (len(group.rows) <= _LEADS < len(best.rows) + len(group.rows) and _is_newer(group, best))
        )
        and (group.is_dated or (in_heading(row) and in_heading(first)))
    )


def _is_newer(group: LinkGroup, best: LinkGroup) -> bool:
    """Whether all of a group's days are as late as the list's first one, or later."""
    days = [row.published.day for row in (*group.rows, best.rows[0])]
    return all(day is not None and days[-1] is not None and day >= days[-1] for day in days)


def _area(row: LinkRow) -> tuple[str, str]:
    """The host and the first part of the path of a row's address after its language, numbers alike."""
    parts = parts_of(row.link.address)
    return parts.netloc, re.sub(r"\d+", "#", _LANGUAGE.sub("/", parts.path).partition("/")[2].partition("/")[0])


def _with_parts(best: LinkGroup, parts: Sequence[LinkGroup]) -> list[LinkRow]:
    """The rows of a list and of its parts elsewhere on the page, but not a second link of a row."""
    found = list(best.rows)
    for part in parts:
        taken = {row.element for row in found}
        if not any(_overlaps(row.element, taken) for row in part.rows):
            found += part.rows
    return found


def _overlaps(element: HtmlElement, taken: set[HtmlElement]) -> bool:
    return any(around in taken for around in (element, *element.iterancestors())) or any(
        inner in taken for inner in element.iter()
    )


def is_home_page(root: HtmlElement, address: str, base: str, rows: Sequence[Row]) -> bool:
    """Whether a page is a site's home page that shows a few of its statements, and no section: most leads elsewhere."""
    return is_home_address(address) and 2 * len(rows) < len({link.address for link in content_links(root, base, [])})
