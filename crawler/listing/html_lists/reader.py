"""HTML lists: by the source's selectors, or by detection. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.dates import DateReader
from crawler.dates.lines import DateLine, date_lines
from crawler.listing.answer import Answer
from crawler.listing.html_lists.detection import Row, detect_rows, is_home_page
from crawler.listing.html_lists.links import Link, is_generic, link_text, link_words
from crawler.listing.html_lists.pagination import next_page
from crawler.listing.html_lists.titles import title_of
from crawler.page.document import absolute, first_text, select
from storage.types import Entry, Listing, ListingSelectors, Page, Published, Reason, SourceSpec


def read_html(answer: Answer, spec: SourceSpec) -> Listing:
    """The rows of a list page as entries, one an address, in the page's order, and where the older ones are."""
    root, page, base = answer.root, answer.page, answer.base
    listing = _read(root, page, spec, base)
    if not listing.entries:
        return listing
    shown = {entry.address for entry in listing.entries}
    try:
        return replace(listing, next_page=next_page(root, page.address, base, shown, spec.listing.next))
    except ValueError as error:
        return Listing((), listing.reader, Reason.UNREADABLE, str(error))


def _read(root: HtmlElement, page: Page, spec: SourceSpec, base: str) -> Listing:
    dates = DateReader(spec.languages or _language_of(root), spec.zone, spec.day_first)
    if spec.listing.entry:
        try:
            rows = select_rows(root, spec.listing, dates)
        except ValueError as error:
            return Listing((), "html-selectors", Reason.UNREADABLE, str(error))
        found = _entries(rows, base)
        detail = f"nothing on {page.address} matches {spec.listing.entry!r} with a link {spec.listing.link!r} in it"
        return Listing(found, "html-selectors") if found else Listing((), "html-selectors", Reason.EMPTY, detail)
    detected = detect_rows(root, dates, base)
    if is_home_page(root, page.address, base, detected):
        detail = f"{page.address} is a home page: give the address of the section that lists the statements"
        return Listing((), "html-links", Reason.EMPTY, detail)
    found = _entries(detected, base)
    if not found:
        detail = f"no links with a date near them on {page.address}, and none that read like a list of headlines"
        return Listing((), "html-links", Reason.EMPTY, detail)
    return Listing(found, "html-dated-links" if any(entry.published.day for entry in found) else "html-links")


def _language_of(root: HtmlElement) -> tuple[str, ...]:
    """What a page says of its language; its calendar and its months depend on it."""
    language = (root.get("lang") or "")[:2].lower()
    return (language,) if language.isalpha() else ()


def select_rows(root: HtmlElement, selectors: ListingSelectors, dates: DateReader) -> Sequence[Row]:
    """The rows that the selectors find; what they do not name is looked for in them. Raises `ValueError` for no CSS."""
    rows = []
    for element in select(root, selectors.entry):
        links = [element] if element.tag == "a" else select(element, selectors.link)
        link = next((link for link in links if link.get("href") and link_text(link)), None)
        if link is None:
            continue
        lines = list(date_lines(element, dates))
        title = first_text(select(element, selectors.title)) or _title(link, element, lines)
        rows.append(Row(link.get("href") or "", title, _published(element, selectors.date, lines, dates)))
    return rows


def _title(link: HtmlElement, row: HtmlElement, lines: Sequence[DateLine]) -> str:
    words = link_words(link)
    return title_of(Link(link, "", words), row, lines, is_poor=is_generic(words)) or link_text(link)


def _published(row: HtmlElement, selector: str, lines: Sequence[DateLine], dates: DateReader) -> Published:
    if not selector:
        return lines[0].published if lines else Published(zone=dates.zone)
    line = first_text(select(row, selector))
    published = dates.claimed(line)
    return published if published.day else dates.find(line)


def _entries(rows: Iterable[Row], base: str) -> tuple[Entry, ...]:
    """Absolute addresses, each once: a picture and a headline often lead to the same statement."""
    entries: dict[str, Entry] = {}
    for row in rows:
        address = absolute(base, row.reference)
        if address is None:
            continue
        known = entries.get(address)
        if known is None:
            entries[address] = Entry(address, row.title, row.published)
        elif _says_more(row.published, known.published):
            entries[address] = Entry(address, known.title or row.title, row.published)
    return tuple(entries.values())


def _says_more(one: Published, other: Published) -> bool:
    return one.day is not None and other.day is None
