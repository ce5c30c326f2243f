"""A run of links as a list: its rows with titles and dates, whether it is a list of statements, and its worth. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import DateLine
from crawler.listing.html_lists.links import Link, Names, census
from crawler.listing.html_lists.row_dates import days_elsewhere, days_in_words, days_of, has_day_without_year
from crawler.listing.html_lists.titles import HEADINGS, title_of, without_day
from crawler.page.document import parts_of, short_text
from storage.types import Published

_POOR = 15
"""Characters. Links whose middle one says less may have their titles beside them."""
_CARD_PARTS = 3
"""Elements in a link from which on they alone tell its make."""
_LEVELS = 2
"""Elements around a link that tell its make where the link itself does not."""

_LONE_TITLE = 15
"""Characters from which on the title of one row alone is taken for a headline."""
_FULL_TITLE = 60
"""Characters from which on a longer title does not make a row worth more."""
_HEADLINE, _SHORT_HEADLINE = 25, 12
"""Characters of the titles of an undated list, on average: that of a menu is shorter. Where two signs speak for it,
the lower is enough."""
_LONG_HEADLINE = 45
_EAST_ASIAN_WEIGHT = 2.5
"""Letters of an alphabet that one Chinese, Japanese or Korean character stands for."""
_EAST_ASIAN = re.compile("[\u3040-\ud7a3]")
_LEAST_DATED = 3
_LEAST_UNDATED, _LEAST_SIGNS = 3, 3
"""Rows of an undated list; fewer are one only if so many signs speak for it."""
_SIGNS_ELSEWHERE = 2
"""Signs that undated rows are statements although all lead to one other host: files are kept there."""
_MANY, _MOST = 5, 0.6
"""Rows, and their share of the page's links, from which on a run is what the page is about."""
_FOREIGN_HOST = 0.3
"""What a row that leads to another host is worth: a list of partners is no list of statements."""
_UNDATED, _POOR_LINK, _FILE, _IN_HEADING = 0.15, 0.7, 0.6, 1.2
_IN_SECTION = 4.0
"""What rows are worth more whose addresses stand below the section's own: those of side columns seldom do."""
_SIGN = 0.5
"""What each further sign adds to the worth of an undated run."""
_SUMMARY = 2.0
"""Times the length of its title that a row with a summary has."""


@dataclass(frozen=True, slots=True)
class LinkGroups:
    """One row of a run, on the page."""

    link: Link
    element: HtmlElement
    title: str
    published: Published

    @property
    def is_dated(self) -> bool:
        return self.published.day is not None


@dataclass(frozen=True, slots=True)
class Run:
    """What may be a list: rows of one make, in the page's order."""

    rows: tuple[LinkGroups, ...]
    make: tuple[str, ...]
    is_poor: bool
    is_dated: bool
    """Whether the page gives dates of its own to most rows."""
    has_days: bool = False
    """Whether most rows have a day without its year."""
    recurrence: float = 1.0
    """Addresses to a link: the companies or topics of the statements recur where the statements do not."""


def read_run(
    group: Sequence[Link],
    links_in: Mapping[HtmlElement, int],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
    dates: DateReader,
    names: Names,
) -> Run:
    """The links of one structural path as rows. `links_in` and `lines`: what of the page stands in an element."""
    links = list({link.address: link for link in reversed(group)}.values())[::-1]
    held = census(link.element for link in links)
    alone = len(links) == 1
    elements = [_widest(link.element, links_in if alone else held, below_heading=alone) for link in links]
    days = days_of(elements, lines, held, dates)
    if not alone and not all(days):
        elements, days = _cut_to_one_size(links, elements, days, lines, held, dates)
    known = [day.day for day in days if day is not None]
    # One day over many links may be that of the page, not theirs.
    is_dated = 2 * len(known) >= len(days) and (len(set(known)) > 1 or any(one in lines for one in elements))
    texts = [link.text for link in links]
    is_poor = median(map(_length, texts)) < _POOR or 2 * len(set(texts)) <= len(texts)
    titles = [
        title_of(link, element, lines.get(element, ()), is_poor=is_poor)
        for link, element in zip(links, elements, strict=True)
    ]
    if not all(days):
        days = days_elsewhere(days, titles, [link.address for link in links], dates)
        if not any(days):
            days = days_in_words(elements, titles, dates)
        is_dated = is_dated or (all(days) and len(links) > 1 and not known)
    rows = [
        LinkGroups(link, element, without_day(title, day.text if day else ""), day or Published(zone=dates.zone))
        for link, element, title, day in zip(links, elements, titles, days, strict=True)
        if title
    ]
    dated = [row for row in rows if row.is_dated]
    # A few dates among many links: the rows are those that have one.
    kept = dated if len(dated) >= _LEAST_DATED and len(rows) > 2 * len(dated) else rows
    is_dated = is_dated or len(kept) < len(rows)
    return Run(
        tuple(kept),
        _make(links[0].element, names),
        is_poor,
        is_dated,
        has_days=not is_dated and 2 * sum(has_day_without_year(one, dates) for one in elements) > len(elements),
        recurrence=min(1.0, len(links) / len({link.element.getparent() for link in group})),
    )


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
    rows: list[HtmlElement],
    days: list[Published | None],
    lines: Mapping[HtmlElement, Sequence[DateLine]],
    held: Mapping[HtmlElement, int],
    dates: DateReader,
) -> tuple[list[HtmlElement], list[Published | None]]:
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
    others = days_of(cut, lines, held, dates)
    known = [day.day for day in others if day is not None]
    return (cut, others) if len(known) > sum(day is not None for day in days) and len(set(known)) > 1 else (rows, days)


