"""Whether a group of links is a list of statements, and how much it says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import fmean

from crawler.listing.html_lists.columns import HEADINGS
from crawler.listing.html_lists.link_groups import LinkGroup, LinkRow
from crawler.listing.html_lists.links import Link, width
from crawler.page.document import parts_of, short_text

_LONE_TITLE = 15
"""Characters from which on the title of one row alone is taken for a headline."""
_FULL_TITLE = 60
"""Characters from which on a longer title does not make a row worth more."""
_HEADLINE, _SHORT_HEADLINE = 25, 12
"""Characters of the titles of an undated list, on average: that of a menu is shorter. Where two signs speak for it,
the lower is enough."""
_LONG_HEADLINE = 45
_LEAST_UNDATED, _LEAST_SIGNS = 3, 3
"""Rows of an undated list; fewer are one only if so many signs speak for it."""
_SIGNS_ELSEWHERE = 2
"""Signs that undated rows are statements although all lead to one other host: files are kept there."""
_MANY, _MOST = 5, 0.6
"""Rows, and their share of the page's links, from which on a group is what the page is about."""
_FOREIGN_HOST = 0.3
"""What a row that leads to another host is worth: a list of partners is no list of statements."""
_UNDATED, _POOR_LINK, _FILE, _IN_HEADING = 0.15, 0.7, 0.6, 1.2
_IN_SECTION = 4.0
"""What rows are worth more whose addresses stand below the section's own: those of side columns seldom do."""
_SIGN = 0.5
"""What each further sign adds to the worth of an undated group."""
_SUMMARY = 2.0
"""Times the length of its title that a row with a summary has."""


def is_list(group: LinkGroup, base: str, pictured: Collection[str], links: int) -> bool:
    """Whether a group is a list of statements. `pictured`: where a picture leads too; `links`: those of the page."""
    if len(group.rows) == 1:
        return _is_a_statement(group.rows[0], base, pictured, is_dated=group.is_dated)
    return bool(group.rows) and (group.is_dated or _reads_like_statements(group, base, links))


def _is_a_statement(row: LinkRow, base: str, pictured: Collection[str], *, is_dated: bool) -> bool:
    """Whether one row alone is a statement: a headline of the site, with a date or as a card with a picture."""
    is_card = row.link.address in pictured and in_heading(row)
    return len(row.title) >= _LONE_TITLE and _is_own(row.link, base) and (is_dated or is_card)


def _reads_like_statements(group: LinkGroup, base: str, links: int) -> bool:
    """Whether undated rows lead to statements of the site, and more than their length speaks for it."""
    rows = group.rows
    signs = _signs(group, base) + (len(rows) >= _MANY and len(rows) >= _MOST * links)
    if len(rows) < _LEAST_UNDATED and signs < _LEAST_SIGNS:
        return False
    length = fmean(width(row.title) for row in rows)
    is_told = (length >= _HEADLINE and signs >= 1) or (length >= _SHORT_HEADLINE and signs >= 2)
    return is_told and _leads_to_its_own(group, base, signs)


def _leads_to_its_own(group: LinkGroup, base: str, signs: int) -> bool:
    """Whether most rows lead to the site, or to files; or all to the one host where the site keeps its files."""
    own = fmean(_is_own(row.link, base) or row.link.is_document for row in group.rows)
    hosts = {parts_of(row.link.address).netloc for row in group.rows}
    return own >= 0.5 or (group.is_poor and signs >= _SIGNS_ELSEWHERE and len(hosts) == 1)


def _signs(group: LinkGroup, base: str) -> int:
    """How many things say that undated rows are statements and no menu."""
    rows = group.rows
    return sum(
        share >= 0.5
        for share in (
            float(fmean(width(row.title) for row in rows) >= _LONG_HEADLINE),
            fmean(in_heading(row) for row in rows),
            fmean(row.link.is_document for row in rows),
            fmean(row.is_dated for row in rows),
            float(is_in_section(group, base)),
            fmean(_has_summary(row) for row in rows),
            float(group.has_days),
            fmean(group.is_poor and row.title != row.link.text for row in rows),  # a menu says what its links do not
        )
    )


def is_in_section(group: LinkGroup, base: str) -> bool:
    """Whether most rows lead to addresses below that of the section."""
    path = parts_of(base).path.rstrip("/")
    section = f"{path.rpartition('.')[0] or path}/"
    return section != "/" and 2 * _below(group.rows, section) >= len(group.rows)


def _below(rows: Sequence[LinkRow], path: str) -> int:
    return sum(parts_of(row.link.address).path.startswith(path) for row in rows)


def worth(group: LinkGroup, base: str) -> float:
    """How much a group says: many rows, long titles, dates, addresses of its own site and section."""
    kind = 1.0 if group.is_dated else _UNDATED * (1 + _SIGN * _signs(group, base))
    kind *= group.recurrence
    kind *= _IN_SECTION if group.is_dated and is_in_section(group, base) else 1
    return kind * sum(
        min(width(row.title), _FULL_TITLE)
        / _FULL_TITLE
        * (1 if _is_own(row.link, base) else _FOREIGN_HOST)
        * (_POOR_LINK if group.is_poor else 1)
        * (_FILE if row.link.is_document else 1)
        * (_IN_HEADING if in_heading(row) else 1)
        for row in group.rows
    )


def _is_own(link: Link, base: str) -> bool:
    host, own = parts_of(link.address).hostname or "", parts_of(base).hostname or ""
    return host.removeprefix("www.") == own.removeprefix("www.")


def in_heading(row: LinkRow) -> bool:
    """Whether the row's link is a heading or in one."""
    element = row.link.element
    return next(element.iterancestors(*HEADINGS), None) is not None or next(element.iter(*HEADINGS), None) is not None


def _has_summary(row: LinkRow) -> bool:
    return short_text(row.element, int(_SUMMARY * len(row.title)) + _LONE_TITLE) is None
