"""Finds the list on a section's page, whatever the page looks like. Pure.

1. The links outside the page's frame that stand at one structural path are a run: one list's links among them.
2. The row of a link is the widest element around it that holds no other link of its run.
3. Each row gets a title and a date; where to look is decided for the run, not for the row.
4. A run is a list if its rows are dated, or if they read like headlines and more than their length speaks for it.
5. The list that says most wins; runs of the same make are parts of it: a second list, a first entry shown apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import date_lines, in_the_order_of
from crawler.listing.html_lists.empty_lists import says_nothing
from crawler.listing.html_lists.frame import is_home_address
from crawler.listing.html_lists.link_groups import LinkGroups, Run, in_heading, is_in_section, is_list, read_run, worth
from crawler.listing.html_lists.links import Names, by_place, census, content_links, picture_addresses
from crawler.listing.html_lists.row_dates import PageDates, lines_in
from crawler.page.document import parts_of
from storage.types import Published

_LANGUAGE = re.compile(r"^/[a-z]{2}/")
_ABOVE = 0.4
"""What a run above the page's main heading is worth: most often it is a menu."""
_ASIDE = 0.3
"""What a run beside the column of the page's main heading is worth, if that column has a run of its own."""
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
    """The rows of the page's list, in its order; none where the page has no list."""
    dates = in_the_order_of(root, PageDates.of(dates))
    lines = list(date_lines(root, dates))
    links = content_links(root, base, [line.element for line in lines])
    links_in, names = census(link.element for link in links), Names()
    dated = lines_in(lines)
    runs = [read_run(group, links_in, dated, dates, names) for group in by_place(links, names)]
    pictured = picture_addresses(root, base)
    lists = [run for run in runs if is_list(run, base, pictured, len(links))]
    lists = [run for run in lists if not any(_is_inside(run, other) for other in lists if other is not run)]
    below, column = _below_the_heading(root), _column(root, lists)

    def value(run: Run) -> float:
        place = 1 if _is_below(run, below) else _ABOVE
        return worth(run, base) * place * (1 if column is None or _stands_in(run, column) else _ASIDE)

    best = max(lists, key=value, default=None)
    if best is None or (not is_in_section(best, base) and says_nothing(root, best.rows[0].link.element)):
        return []
    order = {link.element: index for index, link in enumerate(links)}
    others = [run for run in runs if run.rows and run is not best and _is_below(run, below) == _is_below(best, below)]
    parts = [run for run in others if _is_part(run, best, lists) or _is_lead(run, best, order)]
    found = sorted(_with_parts(best, parts), key=lambda row: order[row.link.element])
    return [Row(row.link.element.get("href") or "", row.title, row.published) for row in found]


def _below_the_heading(root: HtmlElement) -> set[HtmlElement]:
    """The links below the page's first main heading; the site's menus stand above it."""
    found: set[HtmlElement] = set()
    is_below = False
    for element in root.iter("h1", "a"):
        is_below = is_below or element.tag == "h1"
        if is_below and element.tag == "a":
            found.add(element)
    return found


def _is_below(run: Run, below: set[HtmlElement]) -> bool:
    return not run.rows or run.rows[0].link.element in below


def _column(root: HtmlElement, lists: Sequence[Run]) -> HtmlElement | None:
    """The closest element around the page's first main heading that has a list in it."""
    heading = next(root.iter("h1"), None)
    if heading is None:
        return None
    held = census(run.rows[0].link.element for run in lists)
    return next((around for around in heading.iterancestors() if held[around]), None)


def _stands_in(run: Run, around: HtmlElement) -> bool:
    return around in run.rows[0].link.element.iterancestors()


def _is_inside(run: Run, other: Run) -> bool:
    """Whether each row of a run stands in a row of another one that has headlines: what belongs to those statements."""
    if other.is_poor or len(other.rows) < _LEAST_OUTER or not all(in_heading(row) for row in other.rows):
        return False
    outer = {row.element for row in other.rows}
    return all(not outer.isdisjoint(row.link.element.iterancestors()) for row in run.rows)


def _is_part(run: Run, best: Run, lists: Sequence[Run]) -> bool:
    """Whether a run is made as the list is, is dated as it is, and leads where it leads."""
    return (
        run.make == best.make
        and run.is_dated == best.is_dated
        and (best.is_dated or run in lists)
        and {_area(row) for row in run.rows} <= {_area(row) for row in best.rows}
    )


def _is_lead(run: Run, best: Run, order: Mapping[HtmlElement, int]) -> bool:
    """Whether a run is the first entries of the list, shown larger above it: dated, or headings, as the others are."""
    row, first, areas = run.rows[0], best.rows[0], {_area(other) for other in best.rows}
    return (
        all(len(one.title) >= _LEAD_TITLE and _area(one) in areas for one in run.rows)
        and order[run.rows[-1].link.element] < order[first.link.element]
        and run.is_dated == best.is_dated
        and (len(run.rows) == 1 or (len(run.rows) <= _LEADS < len(best.rows) + len(run.rows) and _is_newer(run, best)))
        and (run.is_dated or (in_heading(row) and in_heading(first)))
    )


def _is_newer(run: Run, best: Run) -> bool:
    """Whether all of a run's days are as late as the list's first one, or later."""
    days = [row.published.day for row in (*run.rows, best.rows[0])]
    return all(day is not None and days[-1] is not None and day >= days[-1] for day in days)


def _area(row: LinkGroups) -> tuple[str, str]:
    """The host and the first part of the path of a row's address after its language, numbers alike."""
    parts = parts_of(row.link.address)
    return parts.netloc, re.sub(r"\d+", "#", _LANGUAGE.sub("/", parts.path).partition("/")[2].partition("/")[0])


def _with_parts(best: Run, parts: Sequence[Run]) -> list[LinkGroups]:
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