def _make(link: HtmlElement, names: Names) -> tuple[str, ...]:
    """What links of one list have in common, wherever on the page it stands."""
    parts = [names.name(part) for part in link.iter() if isinstance(part.tag, str)]
    return tuple(parts) if len(parts) > _CARD_PARTS else names.path(link, _LEVELS)


def is_list(run: Run, base: str, pictured: Collection[str], links: int) -> bool:
    """Whether a run is a list of statements. `pictured`: where a picture leads too; `links`: how many the page has."""
    rows = run.rows
    if not rows:
        return False
    if len(rows) == 1:
        row = rows[0]
        is_card = row.link.address in pictured and in_heading(row)
        return len(row.title) >= _LONE_TITLE and _is_own(row.link, base) and (run.is_dated or is_card)
    if run.is_dated:
        return True
    length = fmean(_length(row.title) for row in rows)
    own = fmean(_is_own(row.link, base) or row.link.is_document for row in rows)
    signs = _signs(run, base) + (len(rows) >= _MANY and len(rows) >= _MOST * links)
    hosts = {parts_of(row.link.address).netloc for row in rows}
    is_kept_elsewhere = run.is_poor and signs >= _SIGNS_ELSEWHERE and len(hosts) == 1
    if (own < 0.5 and not is_kept_elsewhere) or (len(rows) < _LEAST_UNDATED and signs < _LEAST_SIGNS):
        return False
    return (length >= _HEADLINE and signs >= 1) or (length >= _SHORT_HEADLINE and signs >= 2)


def _signs(run: Run, base: str) -> int:
    """How many things say that undated rows are statements and no menu."""
    rows = run.rows
    return sum(
        share >= 0.5
        for share in (
            float(fmean(_length(row.title) for row in rows) >= _LONG_HEADLINE),
            fmean(in_heading(row) for row in rows),
            fmean(row.link.is_document for row in rows),
            fmean(row.is_dated for row in rows),
            float(is_in_section(run, base)),
            fmean(_has_summary(row) for row in rows),
            float(run.has_days),
            fmean(run.is_poor and row.title != row.link.text for row in rows),  # a menu says what its links do not
        )
    )


def is_in_section(run: Run, base: str) -> bool:
    """Whether most rows lead to addresses below that of the section."""
    path = parts_of(base).path.rstrip("/")
    section = f"{path.rpartition('.')[0] or path}/"
    return section != "/" and 2 * sum(parts_of(row.link.address).path.startswith(section) for row in run.rows) >= len(
        run.rows
    )


def worth(run: Run, base: str) -> float:
    """How much a run says: many rows, long titles, dates, addresses of its own site and section."""
    kind = 1.0 if run.is_dated else _UNDATED * (1 + _SIGN * _signs(run, base))
    kind *= run.recurrence
    kind *= _IN_SECTION if run.is_dated and is_in_section(run, base) else 1
    return kind * sum(
        min(_length(row.title), _FULL_TITLE)
        / _FULL_TITLE
        * (1 if _is_own(row.link, base) else _FOREIGN_HOST)
        * (_POOR_LINK if run.is_poor else 1)
        * (_FILE if row.link.is_document else 1)
        * (_IN_HEADING if in_heading(row) else 1)
        for row in run.rows
    )


def _length(text: str) -> float:
    """Characters, as an alphabet would need."""
    return len(text) + (_EAST_ASIAN_WEIGHT - 1) * len(_EAST_ASIAN.findall(text))


def _is_own(link: Link, base: str) -> bool:
    host, own = parts_of(link.address).hostname or "", parts_of(base).hostname or ""
    return host.removeprefix("www.") == own.removeprefix("www.")


def in_heading(row: LinkGroups) -> bool:
    """Whether the row's link is a heading or in one."""
    element = row.link.element
    return next(element.iterancestors(*HEADINGS), None) is not None or next(element.iter(*HEADINGS), None) is not None


def _has_summary(row: LinkGroups) -> bool:
    return short_text(row.element, int(_SUMMARY * len(row.title)) + _LONE_TITLE) is None
